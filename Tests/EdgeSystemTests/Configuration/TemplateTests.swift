import EdgeCore
import EdgeTesting
import EdgeSystemConfiguration
import Foundation
import Testing

@Suite struct TemplateTests {
    private func read(_ path: String) throws -> String {
        try String(contentsOf: Fixtures.root.appending(path: path), encoding: .utf8)
    }

    @Test func isValidAsItStands() throws {
        let loaded = Fixtures.load(ConfigurationTemplate.text())
        #expect(loaded.problems.isEmpty)
        #expect(loaded.configuration?.networks.map(\.text) == ["mynet"])
    }

    @Test func takesAnswers() throws {
        let edges = ["192.0.2.1", "2001:db8::1", "null"].compactMap { EdgeName($0) }
        let answers = ConfigurationTemplate.Answers(
            objectURL: "http://a.example:8080/x?y=\"z\"", network: NetworkName("yes"), edges: edges,
            liveCount: 3)
        let loaded = Fixtures.load(ConfigurationTemplate.text(answers))
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        let network = NetworkName("yes")
        let settings = try #require(loaded.configuration).settings(for: network)
        #expect(settings.edges == .inline(edges) && settings.selection.liveCount == 3)
        #expect(settings.object.port == 8080 && settings.object.path == "/x?y=\"z\"")
    }

    /// What a comment shows as the default is the default: with every such line in force the file
    /// means the same.
    @Test func commentsShowDefaults() throws {
        let text = ConfigurationTemplate.text()
        let commented = #/^( *)# (( *)(?:# )?[a-z_]+:(?: .*)?)$/#
        let keys = Set(Version1Keys.all.flatMap(\.keys) + ["soa"])
        let skipped: Set<String> = [
            "legacy", "health_store", "state_file", "live_list", "lock_file", "prometheus",
            "commands", "before", "after", "checker", "reload", "references", "canaries",
            "canary_killer", "servers", "name", "kind", "address", "port", "control", "new_zones",
            "serials", "rate", "update", "key", "exclusive", "zone_template", "catalog",
            "capacity", "default", "load", "metrics", "file", "original",
            "server", "socket", "group", "listen", "hosts", "token",
            "receivers", "url", "secret", "severities", "command", "kinds",
            // Without servers it has no effect, which is told.
            "wait",
        ]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let match = line.firstMatch(of: commented) else { return String(line) }
            let content = String(match.2)
            let key = content.prefix { $0 != ":" }.trimmingCharacters(in: .whitespaces)
            let isSetting =
                keys.contains(key) && !skipped.contains(key)
                && !Version1Keys.alarmKinds.contains(key)
            let isRepeated = text.contains("\n\(match.1)\(key): ")
            return isSetting && !isRepeated ? String(match.1) + content : String(line)
        }
        let loaded = Fixtures.load(lines.joined(separator: "\n"))
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        let network = NetworkName("mynet")
        let inForce = try #require(loaded.configuration).settings(for: network)
        let plain = try #require(Fixtures.load(text).configuration).settings(for: network)
        #expect(lines.joined(separator: "\n") != text)
        var expected = plain
        expected.selection.minLive = 1
        #expect(inForce == expected)
    }

    /// Every commented line or block that shows a key can be put in force by taking its "# " away.
    @Test func everyCommentedExampleLoads() throws {
        let lines = ConfigurationTemplate.text().split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        let key = #/^( *)# ([a-z_]+):.*$/#
        var blocks = 0
        for (start, line) in lines.enumerated() {
            guard let match = line.firstMatch(of: key) else { continue }
            let margin = match.1
            var end = start + 1
            while end < lines.count, lines[end].hasPrefix("\(margin)#   ") { end += 1 }
            var text = lines
            for index in start..<end {
                text[index] = String(margin + lines[index].dropFirst(margin.count + 2))
            }
            // The value that stands there gives way.
            let shown = text[start]
            text.removeAll { $0.hasPrefix("\(margin)\(match.2):") && $0 != shown }
            let loaded = Fixtures.load(text.joined(separator: "\n"))
            #expect(
                !loaded.problems.hasErrors && loaded.configuration != nil,
                "\(line): \(loaded.problems.map(\.description))")
            blocks += 1
        }
        #expect(blocks > 25)
    }

    /// The example of updates too, which stands in place of two other keys.
    @Test func theExampleOfUpdatesLoads() throws {
        let text = ConfigurationTemplate.text()
            .replacing("  # method: files", with: "  method: updates")
            .replacing("  # servers:", with: "  servers:")
            .replacing("  #   - name: ns1", with: "    - name: ns1")
            .replacing("  #     kind: bind", with: "      kind: bind")
            .replacing("  #     address: 192.0.2.53", with: "      address: 192.0.2.53")
            .replacing("  #     # update:", with: "      update:")
        let loaded = Fixtures.load(text)
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        let settings = try #require(loaded.configuration).settings(for: "mynet")
        #expect(settings.publish.servers.first?.update != nil)
    }

    @Test func namesEveryKey() {
        let text = ConfigurationTemplate.text()
        for (section, keys) in Version1Keys.all where section != "networks.NAME.edges" {
            for key in keys { #expect(text.contains("\(key):"), "\(section) \(key)") }
        }
    }

    @Test func theExampleIsTheTemplate() throws {
        let url = Fixtures.root.appending(path: "examples/edgemanage.yaml")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(ConfigurationTemplate.text().utf8).write(to: url)
        }
        #expect(try read("examples/edgemanage.yaml") == ConfigurationTemplate.text())
    }

    @Test func theDocumentExplainsEveryKey() throws {
        let document = try read("docs/configuration.md")
        let parts = document.components(separatedBy: "## The original's format")
        try #require(parts.count == 2)
        for (section, keys) in Version1Keys.all {
            for key in keys { #expect(parts[0].contains("`\(key)`"), "\(section) \(key)") }
        }
        let sections = ["testobject", "dns", "commands"]
        for (section, keys) in OriginalKeys.all {
            for key in keys where !sections.contains(key) {
                let name = section.isEmpty ? key : "\(section).\(key)"
                #expect(parts[1].contains("| `\(name)` |"), "\(name)")
            }
        }
    }
}
