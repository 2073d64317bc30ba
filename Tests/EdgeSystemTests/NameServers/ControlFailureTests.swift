import EdgeCore
import EdgeShell
import EdgeSystemNameServers
import EdgeTesting
import Synchronization
import Testing

/// Control commands that fail as a whole, or hang.
@Suite struct ControlFailureTests {
    /// Answers every command alike, and counts.
    private final class ScriptedRunner: CommandRunner {
        let count = Mutex(0)
        private let answer: @Sendable (Int) -> CommandResult

        init(_ answer: @escaping @Sendable (Int) -> CommandResult) {
            self.answer = answer
        }

        func run(
            _ arguments: [String], input: [UInt8], timeout: Duration
        ) async -> CommandResult {
            answer(
                count.withLock { count in
                    count += 1
                    return count
                })
        }
    }

    private func settings(_ kind: NameServerKind) throws -> NameServerSettings {
        NameServerSettings(
            name: try #require(ServerName("ns1")), kind: kind, address: .v4(0x7F00_0001),
            control: ["control"])
    }

    private func zones(_ count: Int) -> [ZoneName] {
        (0..<count).compactMap { ZoneName("z\($0).test") }
    }

    /// What a failed command says may look like what it says of a zone: nothing was reloaded all the same.
    @Test(arguments: [
        (NameServerKind.bind, "rndc: 'reload' failed: unexpected token"),
        (.nsd, "error: could not read /etc/nsd/zones.conf"), (.knot, "error: [control] timeout"),
    ])
    func aFailedReloadOfAllIsAFailure(kind: NameServerKind, words: String) async throws {
        let runner = ScriptedRunner { _ in CommandResult(ending: .exited(status: 1), output: words)
        }
        let report = await ServerCommands(runner: runner).reload(
            zones(300), of: try settings(kind), directory: "/zones")
        #expect(report.failure?.contains(words) == true, "\(report)")
        #expect(runner.count.withLock { $0 } == 1)
    }

    /// A failure that names no zone of ours is the server's.
    @Test func aFailureThatNamesNobodyIsTheServers() async throws {
        let runner = ScriptedRunner { _ in
            CommandResult(ending: .exited(status: 1), output: "error: [other.test.] no such zone")
        }
        let report = await ServerCommands(runner: runner).reload(
            zones(2), of: try settings(.knot), directory: "/zones")
        #expect(report.failure != nil && report.refused.isEmpty, "\(report)")
    }

    /// A server that hangs is not waited for once a zone.
    @Test func aServerThatHangsIsGivenUp() async throws {
        let runner = ScriptedRunner { number in
            CommandResult(ending: number == 1 ? .exited(status: 0) : .timedOut)
        }
        let report = await ServerCommands(runner: runner).reload(
            zones(100), of: try settings(.bind), directory: "/zones")
        #expect(report.failure?.contains("did not end in time") == true, "\(report)")
        #expect(runner.count.withLock { $0 } <= 1 + 2 * 4)
    }

    /// Told of many zones, a server is told to add those alone that it does not serve.
    @Test func onlyWhatIsNotServedIsAdded() async throws {
        let runner = ScriptedRunner { _ in CommandResult(ending: .exited(status: 0)) }
        var server = try settings(.nsd)
        server.newZones = NewZoneSettings(pattern: "edgemanage")
        let all = zones(300)
        let report = await ServerCommands(runner: runner).reload(
            all, of: server, directory: "/zones", serving: Set(all.dropLast(2)))
        #expect(report.failure == nil && report.refused.isEmpty, "\(report)")
        // One reload, and an addzone for each of the two.
        #expect(runner.count.withLock { $0 } == 3)
    }
}
