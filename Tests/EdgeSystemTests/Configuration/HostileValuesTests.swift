import EdgeCore
import EdgeSystemConfiguration
import EdgeTesting
import Testing

/// Every key of the new format given values of every wrong kind: told with place and sentence,
/// never taken as something else, never the end of the process.
@Suite struct HostileValuesTests {
    /// A whole configuration, key by key in YAML's flow style.
    static let base: [(path: String, value: String)] = [
        ("object.url", "\"http://www.example.net/o.txt\""), ("object.local", "o.txt"),
        ("dns.primary", "ns1.example.net."), ("dns.mailbox", "h@example.net"),
        ("dns.name_servers", "[ns1.example.net.]"), ("publish.directory", "z"),
    ]

    static let network = ["edges": "[192.0.2.1, 192.0.2.2]", "live": "1", "zones": "zones"]

    /// The file with one key of a section, or of the network, given another value.
    static func file(_ section: String, _ key: String, _ value: String) -> String {
        var sections: [String: [String: String]] = [:]
        for (path, value) in base {
            let parts = path.split(separator: ".").map(String.init)
            sections[parts[0], default: [:]][parts[1]] = value
        }
        var network = network
        switch section {
        case "networks.NAME": network[key] = value
        case "networks.NAME.edges": network["edges"] = "{file: e, \(key): \(value)}"
        case "judge.steady": sections["judge", default: [:]]["steady"] = "{\(key): \(value)}"
        case "dns.soa": sections["dns"]?["soa"] = "{\(key): \(value)}"
        case "dns.rotate[]": sections["dns"]?["rotate"] = "[{\(key): \(value)}]"
        case "publish.servers[]":
            sections["publish"]?["servers"] = "[{\(server(key, value))}]"
        case "publish.servers[].update":
            sections["publish"]?["method"] = "updates"
            sections["publish"]?["servers"] =
                "[{kind: bind, address: 192.0.2.1, update: {key: k, \(key): \(value)}}]"
                .replacing("key: k, key:", with: "key:")
        case "alarms.receivers[]":
            var keys = ["name": "ops", "kind": key == "command" ? "command" : "webhook"]
            if key != "command" { keys["url"] = "\"http://127.0.0.1/x\"" }
            keys[key] = value
            let all = keys.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            sections["alarms"] = ["receivers": "[{\(all.joined(separator: ", "))}]"]
        case "alarms.kinds": sections["alarms"] = ["kinds": "{\(key): \(value)}"]
        case "alarms.kinds.edge_out":
            sections["alarms"] = ["kinds": "{edge_out: {\(key): \(value)}}"]
        default: sections[section, default: [:]][key] = value
        }
        let flow = { (map: [String: String]) in
            map.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        }
        return "version: 1\n"
            + sections.sorted { $0.key < $1.key }.map { "\($0.key): {\(flow($0.value))}\n" }
            .joined()
            + "networks: {web: {\(flow(network))}}\n"
    }

    private static func server(_ key: String, _ value: String) -> String {
        var keys = ["kind": "bind", "address": "192.0.2.1"]
        keys[key] = value
        return keys.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(
            separator: ", ")
    }

    /// Values that no key takes.
    static let refused = [
        "[[x]]", "{\"a b\": {c: [d]}}", "\"a\\0b\"", "\"a\\nb\"", "\"a\\u009Bb\"", "\"\\u2028\"",
        "[\"\\x1B[2J\"]", "\"" + String(repeating: "x", count: 5000) + "\"",
    ]
    /// Values that some keys take.
    static let odd = [
        "~", "none", "yes", "no", "0", "-1", "99999999999999999999999", "1e999", "0x10", ".inf",
        ".nan", "1s", "99999999999999999999d", "\"\"", "[]", "{}", "[~]", "x", "../../etc/passwd",
        "\"@\"", "\"*\"", "'a;b|c'", "💥", "[1, [2]]", "2001-01-01",
    ]

    static let keys: [(section: String, key: String)] = Version1Keys.all.flatMap { section, keys in
        section.isEmpty ? [] : keys.map { (section, $0) }
    }

    @Test(arguments: refused)
    func isNeverTaken(value: String) {
        for (section, key) in Self.keys {
            let loaded = Fixtures.load(Self.file(section, key, value))
            #expect(loaded.configuration == nil, "\(section).\(key): \(value.prefix(40))")
            for problem in loaded.problems {
                #expect(problem.position != nil && !problem.message.isEmpty)
                let isPlain = problem.description.unicodeScalars.allSatisfy {
                    $0 == "\n" || $0 == "\t"
                        || $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
                }
                #expect(isPlain, "\(section).\(key)")
            }
        }
    }

    /// Whatever is taken can be written and read again; whatever is not, is told.
    @Test(arguments: odd)
    func isTakenOrTold(value: String) throws {
        for (section, key) in Self.keys {
            let text = Self.file(section, key, value)
            let loaded = Fixtures.load(text)
            #expect((loaded.configuration == nil) == loaded.problems.hasErrors, "\(text)")
            guard let settings = try loaded.configuration?.settings(for: "web") else { continue }
            #expect(settings.selection.liveCount >= 1 && !settings.dns.nameServers.isEmpty)
            #expect(settings.probe.timeout > .zero && settings.interval >= .seconds(1))
            let paths = [settings.object.localFile, settings.zoneIncludes, settings.database]
            #expect(!paths.contains(""), "\(text)")
        }
    }

    @Test func theBaseItselfLoads() {
        let loaded = Fixtures.load(Self.file("publish", "directory", "z"))
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        #expect(Self.keys.count > 70)
    }
}
