import EdgeSystemConfiguration
import EdgeTesting
import Testing

@testable import EdgeCore

/// `capacity` and `load` of a network.
@Suite struct CapacityTests {
    private func loaded() throws -> Configuration {
        let loaded = ConfigurationLoader().load(
            try Fixtures.bytes("valid/capacity.yaml"), file: "/etc/e/capacity.yaml")
        return try #require(loaded.configuration, "\(loaded.problems.map(\.description))")
    }

    private func capacity(_ network: NetworkName) throws -> CapacitySettings {
        try loaded().settings(for: network).selection.capacity
    }

    @Test func oneNumberIsEveryEdges() throws {
        #expect(try capacity("alike") == CapacitySettings(others: 12.5, load: 20))
        #expect(try capacity("off") == CapacitySettings())
    }

    /// A name means the edge however it is spelt; those in files are not known yet.
    @Test func edgesAreKnownByTheirNames() throws {
        #expect(
            try capacity("mixed")
                == CapacitySettings(
                    edges: ["Edge1.example.net": 1e12, "192.0.2.7": 0.001], others: 400))
        #expect(
            try capacity("files") == CapacitySettings(edges: ["edge9.example.net": 3], load: 4.5))
    }

    /// What was read is written so that it reads the same.
    @Test func isWrittenAsItIsRead() throws {
        let configuration = try loaded()
        let all = try configuration.networks.map { try configuration.settings(for: $0) }
        let again = Fixtures.load(Version1Text.file(for: all, heading: ""))
        #expect(again.problems.isEmpty, "\(again.problems.map(\.description))")
        for settings in all {
            let written = try #require(again.configuration).settings(for: settings.network)
            #expect(written.selection == settings.selection)
        }
    }
}
