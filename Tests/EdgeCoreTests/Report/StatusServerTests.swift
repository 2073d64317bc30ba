import EdgeTesting
import Testing

@testable import EdgeCore

/// What `status` says of a name server.
@Suite struct StatusServerTests {
    private func server(_ state: ServerState) throws -> StatusServer {
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001))
        return StatusServer(
            settings, state: state, patience: .seconds(60), now: UnixTime(seconds: 6))
    }

    /// Who serves what was published has got it somehow: how it was once told in vain is the past.
    @Test func aServerThatHasRecoveredWasNotToldInVain() throws {
        var state = ServerState(
            owed: ["zone.test": OwedZone(generation: 1, since: UnixTime(seconds: 5))],
            lastControl: StoredControl(
                time: UnixTime(seconds: 5), command: "rndc reload", ending: "status 1", output: "",
                duration: .zero, failure: "rndc ended with status 1"))
        let behind = try server(state)
        #expect(behind.failure == "rndc ended with status 1")
        #expect(behind.line(now: 6).hasSuffix("; last told in vain: rndc ended with status 1"))
        state.owed = [:]
        state.silentSince = UnixTime(seconds: 5)
        #expect(try server(state).failure != nil)
        state.silentSince = nil
        let recovered = try server(state)
        #expect(recovered.failure == nil)
        #expect(recovered.lastTold == 5)
        #expect(recovered.line(now: 6).hasSuffix(": serves what was published"))
    }
}
