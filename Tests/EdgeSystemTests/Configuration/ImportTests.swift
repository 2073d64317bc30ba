import EdgeCore
import EdgeSystemConfiguration
import Foundation
import Testing

@Suite struct ImportTests {
    private func original(_ change: (String) -> String = { $0 }) throws
        -> ConfigurationLoader.Loaded
    {
        let url = Fixtures.root.appending(path: "examples/original.yaml")
        return Fixtures.load(change(try String(contentsOf: url, encoding: .utf8)))
    }

    private func imported(
        _ loaded: ConfigurationLoader.Loaded, _ names: [NetworkName]
    ) throws -> (ConfigurationImport, Configuration) {
        let result = try ConfigurationImport.make(
            from: try #require(loaded.configuration), problems: loaded.problems, networks: names,
            startedIn: "/root")
        let again = Fixtures.load(result.text, file: "/etc/edgemanage/new.yaml")
        #expect(
            !again.problems.hasErrors, "\(again.problems.map(\.description)) in\n\(result.text)")
        return (result, try #require(again.configuration))
    }

    /// The settings with the three documented differences taken back.
    private func alike(_ settings: NetworkSettings, keep: JudgeSettings.Keep?) -> NetworkSettings {
        var result = settings
        result.format = .original
        result.dns.isExplicit = false
        // The original's file names no networks.
        result.declaredNetworks = nil
        if let keep { result.judge.keep = keep }
        return result
    }

    @Test func meansTheSame() throws {
        let names = ["mynet", "smallnet", "y"].compactMap { NetworkName($0) }
        let old = try original()
        let (result, new) = try imported(old, names)
        #expect(new.networks == names)
        for name in names {
            let settings = try new.settings(for: name)
            #expect(settings.judge.keep == .window && settings.dns.isExplicit)
            #expect(
                alike(settings, keep: .threshold) == (try old.configuration?.settings(for: name)))
        }
        #expect(result.text.contains("keep: window"))
    }

    @Test func meansTheSameInEveryCorner() throws {
        let old = try original {
            $0.replacing("  port: 443\n", with: "").replacing("verify: true", with: "verify: false")
                .replacing("uri: /edgetest.txt", with: "uri: \"/a?b=c%20d\\\"\"")
                .replacing("logpath: /var/log/edgemanage.log", with: "logpath: logs/my log.txt")
                .replacing("goodenough: 5.0", with: "goodenough: 0.123456")
                .replacing(
                    "workers: 10", with: "workers: 7\ntesting: true\ntimeout: 2.5\nkeep: threshold"
                )
                .replacing("dnschange_maxfreq: 4", with: "dnschange_maxfreq: 9\nmin_live: 2")
                .appending("  run_before: /bin/a \\\"x\n")
                .appending(
                    "user_agent: 'Ours: #1 \"\\'\nreferences: [192.0.2.53:53, \"[::1]:53\"]\n"
                )
                .appending(
                    "database: /var/{dnet}.db\nfamilies: [ipv6]\nextra_edgelist_dir: /etc/more\n"
                )
                .appending("checker: [named-checkzone, -i, none]\n")
                .appending("zone_template: templates/{dnet}.template\n")
        }
        let names = ["null", "smallnet"].compactMap { NetworkName($0) }
        let (_, new) = try imported(old, names)
        for name in names {
            var expected = try #require(old.configuration).settings(for: name)
            expected.logPath = "/root/logs/my log.txt"
            #expect(expected.publish.template == "templates/\(name).template")
            expected.publish.template = "/root/templates/\(name).template"
            #expect(alike(try new.settings(for: name), keep: nil) == expected)
        }
    }

    @Test func tellsWhatChangesAndWhatNeverWorked() throws {
        let old = try original { $0 + "timeout: 5\nedge_cout: 3\n" }
        let (result, _) = try imported(old, ["mynet"].compactMap { NetworkName($0) })
        for word in [
            "Redirects", "Content-Encoding", "status 200", "fetch time", "exactly edge_count",
            "Dry run", "Python adapter", "$TTL", "unknown key", "keep: window",
        ] {
            #expect(result.changes.contains { $0.contains(word) }, "\(word)")
        }
        for word in [
            "dnschange_maxfreq", "canaries were never used", "timeout worked only", "edge_cout",
        ] {
            #expect(result.neverWorked.contains { $0.contains(word) }, "\(word)")
        }
        #expect(
            result.neverWorked.last?.hasSuffix(
                "unknown key \"edge_cout\" never had an effect and is left out; perhaps "
                    + "\"edge_count\" was meant.") == true)
    }

    @Test func tellsOnlyWhatConcernsThisFile() throws {
        let old = try original {
            $0.replacing("dnschange_maxfreq: 4\n", with: "keep: threshold\n")
                .replacing("canary_files: /etc/edgemanage/canaries/{dnet}\n", with: "")
        }
        let (result, _) = try imported(old, ["mynet"].compactMap { NetworkName($0) })
        #expect(!result.changes.contains { $0.contains("keep: window") })
        #expect(!result.neverWorked.contains { $0.contains("anaries") })
        #expect(!result.neverWorked.contains { $0.contains("dnschange_maxfreq") })
    }
}
