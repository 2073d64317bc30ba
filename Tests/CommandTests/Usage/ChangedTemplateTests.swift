import EdgeCore
import EdgeLoopback
import EdgeShell
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

    /// What may be wrong with a template's file, and the words that tell it.
    enum Fault: String, CaseIterable {
        case deleted = "zone.template: it can't be read: No such file or directory"
        case syntax = "zone.template:2: "
        case refused = "it adds the name server ns9.dns.test."
        case tooDear = "it takes more than 200000 steps"

        func befall(_ bench: CommandBench) throws {
            let text = bench.text("zone.template")
            switch self {
            case .deleted: try bench.remove("zone.template")
            case .syntax: try bench.write("zone.template", "\n{{ nothing }}" + text)
            case .refused: try bench.write("zone.template", text + "@ 60 IN NS ns9.dns.test.\n")
            case .tooDear:
                let loops = (1...11).map { "{% for x\($0) in records %}" }.joined()
                let ends = String(repeating: "{% endfor %}", count: 11)
                try bench.write("zone.template", text + loops + ends)
            }
        }
    }

    /// A broken template keeps no dead edge: what it added goes on, each run fails and says why, and the mended
    /// one takes the zone back.
    @Test(arguments: Fault.allCases) func aBrokenTemplateKeepsNoDeadEdge(fault: Fault) async throws
    {
        try await CommandBench.with { bench in
            let template = Self.example + Self.hosts
            try use(bench, template)
            try await bench.begin()
            let before = try bench.published()
            try fault.befall(bench)
            let dead = bench.edges[0]
            await dead.stop()
            var output = ""
            for _ in 1...5 where try bench.published().addresses.contains(dead.address) {
                output = try await bench.command("run", "--force", expecting: 1)
            }
            #expect(output.contains(fault.rawValue), "\(output)")
            #expect(output.contains("goes on with what the last template added"), "\(output)")
            let after = try bench.published()
            #expect(!after.text.contains(" \(dead.address)\n"), "\(after.text)")
            #expect(after.zone.records.count == before.zone.records.count)
            #expect(after.zone.records.count { $0.type == "TXT" } == 10)
            // Told in each run and by status, and nothing is written for it.
            let again = try await bench.command("run", "--force", expecting: 1)
            #expect(again.contains(fault.rawValue) && again.contains("0 zones written"), "\(again)")
            #expect(try bench.published() == after)
            let told = try await bench.status().troubles
            #expect(told.contains { $0.contains(fault.rawValue) }, "\(told)")
            let plan = try await bench.command("plan", "web", expecting: 1)
            #expect(plan.contains(fault.rawValue), "\(plan)")
            let check = try await bench.command("check", "--no-probe", expecting: 1)
            #expect(check.contains(fault.rawValue), "\(check)")
            try bench.write("zone.template", template)
            try await bench.round()
            #expect(try await bench.status().troubles.isEmpty)
            #expect(try bench.published().zone.records == after.zone.records)
        }
    }
}
