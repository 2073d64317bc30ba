import EdgeCore
import EdgeShell
import EdgeTesting
import Synchronization
import Testing

@testable import edgemanage

@Suite("edge_conf")
struct EdgeConfTests {
    let store = InMemoryStore()
    let lines = Lines()
    let moments = ManualMoments()

    private func conf(
        _ arguments: String..., settings: NetworkSettings = OriginalKit.settings(),
        locks: ScriptedLocks = ScriptedLocks()
    ) async throws -> OriginalOutcome {
        let options = try EdgeConfOptions.parse(["-A", "mynet"] + arguments).get()
        let candidates = OriginalKit.edges("a.example", "b.example", "c.example")
        let lines = lines
        return await EdgeConf.run(
            options,
            by: ModeSetter(
                store: store, locks: locks, clock: moments, settings: settings,
                edges: candidates + OriginalKit.edges("192.0.2.1"), candidates: candidates,
                user: "ann", log: { lines.add($0) },
                rewriteFile: { edge, record, _, _ in
                    lines.add("file \(edge) \(record.mode)")
                    return []
                }))
    }

    private func mode(_ name: String) throws -> ModeRecord? {
        let state = try store.load(
            OriginalKit.network, judge: JudgeSettings(), now: moments.now())
        return try state.modes[#require(EdgeName(name))]
    }

    @Test("A mode is set, stored with user and comment, logged, and written to the file")
    func sets() async throws {
        let locks = ScriptedLocks()
        let outcome = try await conf("-m", "force", "-C", " new\tdisk ", "b.example", locks: locks)
        #expect(outcome == OriginalOutcome(output: "Set mode for b.example to force\n"))
        #expect(
            try mode("b.example")
                == ModeRecord(mode: .force, comment: "[ann] new disk", changed: moments.now().wall))
        #expect(
            lines.all == [
                "Set mode for b.example to force in mynet by ann: [ann] new disk",
                "file b.example force",
            ])
        #expect(locks.asked.withLock { $0 } == ["/run/lock 10.0 seconds"])
        let cleared = try await conf("-m", "available", "b.example", "--no-syslog")
        #expect(cleared.status == 0 && lines.all.count == 3)
        #expect(try mode("b.example")?.comment == "")
        let canary = try await conf("-m", "unavailable", "-C", "x", "192.0.2.1")
        #expect(canary.status == 0)
    }

    @Test(
        "A comment is required for every mode but available",
        arguments: [
            ["-m", "force"], ["-m", "unavailable", "-C", ""], ["-m", "blindforce", "-C", " \t"],
        ])
    func comment(arguments: [String]) async throws {
        let options = try EdgeConfOptions.parse(["-Amynet", "a.example"] + arguments).get()
        let outcome = try await conf(
            options.mode == .force ? "-mforce" : "-munavailable", "a.example")
        #expect(
            outcome
                == OriginalOutcome(
                    status: 1,
                    errors:
                        "Comment required for mode to be changed to anything but available.\n"))
        #expect(try mode("a.example") == nil)
    }

    @Test(
        "An unknown edge is named, status 1",
        arguments: ["x.example", "A.example", "../x", "a\u{1B}"])
    func unknown(edge: String) async throws {
        let outcome = try await conf("-m", "available", edge)
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("is no edge of network mynet"))
        #expect(!outcome.errors.contains("\u{1B}"))
    }

    @Test("A busy lock is status 2 and names its holder")
    func busy() async throws {
        let outcome = try await conf(
            "-m", "available", "a.example", locks: ScriptedLocks(isBusy: true))
        #expect(
            outcome
                == OriginalOutcome(
                    status: 2, errors: "edge_conf: /run/lock is held by process 4711; try again\n"))
        let free = try await conf(
            "-m", "available", "a.example", settings: OriginalKit.settings(lockFile: nil),
            locks: ScriptedLocks(isBusy: true))
        #expect(free.status == 0)
    }

    @Test("A mode that leaves fewer than min_live is refused unless insisted on")
    func minimum() async throws {
        let settings = OriginalKit.settings(liveCount: 3)
        let take = { (edge: String, more: String) in
            try await conf("-m", "unavailable", "-C", "x", edge, more, settings: settings)
        }
        #expect(try await take("a.example", "--no-syslog").status == 0)
        #expect(try await take("a.example", "--no-syslog").status == 0)
        let refused = try await take("b.example", "--no-syslog")
        #expect(
            refused
                == OriginalOutcome(
                    status: 1,
                    errors:
                        "edge_conf: with b.example unavailable only 1 edge of network mynet could be "
                        + "live, of at least 2; make another one available first, or add --insist\n"
                ))
        #expect(try mode("b.example") == nil)
        #expect(try await take("b.example", "--insist").status == 0)
    }

    @Test("The user is SUDO_USER where it is set")
    func user() {
        #expect(EdgeConf.user(environment: ["SUDO_USER": "ann"]) == "ann")
        #expect(EdgeConf.user(environment: ["SUDO_USER": "a]n n\n"]) == "ann")
        #expect(!EdgeConf.user(environment: ["SUDO_USER": ""]).isEmpty)
    }
}
