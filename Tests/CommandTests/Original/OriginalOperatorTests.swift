import EdgeCore
import EdgeLoopback
import EdgeShell
import Foundation
import Testing

/// The way of an operator of the original: the old configuration, old files, the old names.
@Suite struct OriginalOperatorTests {
    private func manage(
        _ bench: CommandBench, _ flags: String...
    ) async throws -> ChildProcess.Ending {
        try await bench.start(["-A", "web", "-c", "original.yaml"] + flags, as: "edge_manage")
            .ending()
    }

    private func json(_ bench: CommandBench, _ name: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(bench.text(name).utf8))
        return try #require(value as? [String: Any])
    }

    @Test func oneRoundWritesEveryFileOfTheOriginals() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configureOriginal()
            let round = try await manage(bench)
            #expect(round.status == 0, "\(round.everything)")
            #expect(round.output.isEmpty)
            let zone = try bench.published()
            #expect(zone.lines == CommandBench.records(zone.addresses))
            #expect(!zone.text.contains("$TTL"))
            #expect(bench.text("web.live") == zone.addresses.sorted().map { $0 + "\n" }.joined())
            #expect(bench.text("commands.txt") == "before\nafter\nchanges\n")

            let state = try json(bench, "web.state")
            #expect(state["last_live"] as? [String] == zone.addresses.sorted())
            #expect(state["verification_failures"] as? [String] == [])
            #expect((state["rotation_list"] as? [Double])?.count == 1)
            #expect((state["zone_mtimes"] as? [String: Double])?.keys.first == "example.test")
            #expect(state["last_run"] as? Double != nil)
            for edge in bench.edges {
                let store = try json(bench, "health/\(edge.address).edgestore")
                #expect((store["fetch_times"] as? [String: Double])?.count == 1)
                #expect(store["mode"] as? String == "available")
                let isLive = zone.addresses.contains(edge.address)
                #expect(store["state"] as? String == (isLive ? "in" : "out"))
            }
            let metrics = bench.text("prom/edgemanage.prom")
            let gauges = metrics.split(separator: "\n").filter { $0.hasPrefix("md5") }
            #expect(gauges.count == 15)
            let log = bench.text("original.log")
            for edge in bench.edges { #expect(log.contains("\(edge.address) is pass_threshold")) }
        }
    }

    /// A second run within 30 s: exit 1, and nothing is touched; forced, unchanged zones stay.
    @Test func rerunsAreRefusedUnlessForced() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            _ = try await manage(bench)
            let zone = try bench.listing()["zones/example.test.zone"]
            let refused = try await manage(bench)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("the last run was "))
            #expect(bench.text("commands.txt") == "before\nafter\nchanges\n")
            let forced = try await manage(bench, "--force")
            #expect(forced.status == 0, "\(forced.everything)")
            #expect(bench.text("commands.txt") == "before\nafter\nchanges\nbefore\nafter\n")
            #expect(try bench.listing()["zones/example.test.zone"] == zone)
        }
    }

    /// What the original left behind is taken over: modes, comments, samples, the live set.
    @Test func filesOfTheOriginalAreTakenOver() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configureOriginal()
            let now = Date().timeIntervalSince1970
            for (index, edge) in bench.edges.enumerated() {
                let isLive = index == 2 || index == 3
                let mode = index == 0 ? "unavailable" : "available"
                try bench.write(
                    "health/\(edge.address).edgestore",
                    """
                    {"comment": "\(index == 0 ? "[ann] moving" : "")", "fetch_times":
                    {"\(now - 100)": 0.0\(index + 1)}, "health": "pass_threshold",
                    "historical_average": {}, "mode": "\(mode)", "rotation_history": [],
                    "state": "\(isLive ? "in" : "out")", "state_entry_time": \(now - 1000)}
                    """)
            }
            let live = bench.addresses(3, 4)
            try bench.write(
                "web.state",
                """
                {"rotation_list": [\(now - 2000)], "last_run": \(now - 60), "last_live":
                ["\(live[0])", "\(live[1])"], "zone_mtimes": {}, "active_canaries": {},
                "verification_failures": []}
                """)
            let query = try await bench.run(
                "-A", "web", "-c", "original.yaml", "-v", "-f", "csv", as: "edge_query")
            #expect(query.status == 0, "\(query.everything)")
            let rows = query.output.split(separator: "\n").map { $0.split(separator: ",") }
            #expect(
                rows.map { "\($0[0]) \($0[1])" }
                    == ["unavailable out", "available out", "available in", "available in"])
            #expect(rows[0].last == "[ann] moving")
            #expect((1000...1060).contains(Int(rows[0][4]) ?? 0))

            let round = try await manage(bench)
            #expect(round.status == 0, "\(round.everything)")
            #expect(try bench.published().addresses == live)
            let store = try json(bench, "health/\(bench.edges[0].address).edgestore")
            #expect(store["mode"] as? String == "unavailable")
            #expect((store["fetch_times"] as? [String: Double])?.count == 2)
        }
    }

    /// I23: torn files are set aside and named, and stop nothing.
    @Test(arguments: ["", "{\"mode\": \"unavail", "[]", "\u{0}\u{0}\u{0}"])
    func tornFilesAreSetAside(text: String) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            let name = "health/\(bench.edges[0].address).edgestore"
            try bench.write(name, text)
            try bench.write("web.state", text)
            let round = try await manage(bench)
            #expect(round.status == 0, "\(round.everything)")
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            let log = bench.text("original.log")
            #expect(log.contains(name) && log.contains("web.state"), "\(log)")
            #expect(try json(bench, name)["mode"] as? String == "available")
        }
    }

    @Test func edgeConfAndEdgeQueryAgree() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configureOriginal()
            _ = try await manage(bench)
            let names = bench.edges.map(\.address)
            func conf(_ words: String...) async throws -> ChildProcess.Ending {
                let arguments = ["-A", "web", "-c", "original.yaml", "--no-syslog"] + words
                return try await bench.start(
                    arguments, as: "edge_conf", environment: ["SUDO_USER": "ann"]
                ).ending()
            }
            func query(_ words: String...) async throws -> String {
                let arguments = ["-A", "web", "-c", "original.yaml"] + words
                let ending = try await bench.start(arguments, as: "edge_query").ending()
                #expect(ending.status == 0, "\(ending.everything)")
                return ending.output
            }
            let bare = try await conf("-m", "unavailable", names[0])
            #expect(bare.status == 1)
            #expect(bare.errors.contains("Comment required for mode to be changed to anything but"))
            let set = try await conf("-m", "unavailable", "-C", "new, \"disk\"", names[0])
            #expect(set.status == 0, "\(set.everything)")
            #expect(set.output == "Set mode for \(names[0]) to unavailable\n")
            let store = try json(bench, "health/\(names[0]).edgestore")
            #expect(store["comment"] as? String == "[ann] new, \"disk\"")

            #expect(try await query("-q") == names.map { $0 + "\n" }.joined())
            #expect(try await query("-q", "-m", "unavailable") == "\(names[0])\n")
            #expect(try await query("-q", "-H", "fail").isEmpty)
            let rows = try await query().split(separator: "\n").map { $0.split(separator: "\t") }
            #expect(rows.map { String($0[0]) } == names)
            #expect(rows[1][1] == "-1")
            #expect((0...60).contains(Int(rows[0][1]) ?? -1))
            let csv = try await query("-v", "-f", "csv", "--header", "-m", "unavailable")
            #expect(csv.hasPrefix("mode,state,health,edgename,duration,comment\n"))
            #expect(csv.hasSuffix(",\"[ann] new, \"\"disk\"\"\"\n"))
            let line = try await query("-f", "json", "-v", "-m", "unavailable")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(
                Set(object.keys) == ["edge", "health", "state", "time_since_state_change"])

            let cleared = try await conf("-m", "available", names[0])
            #expect(cleared.status == 0, "\(cleared.everything)")
            #expect(try await query("-v", "-s", "in", "-m", "unavailable").isEmpty)
            let unknown = try await conf("-m", "force", "-C", "x", "nobody.test")
            #expect(unknown.status == 1)
        }
    }

    @Test func checksReadWhatRoundsWrite() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configureOriginal()
            _ = try await manage(bench)
            let integrity = try await bench.run("web.state", as: "check_edgemanage_integrity.py")
            #expect(integrity.status == 0)
            #expect(
                integrity.output
                    == "EDGE_TESTMATCH OK All edges returning successfully | notok=0 badedges=\n")
            let latency = try await bench.run(
                "-A", "web", "-c", "original.yaml", as: "check_edgemanage_latency")
            #expect(latency.status == 0)
            #expect(
                latency.output.hasPrefix("ACTIVE_EDGE_LATENCY OK Slowest active edge responded"))
            let rotation = try await bench.run("web.state", as: "check_edgemanage_rotation")
            #expect(rotation.status == 3)
            #expect(rotation.output.hasPrefix("EDGE_ROTATE UNKNOWN only 1 rotations recorded"))

            try await bench.edges[0].behave(.wrongContent)
            _ = try await manage(bench, "--force")
            let bad = try await bench.run("web.state", as: "check_edgemanage_integrity")
            #expect(bad.status == 2)
            #expect(
                bad.output
                    == "EDGE_TESTMATCH CRIT 1 edge returning other content | notok=1 badedges="
                    + "\(bench.edges[0].address)\n")
        }
    }

    /// A dry run decides and says so, and neither writes nor runs anything.
    @Test func dryRunLogsDecisionsAndChangesNothing() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configureOriginal()
            let before = try bench.listing()
            let dry = try await manage(bench, "-n", "-v")
            #expect(dry.status == 0, "\(dry.everything)")
            #expect(dry.errors.contains(" in: chosen: it is fine"), "\(dry.everything)")
            let quiet = try await manage(bench, "-n")
            #expect(quiet.errors.contains(" in: chosen: it is fine"), "\(quiet.everything)")
            #expect(try bench.listing().filter { !$0.key.hasPrefix("bin") } == before)

            _ = try await manage(bench)
            try await bench.edges[0].behave(.refuse)
            let files = try bench.listing().filter { $0.key != "original.log" }
            let again = try await manage(bench, "-n")
            #expect(again.status == 0)
            let left = try bench.listing().filter { $0.key != "original.log" }
            #expect(
                left.filter { !Self.isSQLites($0.key) } == files.filter { !Self.isSQLites($0.key) })
            #expect(bench.text("original.log").contains("\(bench.edges[0].address) is fail"))
        }
    }

    private static func isSQLites(_ name: String) -> Bool {
        name.hasSuffix("-shm") || name.hasSuffix("-wal")
    }

    /// Records as the original's reader of zones took them: a first line without an owner belongs to
    /// the last rotated label, and a missing TTL is the one stated last (RFC 1035 §5.1).
    @Test func includesMeanWhatTheyMeantInTheOriginal() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configureOriginal(live: 1)
            try bench.write(
                "includes/web/example.test.zone",
                "    IN TXT \"blank\"\n@ 60 IN MX 5 mx\nmx IN A 192.0.2.3\n"
                    + "*.dev\tIN\tCNAME\twww\n")
            let round = try await manage(bench)
            #expect(round.status == 0, "\(round.everything)")
            let address = bench.edges[0].address
            #expect(
                try bench.published().lines == [
                    "example.test. 300 NS ns1.dns.test.", "example.test. 300 NS ns2.dns.test.",
                    "example.test. 300 A \(address)", "www.example.test. 300 A \(address)",
                    "www.example.test. 300 TXT \"blank\"", "example.test. 60 MX 5 mx.example.test.",
                    "mx.example.test. 60 A 192.0.2.3",
                    "*.dev.example.test. 60 CNAME www.example.test.",
                ])
            let soa = try bench.published().zone.records.first { $0.type == "SOA" }
            let serial = try bench.published().serial
            #expect(
                soa?.data == "ns1.dns.test. hostmaster.dns.test. \(serial) 43200 10800 1209600 300")
            #expect(soa?.ttl == 300)
        }
    }

    /// More forced edges than edge_count are all live.
    @Test func forcedEdgesAreAllLive() async throws {
        try await CommandBench.with(edges: 4) { bench in
            try bench.configureOriginal()
            for edge in bench.edges.prefix(3) {
                let set = try await bench.run(
                    "-A", "web", "-c", "original.yaml", "--no-syslog", "-m", "force", "-C", "all",
                    edge.address, as: "edge_conf")
                #expect(set.status == 0, "\(set.everything)")
            }
            _ = try await manage(bench)
            #expect(try bench.published().addresses == bench.addresses(1, 2, 3))
        }
    }

    /// edge_query works for a user who may only read.
    @Test(.enabled(if: getuid() == 0, "only root can become somebody else"))
    func edgeQueryWorksForAReader() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configureOriginal()
            _ = try await manage(bench)
            let reader = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            guard try await bench.tool(reader + ["test", "-x", CommandBench.program]).status == 0
            else { return }
            for name in ["edge_query", "check_edgemanage_latency"] {
                let ending = try await bench.tool(
                    reader + [CommandBench.program, name, "-A", "web", "-c", "original.yaml"])
                #expect(ending.status == 0, "\(ending.everything)")
                #expect(ending.output.contains("127."))
            }
            let status = try await bench.tool(
                reader + [CommandBench.program, "status", "-c", "original.yaml", "web"])
            #expect(status.status == 0, "\(status.everything)")
        }
    }

    @Test func daemonRefusesToHurry() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configureOriginal(live: 1, runFrequency: 30)
            let daemon = try await manage(bench, "--daemonise")
            #expect(daemon.status == 1)
            #expect(daemon.errors.contains("it must be at least 60 seconds"))
        }
    }

    /// The Host header carries the port, and the User-Agent is the one that edges allow-list.
    @Test func edgesSeeTheOriginalsRequest() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configureOriginal(live: 1)
            _ = try await manage(bench)
            #expect(bench.edges[0].lastHost == "object.test:\(bench.port)")
            try bench.configureOriginal(live: 1, more: ["testing: true"])
            _ = try await manage(bench, "--force")
            #expect(bench.edges[0].lastHost == "\(bench.edges[0].address):\(bench.port)")
        }
    }
}
