import EdgeCore
import EdgeLoopback
import Foundation
import Testing

/// `edgemanage replay`: what it reads, what it prints, what it refuses.
@Suite struct ReplayCommandTests {
    /// Four edges for two hours; e1, the best, is refused from minute 30 to 40, e2 slow for the last hour.
    private static let trace: String = {
        var text = ""
        for minute in 0..<120 {
            for edge in 1...4 {
                text += #"{"time": \#(1_700_000_000 + minute * 60), "edge": "e\#(edge)", "#
                if edge == 1, (30..<40).contains(minute) {
                    text += #""outcome": "refused"}"# + "\n"
                } else {
                    let isSlow = edge == 2 && minute >= 60
                    text += #""outcome": "ok", "seconds": \#(isSlow ? "2.5" : "0.\(edge)")}"# + "\n"
                }
            }
        }
        return text
    }()

    /// What one line of --json says.
    private struct Round: Decodable, Equatable {
        var time: Double
        var live: [String]
        var healths: [String: String]
        var published: Bool
        var held: String?
        var removed: [String]
        var added: [String]
        var reasons: [String: String]
    }

    private func rounds(_ output: String) throws -> [Round] {
        try output.split(separator: "\n").map {
            try JSONDecoder().decode(Round.self, from: Data($0.utf8))
        }
    }

    /// A bench without edges on the network: nothing is asked.
    private func bench(_ body: (CommandBench) async throws -> Void) async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 2)
            try bench.write("trace.jsonl", Self.trace)
            try await body(bench)
        }
    }

    @Test func everyRoundIsALineAndNothingIsWritten() async throws {
        try await bench { bench in
            let before = try bench.listing()
            let ending = try await bench.run(
                "replay", "trace.jsonl", "--config", "edgemanage.yaml", "--json")
            #expect(ending.status == 0 && ending.errors.isEmpty, "\(ending.everything)")
            let rounds = try rounds(ending.output)
            #expect(rounds.count == 120)
            let changes = rounds.filter(\.published)
            #expect(changes.map(\.time).map { ($0 - 1_700_000_000) / 60 } == [0, 30, 62])
            #expect(changes.map(\.added) == [["e1", "e2"], ["e3"], ["e4"]])
            #expect(changes.map(\.removed) == [[], ["e1"], ["e2"]])
            #expect(changes[1].reasons["e1"] == "out: refused the connection")
            #expect(try bench.listing() == before)
            let piped = try await bench.tool([
                "bash", "-c",
                "cat trace.jsonl | \"$0\" replay - --config edgemanage.yaml --json",
                CommandBench.program,
            ])
            #expect(piped.status == 0 && piped.output == ending.output)
        }
    }

    @Test func operatorsSeeWhatChangedAndASummary() async throws {
        try await bench { bench in
            let text = try await bench.command("replay", "trace.jsonl")
            #expect(text.contains("2023-11-14T22:43:20Z  2 of 2 live, 1 in, 1 out\n  - e1  out: "))
            #expect(text.contains("\n120 rounds in 119 min: 3 publications, 2 removals, 0 held; "))
            #expect(text.split(separator: "\n").count < 25)
            #expect(!text.contains("\u{1B}"))
        }
    }

    @Test func configurationsAreCompared() async throws {
        try await bench { bench in
            let own = bench.text("edgemanage.yaml")
            try bench.write(
                "other.yaml",
                own.replacing("1500ms", with: "2900ms").replacing("  web:\n", with: "  lab:\n"))
            let text = try await bench.command("replay", "trace.jsonl", "--compare", "other.yaml")
            #expect(text.contains("A  edgemanage.yaml\nB  other.yaml\n\n2023-11-14T23:15:20Z\n"))
            #expect(text.contains("\n  B  2 of 2 live, as before\n"))
            #expect(text.contains("\n  removals             2        1\n"), "\(text)")
            let json = try await bench.run(
                "replay", "trace.jsonl", "-c", "edgemanage.yaml", "--compare", "other.yaml",
                "--json"
            )
            let lines = json.output.split(separator: "\n")
            #expect(lines.count == 120)
            let object =
                try JSONSerialization.jsonObject(with: Data(lines[119].utf8)) as? [String: Any]
            #expect(object?["differs"] as? Bool == true)
            #expect((object?["a"] as? [String: Any])?["live"] as? [String] == ["e3", "e4"])
            #expect((object?["b"] as? [String: Any])?["live"] as? [String] == ["e2", "e3"])
        }
    }

    /// What the program's own rounds and the original's files recorded is replayed to what was decided.
    @Test func ownDatabasesAndEdgestoreFilesAreReplayed() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configureOriginal(live: 2)
            let words = ["-A", "web", "--force", "-c", "original.yaml"]
            for number in 0..<3 {
                if number == 2 { try await bench.edges[2].behave(.refuse) }
                let ending = try await bench.start(words, as: "edge_manage").ending()
                #expect(ending.status == 0, "\(ending.everything)")
            }
            let live = bench.text("web.live").split(separator: "\n").map(String.init)
            let listing = try bench.listing()
            for trace in ["edgemanage.db", "health"] {
                let ending = try await bench.run(
                    "replay", trace, "--config", "original.yaml", "--network", "web", "--json")
                #expect(ending.status == 0, "\(ending.everything)")
                let rounds = try rounds(ending.output)
                #expect(rounds.count == 3 && rounds.last?.live == live, "\(ending.everything)")
                #expect(rounds.last?.healths[bench.edges[2].address] == "fail")
            }
            // SQLite's own files beside a database that is read are its own affair.
            let now = try bench.listing().filter { !$0.key.hasPrefix("edgemanage.db-") }
            #expect(now == listing.filter { !$0.key.hasPrefix("edgemanage.db-") })
        }
    }

    /// A status page's record of changes of state becomes a trace, and that is replayed.
    @Test func aRecordOfStatesIsMadeATrace() async throws {
        try await bench { bench in
            try bench.write(
                "record.csv",
                """
                time,service,state,status,milliseconds
                1700000000,s1,up,200,100
                1700000030,s2,up,200,200
                1700000150,s1,down,0,0
                1700000270,s2,down,530,0
                1700000300,s1,up,200,300
                1700000330,s2,up,200,200

                """)
            let script = CommandBench.root.path(percentEncoded: false) + "/script/trace"
            let made = try await bench.tool(["python3", script, "record.csv", "--seed", "7"])
            #expect(made.status == 0, "\(made.everything)")
            let again = try await bench.tool(["python3", script, "record.csv", "--seed", "7"])
            #expect(made.output == again.output)
            try bench.write("made.jsonl", made.output)
            let json = try await bench.run(
                "replay", "made.jsonl", "-c", "edgemanage.yaml", "--json")
            let rounds = try rounds(json.output)
            #expect(rounds.map(\.time).map { $0 - 1_700_000_000 } == [0, 60, 120, 180, 240, 300])
            #expect(
                rounds.map { $0.healths["s1"] == "fail" } == [
                    false, false, false, true, true, false,
                ], "\(json.everything)")
            #expect(rounds.map { $0.healths["s2"] } == [nil] + ok(4) + ["fail"])
            #expect(made.output.contains(#""edge": "s2", "outcome": "http"}"#))
            // Nobody knows of s1 after its last row.
            #expect(made.output.split(separator: "\n").last?.contains("s2") == true)
        }
    }

    private func ok(_ count: Int) -> [String?] { Array(repeating: "pass_threshold", count: count) }

    @Test func whatCantBeReplayedIsTold() async throws {
        try await bench { bench in
            try bench.write("empty.jsonl", "\n")
            try bench.write("bad.jsonl", Self.trace + "{\"time\": 5\n")
            try bench.write("back.jsonl", Self.trace + Self.trace)
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "two.yaml", text + "  other: {edges: edges/web, live: 1, zones: includes/other}\n")
            let expected: [([String], String)] = [
                (["none.jsonl"], "cannot read none.jsonl: No such file"),
                (["empty.jsonl"], "empty.jsonl tells of no edge: there is nothing to replay"),
                (["bad.jsonl"], "bad.jsonl:481: this is no line of JSON: the text ends too early"),
                (
                    ["back.jsonl"],
                    "back.jsonl:481: the time goes back, from 1700007140 to 1700000000: sort"
                ),
                (["trace.jsonl", "--network", "x"], "declares no network \"x\"; it has web"),
                (
                    ["trace.jsonl", "--compare", "nowhere.yaml"],
                    "nowhere.yaml does not exist"
                ),
                (
                    ["trace.jsonl", "-c", "two.yaml"],
                    "two.yaml has 2 networks (web other): name one with --network"
                ),
            ]
            for (words, message) in expected {
                let all = ["replay", "-c", "edgemanage.yaml"] + words
                let ending = try await bench.start(all).ending()
                #expect(ending.status == 1 && ending.output.isEmpty, "\(ending.everything)")
                #expect(ending.errors.contains(message), "\(ending.everything)")
            }
            let usage = try await bench.run("replay", "-c", "edgemanage.yaml")
            #expect(usage.status == 2)
        }
    }

    /// Of a database with several networks the one is read that is named, or that the configuration has.
    @Test func aDatabasesNetworkIsChosen() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            let one = bench.text("edgemanage.yaml")
            let two = one + "  other: {edges: edges/web, live: 1, zones: includes/other}\n"
            try bench.write("edgemanage.yaml", two)
            try FileManager.default.createDirectory(
                atPath: bench.path("includes/other"), withIntermediateDirectories: true)
            try await bench.round("web")
            try bench.write("lab.yaml", one.replacing("  web:\n", with: "  lab:\n"))
            // The only network of the database, whatever the configuration calls its own.
            let alone = try await bench.run(
                "replay", "edgemanage.db", "-c", "lab.yaml", "--json")
            #expect(try rounds(alone.output).count == 1, "\(alone.everything)")
            let named = try await bench.run(
                "replay", "edgemanage.db", "-c", "lab.yaml", "--network", "lab")
            #expect(named.status == 1)
            #expect(named.errors.contains("edgemanage.db knows no network lab; it has web"))
            // Of two declared networks the one that the database knows.
            let known = try await bench.run(
                "replay", "edgemanage.db", "-c", "edgemanage.yaml", "--json")
            #expect(try rounds(known.output).count == 1, "\(known.everything)")
        }
    }
}
