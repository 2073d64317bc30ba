import EdgeCore
import EdgeTesting
import Foundation
import Synchronization
import Testing

@testable import EdgeServer

/// A daemon that counts how often it is asked.
final class ScriptedDaemon: APIFace {
    struct State {
        var edges = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
        var comments: [String: String] = [:]
        var stamp = 1
        var asked = 0
        var trouble: String?
        var networks: [NetworkName] = ["web"]
        /// Whose database fails.
        var broken: NetworkName?
        var now = ContinuousClock.now
        /// Whether readings take until it is false.
        var isSlow = false
    }

    let state = Mutex(State())
    let bulletin = Bulletin(most: 2)
    let network: NetworkName = "web"

    var networks: [NetworkName] { state.withLock(\.networks) }
    func stamp(of network: NetworkName) -> Int? { state.withLock(\.stamp) }
    func metrics() async -> String { "" }
    func status(of network: NetworkName) throws -> StatusView? { nil }
    func obey(
        _ order: Order, of network: NetworkName, by actor: String
    ) async throws(OrderRefusal) -> OrderReply { OrderReply(done: [], isApplied: true) }
    func reload() async throws(OrderRefusal) {}
    func hour(of network: NetworkName, cells: Int) throws -> [ProbeTarget: Sparkline] { [:] }
    func pageEdge(_ edge: EdgeName, of network: NetworkName) throws -> PageEdge? {
        state.withLock { $0.asked += 1 }
        return nil
    }
    func pageZones(_ network: NetworkName) throws -> [PageZone]? {
        state.withLock { $0.asked += 1 }
        return (0..<250).map { PageZone(name: "z\($0).test", serial: 7) }
    }

    func alarms(of network: NetworkName) throws -> AlarmView? { nil }
    func uptime(of network: NetworkName) throws -> UptimeView? { nil }
    func events(of network: NetworkName, _ filter: EventFilter) throws -> LogView? { nil }
    func generations(of network: NetworkName, limit: Int) throws -> HistoryView? { nil }
    func difference(of network: NetworkName, generation: Int) throws -> DiffView? { nil }

    struct Broken: Error, CustomStringConvertible {
        var description: String { "the database <web.db> fails" }
    }

    var health: DaemonHealth {
        DaemonHealth(
            version: "1", process: 1, since: 1, configuration: "/etc/x.yaml",
            configurationRead: 1, configurationTrouble: state.withLock(\.trouble), networks: [])
    }

    func pageNetwork(_ network: NetworkName) throws -> PageNetwork? {
        while state.withLock(\.isSlow) { usleep(1000) }
        let (edges, comments) = try state.withLock { state in
            state.asked += 1
            if state.broken == network { throw Broken() }
            return (state.edges, state.comments)
        }
        let settings = NetworkSettings(
            network: network, format: .version1,
            object: TestObject(host: "example.net", path: "/", localFile: "/x"),
            selection: SelectionSettings(liveCount: 2),
            dns: DNSSettings(primary: "ns.", mailbox: "m.", nameServers: []), edges: .inline([]),
            zoneIncludes: "", publish: PublishSettings(directory: ""), database: "")
        let now = Moment(
            wall: UnixTime(seconds: 1000), sinceBoot: .seconds(1000), bootID: "b")
        var known = NetworkState(generation: 1)
        known.lastRun = now
        for (edge, comment) in comments {
            known.modes[EdgeName(edge)!] = ModeRecord(
                mode: .unavailable, comment: comment, changed: nil)
        }
        return PageNetwork(
            status: StatusView(
                settings: settings, state: known, inventory: edges.map { EdgeName($0)! },
                now: now),
            overview: nil,
            alarms: AlarmView(
                network: settings.network, settings: settings.alarms, state: AlarmState(), now: now,
                minuteOfDay: 0),
            goodEnough: .seconds(1))
    }
}

/// One writing a round, and only what changed is told.
@Suite struct PageBookTests {
    let daemon = ScriptedDaemon()

    private func book() throws -> PageBook {
        PageBook(
            daemon, renderer: try PageRenderer(program: "1", configuration: "/etc/x.yaml"),
            epoch: 7, clock: { [daemon] in daemon.state.withLock(\.now) })
    }

    @Test func manyViewersCostOneReadARound() async throws {
        let book = try book()
        for _ in 1...50 { _ = await book.overview(finding: "") }
        _ = await book.changes(since: "")
        #expect(daemon.state.withLock(\.asked) == 1)
        daemon.state.withLock { $0.stamp += 1 }
        for _ in 1...50 { _ = await book.changes(since: "") }
        #expect(daemon.state.withLock(\.asked) == 2)
        for _ in 1...50 { _ = try await book.zones(of: daemon.network) }
        #expect(daemon.state.withLock(\.asked) == 3)
        for _ in 1...50 { _ = try await book.edge("192.0.2.1", of: daemon.network) }
        #expect(daemon.state.withLock(\.asked) == 4)
    }

    /// Words that are no round's are seen too.
    @Test func whatWasReadGrowsOld() async throws {
        let book = try book()
        func look() async throws {
            _ = await book.overview(finding: "")
            _ = try await book.zones(of: daemon.network)
            _ = try await book.edge("192.0.2.1", of: daemon.network)
        }
        for _ in 1...3 { try await look() }
        #expect(daemon.state.withLock(\.asked) == 3)
        daemon.state.withLock { $0.now += ReadingDesk.patience }
        for _ in 1...3 { try await look() }
        #expect(daemon.state.withLock(\.asked) == 6)
    }

    /// A name that nobody has drives out the one that was not read for the longest, and no other.
    @Test func foreignNamesEmptyNothing() async throws {
        let book = try book()
        func ask(_ edge: EdgeName) async throws {
            daemon.state.withLock { $0.now += .milliseconds(1) }
            _ = try await book.edge(edge, of: daemon.network)
        }
        for number in 1...65 { try await ask(EdgeName("e\(number).test")!) }
        #expect(daemon.state.withLock(\.asked) == 65)
        for number in 2...65 { try await ask(EdgeName("e\(number).test")!) }
        #expect(daemon.state.withLock(\.asked) == 65)
    }

    /// One network's database is no other one's.
    @Test func whatCantBeReadHidesNoOther() async throws {
        daemon.state.withLock { $0.networks = ["web", "shop"] }
        let book = try book()
        let version = await book.overview(finding: "").version
        daemon.state.withLock {
            $0.broken = "web"
            $0.stamp += 1
        }
        let found = await book.overview(finding: "").networks
        #expect(found.map(\.name) == ["web", "shop"])
        #expect(found[0].head.contains("can&#39;t be read now"))
        #expect(found[0].head.contains("the database &lt;web.db&gt; fails"))
        #expect(found[0].rows.isEmpty && found[1].rows.contains("192.0.2.1"))
        let changes = await book.changes(since: version)
        #expect(changes.rows == ["web": []])
        #expect(changes.parts.contains { $0.id == "head:web" })
        daemon.state.withLock {
            $0.broken = nil
            $0.stamp += 1
        }
        #expect(await book.overview(finding: "").networks[0].rows.contains("192.0.2.1"))
    }

    /// However many read, whoever does something else goes on: a reading blocks no thread that tasks share.
    @Test(.timeLimit(.minutes(1))) func readingsHoldUpNothingElse() async throws {
        let books = try (1...64).map { _ in try book() }
        daemon.state.withLock { $0.isSlow = true }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for book in books { group.addTask { _ = await book.overview(finding: "") } }
            for _ in 1...100 { try await Task.sleep(for: .milliseconds(1)) }
            daemon.state.withLock { $0.isSlow = false }
            try await group.waitForAll()
        }
    }

    @Test func onlyWhatChangedIsTold() async throws {
        let book = try book()
        let first = await book.overview(finding: "").version
        #expect(await book.changes(since: first).parts.isEmpty)
        daemon.state.withLock {
            $0.stamp += 1
            $0.comments["192.0.2.2"] = "<b>\"\u{0301}work"
        }
        let changes = await book.changes(since: first)
        #expect(changes.parts.map(\.id) == ["edge:web:192.0.2.2"])
        #expect(changes.rows.isEmpty)
        let html = try #require(changes.parts.first?.html)
        #expect(html.contains("&lt;b&gt;&quot;\u{0301}work") && html.contains("drained"))
        #expect(await book.changes(since: changes.version).parts.isEmpty)
        // Whoever comes from another process is told everything.
        for version in ["", "8.1", "seven", "7", "7.x"] {
            #expect(await book.changes(since: version).parts.count == 6, "\(version)")
        }
    }

    @Test func anotherListIsAnotherOrder() async throws {
        let book = try book()
        let first = await book.overview(finding: "").version
        daemon.state.withLock {
            $0.stamp += 1
            $0.edges = ["192.0.2.9", "192.0.2.1", "192.0.2.3"]
        }
        let changes = await book.changes(since: first)
        #expect(
            changes.rows["web"] == [
                "edge:web:192.0.2.9", "edge:web:192.0.2.1", "edge:web:192.0.2.3",
            ])
        #expect(changes.parts.map(\.id) == ["edge:web:192.0.2.9"])
    }

    @Test func theDaemonsTroubleIsToldWithoutARound() async throws {
        let book = try book()
        let first = await book.overview(finding: "").version
        daemon.state.withLock { $0.trouble = "line 3: <what>" }
        let changes = await book.changes(since: first)
        #expect(changes.parts.map(\.id) == ["health"])
        #expect(changes.parts[0].html.contains("The configuration is refused"))
        #expect(changes.parts[0].html.contains("line 3: &lt;what&gt;"))
    }

    @Test func edgesAreFound() async throws {
        let found = try await book().overview(finding: "0.2.3")
        #expect(found.networks[0].rows.contains("192.0.2.3"))
        #expect(!found.networks[0].rows.contains("192.0.2.1"))
        // A page that lacks rows asks for everything.
        #expect(found.version.isEmpty)
    }
}

/// Pages of zones, whatever is asked for.
@Suite struct PageZonesTests {
    @Test(arguments: [
        (1, "", "Zones 1 to 100 of 250."), (3, "", "Zones 201 to 250 of 250."),
        (99, "", "Zones 201 to 250 of 250."), (-5, "", "Zones 1 to 100 of 250."),
        (1, "Z24", "Zones 1 to 11 of 11 whose names contain “Z24”."),
        (1, "nosuch", "No zone&#39;s name contains “nosuch”."),
    ])
    func thereIsAlwaysAPage(page: Int, text: String, words: String) throws {
        let renderer = try PageRenderer(program: "1", configuration: "/etc/x.yaml")
        let zones = try #require(try ScriptedDaemon().pageZones("web"))
        let html = renderer.zones(
            zones, of: "web", finding: text, page: page, size: 100)
        #expect(html.contains(words), "\(html.prefix(900))")
    }
}

/// Those who listen are few enough, and are let go.
@Suite struct BulletinTests {
    @Test func placesAreBoundedAndComeBack() async {
        let bulletin = Bulletin(most: 2)
        var first = bulletin.listen()
        let second = bulletin.listen()
        #expect(first != nil && second != nil && bulletin.listen() == nil)
        first = nil
        #expect(bulletin.listeners == 1)
        #expect(bulletin.listen() != nil)
    }

    @Test func theSlowHearOfSeveralChangesOnce() async throws {
        let bulletin = Bulletin()
        let changes = try #require(bulletin.listen())
        for _ in 1...5 { bulletin.tell() }
        bulletin.close()
        var heard = 0
        for await _ in changes { heard += 1 }
        #expect(heard == 1)
        #expect(bulletin.listen() == nil)
    }
}
