import EdgeCore
import EdgeSystemConfiguration
import Foundation
import Testing

/// One bad file for each mistake, with its exact messages beside it.
@Suite struct InvalidFilesTests {
    @Test(arguments: Fixtures.names(in: "invalid"))
    func saysExactly(_ name: String) throws {
        let loaded = ConfigurationLoader().load(try Fixtures.bytes("invalid/\(name)"), file: name)
        let said = loaded.problems.map(\.description).joined(separator: "\n") + "\n"
        let golden = Fixtures.directory
            .appending(path: "invalid/\(name.dropLast(".yaml".count)).expected")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(said.utf8).write(to: golden)
        }
        let expected = try String(contentsOf: golden, encoding: .utf8)
        #expect(said == expected)
        let isWarning = name.hasPrefix("warning-")
        #expect(loaded.problems.hasErrors != isWarning)
        #expect((loaded.configuration != nil) == isWarning)
        #expect(!loaded.problems.isEmpty)
    }

    @Test func allAreThere() {
        #expect(Fixtures.names(in: "invalid").count >= 30)
    }
}
