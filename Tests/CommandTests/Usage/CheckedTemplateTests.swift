import EdgeTesting
import Foundation
import Testing

/// `edgemanage check` renders an operator's template with the includes that are there.
@Suite struct CheckedTemplateTests {
    private static let example: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "examples/zone.template")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    private func configure(_ bench: CommandBench, publish: String) throws {
        try bench.configure()
        let text = bench.text("edgemanage.yaml")
        try bench.write(
            "edgemanage.yaml",
            text.replacing(
                "publish: {directory: zones}", with: "publish: {directory: zones, \(publish)}"))
    }

    @Test(
        arguments: [
            ("", 0, "ok: web: template: zone.template can be used for 1 zone"),
            (
                "extra 60 IN A 192.0.2.300\n", 1,
                "error: web: template: zone.template can't be used for zone example.test: "
                    + "the template's zone example.test:"
            ),
            (
                "extra 60 IN A {{ edges.9.address }}\n", 1,
                "error: web: template: zone.template can't be used for zone example.test: "
                    + "the template's zone example.test:"
            ),
            (
                "@ 60 IN NS ns9.dns.test.\n", 1,
                "can't be used for zone example.test: the zone template is not taken: it adds the "
                    + "name server ns9.dns.test.: name it in dns.name_servers"
            ),
            (
                "{% for a in records %}{% for b in records %}{% for c in records %}"
                    + "{% for d in records %}{% for e in records %}{% for f in records %}"
                    + "{% for g in records %}{% for h in records %}{% for i in records %}"
                    + "{% for j in records %}{% for k in records %}{% endfor %}{% endfor %}"
                    + "{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}"
                    + "{% endfor %}{% endfor %}{% endfor %}\n", 1,
                "zone.template: it can't be rendered: it takes more than 200000 steps"
            ),
            (
                "s 60 IN TXT {{ serial }}\n", 1,
                "the zone template is not taken: it writes the serial at s.example.test. TXT too: "
                    + "write {{ serial }} in the SOA alone"
            ),
            ("; written with {{ serial }}\n", 0, "can be used for 1 zone"),
            ("{{ nothing }}\n", 1, ": nothing is called \"nothing\""),
            ("{{ records.0 }}\n", 1, ": a map can't be written out"),
        ] as [(String, Int32, String)])
    func aTemplateIsTried(addition: String, status: Int32, line: String) async throws {
        try await CommandBench.with { bench in
            try configure(bench, publish: "zone_template: zone.template")
            try bench.write("zone.template", Self.example + addition)
            let ending = try await bench.run("check", "-c", "edgemanage.yaml", "--no-probe")
            #expect(ending.status == status, "\(ending.everything)")
            #expect(
                ending.everything.replacing(bench.directory + "/", with: "").contains(line),
                "\(ending.everything)")
        }
    }

    /// A template too dear for every zone is not tried with each of them.
    @Test func aTemplateTooDearIsGivenUp() async throws {
        try await CommandBench.with { bench in
            try configure(bench, publish: "zone_template: zone.template")
            let loops = (1...13).map { "{% for x\($0) in records %}" }.joined()
            let ends = String(repeating: "{% endfor %}", count: 13)
            try bench.write("zone.template", Self.example + loops + ends)
            for number in 10..<40 {
                try bench.write("includes/web/z\(number).test.zone", "a 60 IN TXT \"x\"\n")
            }
            let ending = try await bench.run("check", "-c", "edgemanage.yaml", "--no-probe")
            #expect(ending.status == 1, "\(ending.everything)")
            let lines = ending.everything.split(separator: "\n").filter {
                $0.contains("it can't be rendered")
            }
            #expect(lines.count == 3, "\(ending.everything)")
            #expect(
                ending.everything.contains(
                    "takes too many steps and is given up: 28 more zones were not tried"),
                "\(ending.everything)")
        }
    }

    /// An include with the catalog's name is named by whatever looks at it.
    @Test func anIncludeWithTheCatalogsNameIsNamed() async throws {
        try await CommandBench.with { bench in
            try configure(bench, publish: "catalog: catalog.test")
            try await bench.begin()
            try bench.write("includes/web/catalog.test.zone", "mail 3600 IN A 192.0.2.10\n")
            let words =
                "includes/web/catalog.test.zone has the catalog's name (publish.catalog) and is not "
                + "published: remove it, or give the catalog another name"
            for command in ["check", "plan", "run"] {
                let ending = try await bench.run(
                    command, "-c", "edgemanage.yaml", command == "run" ? "--force" : "web")
                #expect(ending.status == 1, "\(command): \(ending.everything)")
                #expect(ending.output.contains(words), "\(command): \(ending.everything)")
            }
            #expect(bench.text("zones/catalog.test.zone").contains("IN PTR example.test."))
        }
    }
}
