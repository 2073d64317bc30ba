import EdgeCore
import Glibc
import Testing

@testable import edgemanage

@Suite("Nagios checks")
struct NagiosCheckTests {
    let now = OriginalKit.now

    private func withStateFile(_ text: String?, _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/edgemanage-checks-XXXXXX".utf8CString)
        let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        let path = "\(directory)/state"
        if let text, let file = fopen(path, "w") {
            fputs(text, file)
            fclose(file)
        }
        defer {
            unlink(path)
            rmdir(directory)
        }
        try body(path)
    }

    private func rotations(_ recent: Int, of total: Int) -> String {
        let old = (0..<total - recent).map { 1_600_000_000 + $0 }
        let new = (0..<recent).map { 1_699_999_500 + $0 }
        let times = (old + new).map { String($0) }
        return "{\"rotation_list\": [\(times.joined(separator: ", "))]}"
    }

    @Test(
        "Rotations of the last 600 seconds",
        arguments: [
            (0, "EDGE_ROTATE OK 0 in 600 seconds | frequency=0\n", 0),
            (2, "EDGE_ROTATE OK 2 in 600 seconds | frequency=2\n", 0),
            (4, "EDGE_ROTATE OK 4 in 600 seconds | frequency=4\n", 0),
            (5, "EDGE_ROTATE WARN 5 in 600 seconds | frequency=5\n", 1),
            (9, "EDGE_ROTATE CRIT 9 in 600 seconds | frequency=9\n", 2),
        ])
    func rotation(recent: Int, line: String, status: Int32) throws {
        try withStateFile(rotations(recent, of: 12)) { path in
            let check = try RotationCheck.parse([path]).get()
            #expect(check.run(now: now).outcome == OriginalOutcome(status: status, output: line))
        }
    }

    @Test("Fewer than ten recorded rotations are unknown; thresholds are options")
    func fewRotations() throws {
        try withStateFile(rotations(9, of: 9)) { path in
            let outcome = try RotationCheck.parse([path]).get().run(now: now).outcome
            #expect(
                outcome
                    == OriginalOutcome(
                        status: 3,
                        output: "EDGE_ROTATE UNKNOWN only 9 rotations recorded, fewer than 10\n"))
        }
        try withStateFile(rotations(1, of: 10)) { path in
            let check = try RotationCheck.parse(["-w0", "-c", "0", path]).get()
            #expect(check.run(now: now).state == .crit)
        }
    }

    @Test(
        "Missing or torn data is unknown, on one line",
        arguments: [
            nil, "", "{\"rotation_", "[]", "{}", "\u{1}", "{\"verification_failures\": 5}",
        ])
    func unknown(text: String?) throws {
        try withStateFile(text) { path in
            let outcomes = [
                try RotationCheck.parse([path]).get().run(now: now).outcome,
                try IntegrityCheck.parse([path]).get().run(now: now).outcome,
            ]
            for outcome in outcomes where text != "{\"verification_failures\": 5}" {
                #expect(outcome.status == 3 && outcome.output.contains(" UNKNOWN "))
                #expect(outcome.output.contains(path))
                #expect(outcome.output.split(separator: "\n").count == 1)
            }
        }
    }

    @Test("Any verification failure is critical")
    func integrity() throws {
        try withStateFile("{\"verification_failures\": []}") { path in
            let outcome = try IntegrityCheck.parse([path]).get().run(now: now).outcome
            #expect(
                outcome
                    == OriginalOutcome(
                        output:
                            "EDGE_TESTMATCH OK All edges returning successfully | notok=0 badedges=\n"
                    ))
        }
        try withStateFile("{\"verification_failures\": [\"a.example\", \"b.example\"]}") { path in
            let outcome = try IntegrityCheck.parse([path]).get().run(now: now).outcome
            #expect(
                outcome
                    == OriginalOutcome(
                        status: 2,
                        output: "EDGE_TESTMATCH CRIT 2 edges returning other content | notok=2 "
                            + "badedges=a.example,b.example\n"))
        }
    }

    private func reading(_ name: String, _ micros: Int64?, isLive: Bool = true)
        -> LatencyCheck.Reading
    {
        .init(
            edge: EdgeName(name)!, isLive: isLive, latest: micros.map { .microseconds($0) },
            problem: nil)
    }

    private func latency(_ arguments: String..., readings: [LatencyCheck.Reading]) throws
        -> OriginalOutcome
    {
        try LatencyCheck.parse(["-A", "mynet"] + arguments).get().result(readings).outcome
    }

    @Test("The slowest live edge is named with its own time")
    func slowest() throws {
        let readings = [
            reading("a.example", 9_000), reading("b.example", 14_567),
            reading("c.example", 9_000_000, isLive: false),
        ]
        #expect(
            try latency(readings: readings)
                == OriginalOutcome(
                    output: "ACTIVE_EDGE_LATENCY OK Slowest active edge responded in 0.014567 | "
                        + "slowestactive=0.014567 edge=b.example\n"))
        #expect(
            try latency("-a", readings: readings)
                == OriginalOutcome(
                    status: 2,
                    output: "ACTIVE_EDGE_LATENCY CRIT Slowest edge responded in 9.000000 | "
                        + "slowestactive=9.000000 edge=c.example\n"))
        #expect(try latency("-w", "0.01", readings: readings).status == 1)
        #expect(try latency("-w0.001", "-C0.01", readings: readings).status == 2)
        #expect(
            try latency("-v", readings: readings).output
                == "ACTIVE_EDGE_LATENCY OK Slowest active edge responded in 0.014567 "
                + "(a.example 0.009000, b.example 0.014567) | slowestactive=0.014567 "
                + "edge=b.example\n")
    }

    @Test("It warns above 2 seconds and is critical above 4, unless told otherwise")
    func latencyDefaults() throws {
        let limits: [(micros: Int64, status: Int32)] = [
            (2_000_000, 0), (2_000_001, 1), (4_000_000, 1), (4_000_001, 2),
        ]
        for (micros, status) in limits {
            #expect(try latency(readings: [reading("a.example", micros)]).status == status)
        }
    }

    @Test("Without data the answer is unknown, unless what is known is bad already")
    func latencyUnknown() throws {
        #expect(
            try latency(readings: [])
                == OriginalOutcome(
                    status: 3,
                    output:
                        "ACTIVE_EDGE_LATENCY UNKNOWN no active edge of network mynet has a fetch "
                        + "time yet\n"))
        let silent = reading("a.example", nil)
        #expect(try latency(readings: [silent, reading("b.example", 1)]).status == 3)
        #expect(try latency(readings: [silent, reading("b.example", 5_000_000)]).status == 2)
    }

    @Test(
        "Readings come from the edgestore files, and from the database where it knows the network")
    func sources() throws {
        let edges = OriginalKit.edges("state", "missing.example")
        #expect(LatencyCheck.readings(of: edges, state: NetworkState()) == nil)
        let state = NetworkState(
            live: [LiveEdge(name: edges[0], addresses: EdgeAddresses(ipv4: .v4(1)))],
            targets: [
                ProbeTarget(name: edges[0], family: .ipv4): TargetRecord(lastSample: .seconds(1))
            ])
        let known = try #require(LatencyCheck.readings(of: edges, state: state))
        #expect(known.map(\.isLive) == [true, false] && known[0].latest == .seconds(1))
        var template = Array("/tmp/edgemanage-checks-XXXXXX".utf8CString)
        let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer {
            unlink("\(directory)/state.edgestore")
            rmdir(directory)
        }
        let file = try #require(fopen("\(directory)/state.edgestore", "w"))
        fputs(#"{"state": "in", "fetch_times": {"6": 2.5, "5": 1}}"#, file)
        fclose(file)
        let read = LatencyCheck.readings(of: edges, in: directory, now: now)
        #expect(read.count == 1 && read[0].latest == .milliseconds(2500) && read[0].isLive)
    }
}
