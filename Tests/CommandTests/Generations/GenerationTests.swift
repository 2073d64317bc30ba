import EdgeCore
import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// Kept generations and operators' words about them: arguments in, files and output out.
@Suite struct GenerationTests {
    /// A bench on which edge 1 gave way to another one in generation 2.
    private func with(_ body: (CommandBench) async throws -> Void) async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            await bench.edges[0].stop()
            _ = try await bench.judgingRound()
            try await body(bench)
        }
    }

    @Test func historyAndDiffTellWhatChanged() async throws {
        try await with { bench in
            let gone = bench.edges[0].address
            let history = try await bench.command("history", "web")
            #expect(history.contains("1  20"))
            #expect(history.contains("edgemanage: 1 zone because the live set changed"))
            #expect(history.contains("    - \(gone)  out: "))
            let diff = try await bench.command("diff", "web", "2")
            #expect(diff.contains("network web, generation 1 -> 2"))
            #expect(diff.contains("  - www.example.test. 300 A \(gone)"))
            #expect(!diff.contains("MX"))
            let back = try await bench.command("diff", "web", "2", "1")
            #expect(back.contains("  + www.example.test. 300 A \(gone)"))
            let first = try await bench.command("diff", "web", "1")
            #expect(first.contains("generation 0 -> 1") && first.contains("MX 10 mail"))
            let none = try await bench.command("diff", "web", "7", expecting: 1)
            #expect(none.contains("generation 7 of network web is not kept: 1 to 2 are"))
        }
    }

    @Test func rollbackPublishesOldContentAndHolds() async throws {
        try await with { bench in
            let before = try bench.published().serial
            let said = try await bench.command(
                "rollback", "web", "1", "--hold", "30m", "--insist")
            #expect(said.contains("rotations are held for 30m"))
            let published = try bench.published()
            #expect(published.addresses == bench.addresses(1, 2))
            #expect(SOASerial(published.serial).isNewer(than: SOASerial(before)) == true)
            // Edge 1 is still dead, and stays published: that was asked for.
            try await bench.round()
            #expect(try bench.published() == published)
            #expect(try await bench.command("status").contains("rotations are held by"))
            _ = try await bench.command("resume", "web")
            try await bench.round()
            #expect(try !bench.published().addresses.contains(bench.edges[0].address))
            let history = try await bench.command("history", "web")
            #expect(history.contains("(rollback 1): 1 zone because"))
        }
    }

    /// An include that is brought back goes on until its file changes.
    @Test func rollbackBringsIncludesBack() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            try bench.write("includes/web/example.test.zone", "mail 3600 IN A 192.0.2.99\n")
            try await bench.round()
            #expect(try bench.published().text.contains("192.0.2.99"))
            let said = try await bench.command("rollback", "web", "1")
            #expect(said.contains("go on until their files change: example.test"))
            #expect(try bench.published().text.contains("192.0.2.25"))
            try await bench.round()
            #expect(try bench.published().text.contains("192.0.2.25"))
            try bench.write("includes/web/example.test.zone", "mail 3600 IN A 192.0.2.98\n")
            try await bench.round()
            #expect(try bench.published().text.contains("192.0.2.98"))
        }
    }

    /// A zone that is given up and comes back: what was published before is told as it was.
    @Test func aZoneThatComesBackKeepsItsHistory() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try bench.write("includes/web/other.test.zone", "mail 3600 IN A 192.0.2.10\n")
            try await bench.begin()
            try bench.remove("includes/web/other.test.zone")
            _ = try await bench.command("zone", "forget", "web", "other.test")
            try bench.write("includes/web/other.test.zone", "mail 3600 IN A 192.0.2.20\n")
            try await bench.round()
            let first = try await bench.command("diff", "web", "1", "--zone", "other.test")
            #expect(first.contains("A 192.0.2.10") && !first.contains("A 192.0.2.20"), "\(first)")
            let second = try await bench.command("diff", "web", "2", "--zone", "other.test")
            #expect(second.contains("- mail.other.test. 3600 A 192.0.2.10"), "\(second)")
            #expect(second.contains("+ mail.other.test. 3600 A 192.0.2.20"), "\(second)")
            _ = try await bench.command("rollback", "web", "1")
            #expect(try bench.published("other.test").text.contains("192.0.2.10"))
        }
    }

    /// A zone that was forgotten is no part of a rollback, and that is said.
    @Test func rollbackNamesWhatItLeavesOut() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try bench.write("includes/web/other.test.zone", "mail 3600 IN A 192.0.2.10\n")
            try await bench.begin()
            try bench.remove("includes/web/other.test.zone")
            let forgotten = try await bench.command("zone", "forget", "web", "other.test")
            #expect(forgotten.contains("zone other.test is forgotten"))
            try bench.write("includes/web/example.test.zone", "mail 3600 IN A 192.0.2.99\n")
            try await bench.round()
            let said = try await bench.command("rollback", "web", "1")
            #expect(said.contains("left out of generation 1, since forgotten: other.test;"))
            let none = try await bench.command("rollback", "web", "2")
            #expect(!none.contains("left out"))
        }
    }

    @Test func aSavedPlanHasOneNetwork() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            let text = bench.text("edgemanage.yaml")
            let start = try #require(text.range(of: "  web:")).lowerBound
            try bench.write(
                "edgemanage.yaml",
                text
                    + text[start...].replacing("  web:", with: "  other:")
                    .replacing("includes/web", with: "includes/other"))
            let said = try await bench.command(
                "plan", "web", "other", "--out", "x.json", expecting: 2)
            #expect(said.contains("--out needs the name of one network"))
        }
    }

    @Test func aSavedPlanIsAppliedOnce() async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            try await bench.begin()
            await bench.edges[0].stop()
            // The only network need not be named.
            let shown = try await bench.command("plan", "--out", "plan.json")
            #expect(shown.contains("- www.example.test. 300 A \(bench.edges[0].address)"))
            let applied = try await bench.command("apply", "plan.json")
            #expect(applied.contains("published by edgemanage apply plan.json"))
            #expect(try !bench.published().addresses.contains(bench.edges[0].address))
            let again = try await bench.command("apply", "plan.json", expecting: 1)
            #expect(
                again.contains(
                    "the plan is stale: it was made from generation 1, and generation 2 is published"
                ))
        }
    }

    @Test(arguments: [
        (["apply", "none.json"], Int32(1), "cannot read none.json"),
        (["apply", "edgemanage.yaml"], 1, "is no plan that edgemanage plan --out saved"),
        (["hold", "web", "--for", "soon", "why"], 2, "--for takes a time such as 30m or 2h"),
        (["hold", "nonet", "why"], 1, "nonet"),
        (["hold", "web", ""], 2, "the reason is empty: say why"),
        (
            ["hold", "web", "a\nweb: 2 of 2 live"], 2,
            "one line without control or invisible characters"
        ),
        (["hold", "web", "a\u{1B}[31m"], 2, "one line without control or invisible characters"),
        (["hold", "web", "a\u{202E}b"], 2, "one line without control or invisible characters"),
        (["hold", "web", "\u{200C}\u{3164}"], 2, "the reason is empty: say why"),
        (["rollback", "web", "1", "--hold", "0s"], 2, "--hold takes a time"),
        (["history", "web", "--limit", "0"], 2, "--limit must be above 0"),
        (["rollback", "web", "1"], 1, "network web has published nothing yet"),
        (["diff", "web", "0"], 2, "generations are counted from 1"),
        (["resume", "web"], 0, "rotations of network web are not held"),
    ])
    func wrongWordsGetOneSentence(
        words: [String], status: Int32, sentence: String
    ) async throws {
        try await CommandBench.with { bench in
            try bench.configure()
            let arguments = [words[0], "-c", "edgemanage.yaml"] + words.dropFirst()
            let ending = try await bench.start(arguments).ending()
            #expect(ending.status == status, "\(ending.everything)")
            #expect(ending.everything.contains(sentence), "\(ending.everything)")
        }
    }
}
