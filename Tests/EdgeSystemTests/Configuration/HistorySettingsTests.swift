import EdgeSystemConfiguration
import EdgeTesting
import Testing

@testable import EdgeCore

/// `history`: how long what happened is remembered.
@Suite struct HistorySettingsTests {
    private func text(top: String, network: String) -> String {
        """
        version: 1
        object: {url: "https://www.example.net/edgetest.txt", local: edgetest.txt}
        dns:
          primary: ns1.example.net.
          mailbox: hostmaster@example.net
          name_servers: [ns1.example.net., ns2.example.net.]
        publish: {directory: /var/lib/edgemanage/zones}
        \(top)
        networks:
          one: {edges: [192.0.2.1, 192.0.2.2], live: 1, zones: zones/one}
          two: {edges: [192.0.2.3, 192.0.2.4], live: 1, zones: zones/two\(network)}
        """
    }

    @Test func aNetworksKeysWin() throws {
        let loaded = Fixtures.load(
            text(
                top: "history: {minutes: 3h, days: 100d}",
                network: ", history: {minutes: 4h, audit: 7d}"))
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        let configuration = try #require(loaded.configuration)
        var expected = HistorySettings(minutes: .seconds(3 * 3600), days: .seconds(100 * 86_400))
        #expect(try configuration.settings(for: "one").history == expected)
        expected.minutes = .seconds(4 * 3600)
        expected.audit = .seconds(7 * 86_400)
        #expect(try configuration.settings(for: "two").history == expected)
        // What was read is written so that it reads the same.
        let all = try configuration.networks.map { try configuration.settings(for: $0) }
        let again = Fixtures.load(Version1Text.file(for: all, heading: ""))
        for settings in all {
            let written = try #require(again.configuration).settings(for: settings.network)
            #expect(written.history == settings.history)
        }
    }

    @Test func defaultsAreThoseOfTheDocument() throws {
        let loaded = Fixtures.load(text(top: "", network: ""))
        let settings = try #require(loaded.configuration).settings(for: "one")
        #expect(settings.history == HistorySettings())
    }
}
