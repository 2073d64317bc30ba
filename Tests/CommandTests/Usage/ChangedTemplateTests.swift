import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

/// A zone template that changes, as operators see it.
@Suite struct ChangedTemplateTests {
    private static let example: String = {
        let file = CommandBench.root.appending(path: "examples/zone.template")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    private func use(_ bench: CommandBench, _ template: String?) throws {
        let path = template == nil ? "" : ", zone_template: zone.template"
        try bench.configure()
        let text = bench.text("edgemanage.yaml")
        try bench.write(
            "edgemanage.yaml",
            text.replacing(
                "publish: {directory: zones}", with: "publish: {directory: zones\(path)}"))
        if let template { try bench.write("zone.template", template) }
    }

    private static let hosts = (1...10).map { "h\($0) 300 IN TXT \"a;b\" \"{c}\"\n" }.joined()

    /// Records of many kinds stay while it is held, the live set goes on, and approve lets it through.
    @Test func aLossIsHeldShownAndApproved() async throws {
        try await CommandBench.with { bench in
            let more =
                "c 60 IN CAA 0 issue \"ca.test\"\ns 60 IN SRV 1 2 3 mail\nu 60 IN TYPE65280 \\# 2 abcd\n"
            try use(bench, Self.example + Self.hosts + more)
            try await bench.begin()
            let before = try bench.published()
            try use(bench, nil)
            let plan = try await bench.run("plan", "-c", "edgemanage.yaml", "web")
            #expect(plan.output.contains("- h1.example.test. 300 TXT"), "\(plan.everything)")
            let held = try await bench.round()
            let words =
                "held: the zone template changed, and zone example.test would lose 13 of 15 records"
            #expect(held.output.contains(words), "\(held.everything)")
            #expect(held.output.contains("0 zones written"), "\(held.everything)")
            await bench.edges[0].stop()
            let rotated = try await bench.judgingRound()
            #expect(rotated.output.contains(words), "\(rotated.everything)")
            let after = try bench.published()
            #expect(after.addresses != before.addresses && after.lines.count == before.lines.count)
            let history = try await bench.run("history", "web", "-c", "edgemanage.yaml")
            #expect(!history.output.contains("template"), "\(history.output)")
            let approved = try await bench.run("approve", "web", "-c", "edgemanage.yaml")
            #expect(approved.output.contains("approved: the zone template changed"))
            let gone = try await bench.round()
            #expect(
                gone.output.contains("published 1 zone because the zone template changed"),
                "\(gone.everything)")
            #expect(try bench.published().lines.count == before.lines.count - 13)
            let last = try await bench.run("history", "web", "-c", "edgemanage.yaml")
            #expect(last.output.contains("1 zone because the zone template changed"))
            let number = try await bench.status().generation
            let diff = try await bench.run("diff", "web", "\(number)", "-c", "edgemanage.yaml")
            #expect(
                diff.output.contains(
                    "the zone template of 1 zone changed: what templates add is not kept"),
                "\(diff.everything)")
        }
    }
}
