import EdgeCore
import EdgeShell
import EdgeSystemReport
import EdgeTesting
import Foundation
import Glibc
import Synchronization
import Testing

/// The book of a process, and its files.
@Suite struct MetricsLedgerTests {
    private let directory = ScratchDirectory()
    private let now = UnixTime(seconds: 1_700_000_000)

    private func ledger() -> MetricsLedger {
        MetricsLedger(version: "3.1", moments: StandingMoments(wall: now))
    }

    /// A round of a network with one live edge.
    private func round(
        _ network: NetworkName, file: String? = "m.prom", original: Bool = false,
        among declared: Set<NetworkName>? = ["web", "shop"]
    ) -> MetricsRound {
        var settings = NetworkSettings(
            network: network, format: .version1,
            object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
            selection: SelectionSettings(liveCount: 1),
            dns: DNSSettings(primary: "ns.", mailbox: "m.", nameServers: []), edges: .inline([]),
            zoneIncludes: "", publish: PublishSettings(directory: ""), database: "")
        settings.metrics = MetricsSettings(
            file: file.map { "\(directory.path)/\($0)" }, original: original)
        settings.declaredNetworks = declared
        let edge: EdgeName = "a.test"
        let seen = Observation(
            target: ProbeTarget(name: edge, family: .ipv4), address: "192.0.2.1",
            outcome: .ok(fetchTime: .milliseconds(30)))
        let moment = Moment(wall: now, sinceBoot: .seconds(9), bootID: "b")
        let inventory = Inventory(
            edges: [edge], addresses: [edge: EdgeAddresses(ipv4: "192.0.2.1")])
        var state = NetworkState()
        state.targets[seen.target] = TargetRecord(
            window: SampleSum(count: 1, nanoseconds: 10_000_000))
        let decision = Round.decide(
            RoundInput(
                settings: settings, inventory: inventory, state: state,
                observations: [seen], now: moment))
        let report = RoundReport(
            network: network, moment: moment,
            edges: [
                EdgeReport(
                    name: edge, isCanary: false, health: .passThreshold, mode: ModeRecord(),
                    isLive: true, sample: .milliseconds(30), fetchTime: .milliseconds(30),
                    mean: .milliseconds(20))
            ],
            live: decision.live)
        return MetricsRound(
            settings: settings, report: report, decision: decision, state: state,
            observations: [seen], settlements: [], generation: 0, end: now)
    }

    private var file: String { directory.text("m.prom") ?? "" }

    private func doneRounds(_ network: String, in page: String) -> String? {
        let start = #"edgemanage_rounds_total{network="\#(network)",result="done"} "#
        return page.split(separator: "\n").first { $0.hasPrefix(start) }
            .map { String($0.dropFirst(start.count)) }
    }

    @Test func theFileIsThePage() async {
        let ledger = ledger()
        #expect(await ledger.note(round("web")) { nil }.all == [])
        #expect(await ledger.page() == file)
        #expect(directory.names == ["m.prom"])
        #expect(file.contains(#"edgemanage_build_info{version="3.1"} 1"#))
    }

    /// Rounds that cron starts are processes of their own.
    @Test func countersGoOnFromProcessToProcess() async {
        for count in 1...3 {
            #expect(await ledger().note(round("web")) { nil }.all == [])
            #expect(await ledger().noteRefusal(round("shop").settings).all == [])
            #expect(doneRounds("web", in: file) == "\(count)")
        }
        #expect(file.contains(#"edgemanage_rounds_total{network="shop",result="refused"} 3"#))
    }

    @Test func whatAnotherProcessWroteIsTakenOver() async {
        let daemon = ledger()
        _ = await daemon.note(round("web")) { nil }
        _ = await ledger().note(round("web")) { nil }
        _ = await daemon.note(round("web")) { nil }
        #expect(doneRounds("web", in: file) == "3")
    }

    @Test func processesSideBySideLoseNothing() async {
        let one = ledger()
        let other = ledger()
        let web = round("web")
        let shop = round("shop")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<25 {
                group.addTask { _ = await one.note(web) { nil } }
                group.addTask { _ = await other.note(shop) { nil } }
            }
        }
        #expect(doneRounds("web", in: file) == "25" && doneRounds("shop", in: file) == "25")
    }

    /// Nobody else may change the file between its reading and its writing.
    @Test func theFileIsWrittenUnderALockOnItsDirectory() async throws {
        let folder = open(directory.path, O_RDONLY | O_DIRECTORY)
        try #require(folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0)
        defer { close(folder) }
        let path = "\(directory.path)/m.prom"
        let wasThere = Mutex<[Bool]>([])
        let ledger = MetricsLedger(
            version: "3.1",
            moments: StandingMoments(wall: now) {
                wasThere.withLock { $0.append(access(path, F_OK) == 0) }
                flock(folder, LOCK_UN)
            })
        #expect(await ledger.note(round("web")) { nil }.all == [])
        #expect(wasThere.withLock { $0 } == [false])
        #expect(doneRounds("web", in: file) == "1")
    }

    /// One that hangs with the lock keeps no round waiting for good, nor who asks for the page meanwhile.
    @Test func aDirectoryThatStaysLockedIsAFailureAndThePageGoesOn() async throws {
        let folder = open(directory.path, O_RDONLY | O_DIRECTORY)
        try #require(folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0)
        let moments = ManualMoments(wall: now)
        let ledger = MetricsLedger(version: "3.1", moments: moments)
        let told = await ledger.note(round("web")) { nil }
        #expect(
            told.failures == [
                "the metrics were not written: cannot lock \(directory.path): another process has it: look for "
                    + "one that hangs (lslocks)"
            ])
        #expect(moments.passed >= .seconds(10) && moments.passed < .seconds(11))
        #expect(directory.names == [])
        #expect(doneRounds("web", in: await ledger.page()) == "1")
        close(folder)
        #expect(await ledger.note(round("web")) { nil }.all == [])
        #expect(doneRounds("web", in: file) == "2")
    }

    /// Who waits for the lock holds nobody up who asks for the page.
    @Test func thePageIsAnsweredWhileTheFileIsWaitedFor() async throws {
        let folder = open(directory.path, O_RDONLY | O_DIRECTORY)
        try #require(folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0)
        defer { close(folder) }
        let (asked, begun) = AsyncStream<Void>.makeStream()
        let ledger = MetricsLedger(
            version: "3.1", moments: StandingMoments(wall: now) { begun.yield() })
        let web = round("web")
        async let noted = ledger.note(web) { nil }
        for await _ in asked { break }
        #expect(doneRounds("web", in: await ledger.page()) == nil)
        flock(folder, LOCK_UN)
        #expect(await noted.all == [])
        #expect(doneRounds("web", in: await ledger.page()) == "1")
    }

    /// The database, which may be in the same directory, locks it when it is found damaged.
    @Test func theDatabaseIsAskedWithoutTheLock() async throws {
        let folder = open(directory.path, O_RDONLY | O_DIRECTORY)
        try #require(folder >= 0)
        defer { close(folder) }
        let isFree = Mutex<[Bool]>([])
        _ = await ledger().note(round("web")) {
            let taken = flock(folder, LOCK_EX | LOCK_NB) == 0
            if taken { flock(folder, LOCK_UN) }
            isFree.withLock { $0.append(taken) }
            return UnixTime(seconds: 77)
        }
        #expect(isFree.withLock { $0 } == [true])
        #expect(file.contains(#"edgemanage_last_publish_timestamp_seconds{network="web"} 77"#))
    }

    @Test func aDamagedFileBeginsAnewAndIsTold() async {
        directory.write("m.prom", "edgemanage_rounds_total{netw")
        let told = await ledger().note(round("web")) { nil }
        let path = "\(directory.path)/m.prom"
        #expect(
            told.notes == [
                "\(path) is no page of metrics as edgemanage writes it (line 1: no \"=\"): its "
                    + "counters begin anew"
            ])
        #expect(told.failures.isEmpty && doneRounds("web", in: file) == "1")
        // Who knows better than the file does not begin anew.
        let daemon = ledger()
        _ = await daemon.note(round("web")) { nil }
        directory.write("m.prom", "")
        let second = await daemon.note(round("web")) { nil }
        #expect(
            second.notes == [
                "\(path) is no page of metrics as edgemanage writes it (line 1: the page ends too early): it is "
                    + "written as this process knows it"
            ])
        #expect(doneRounds("web", in: file) == "3")
    }

    @Test func aFileThatCanNotBeWrittenIsAFailureAndThePageGoesOn() async {
        let ledger = ledger()
        let lost = round("web", file: "nowhere/m.prom")
        let told = await ledger.note(lost) { nil }
        #expect(told.failures.count == 1)
        #expect(told.failures[0].hasPrefix("the metrics were not written: "))
        #expect(told.failures[0].contains("\(directory.path)/nowhere"))
        #expect(doneRounds("web", in: await ledger.page()) == "1")
    }

    @Test func withoutAFileThePageIsInMemory() async {
        let ledger = ledger()
        _ = await ledger.note(round("web", file: nil)) { nil }
        _ = await ledger.note(round("shop", file: "m.prom")) { nil }
        let page = await ledger.page()
        #expect(doneRounds("web", in: page) == "1" && doneRounds("shop", in: page) == "1")
        #expect(doneRounds("web", in: file) == nil)
        // A network that moves to a file is there alone.
        _ = await ledger.note(round("web", file: nil)) { nil }
        _ = await ledger.note(round("web", file: "m.prom")) { nil }
        #expect(await ledger.page() == file)
    }

    @Test func networksThatTheConfigurationHasNoMoreAreForgotten() async {
        _ = await ledger().note(round("shop")) { nil }
        _ = await ledger().note(round("web", among: nil)) { nil }
        #expect(doneRounds("shop", in: file) == "1")
        _ = await ledger().note(round("web", among: ["web"])) { nil }
        #expect(doneRounds("shop", in: file) == nil && doneRounds("web", in: file) == "2")
    }

    @Test func theLastPublicationIsAskedForOnce() async {
        let ledger = ledger()
        _ = await ledger.note(round("web")) { UnixTime(seconds: 77) }
        _ = await ledger.note(round("web")) { UnixTime(seconds: 88) }
        #expect(file.contains(#"edgemanage_last_publish_timestamp_seconds{network="web"} 77"#))
    }

    @Test func aRefusedConfigurationShows() async {
        let ledger = ledger()
        await ledger.noteConfiguration(isUsable: false)
        _ = await ledger.note(round("web")) { nil }
        #expect(file.contains("edgemanage_config_last_reload_successful 0\n"))
        #expect(
            file.contains(
                "edgemanage_config_last_reload_success_timestamp_seconds 1700000000\n"))
        await ledger.noteConfiguration(isUsable: true)
        #expect(await ledger.page().contains("edgemanage_config_last_reload_successful 1\n"))
    }

    @Test func theOriginalsNamesStandBesideWhereTheyAreAskedFor() async {
        let first = ledger()
        _ = await first.note(round("web", original: true)) { nil }
        #expect(file.contains("\n# network web 1700000000\n"))
        #expect(file.contains("\na_test_response_time 0.03\n"))
        #expect(file.contains("\na_test_timeslice 0.02\n"))
        #expect(await first.page() == file)
        // Another network's stay when one is written that has none.
        _ = await ledger().note(round("shop")) { nil }
        #expect(file.contains("\na_test_in_rotation 1\n") && doneRounds("shop", in: file) == "1")
        _ = await ledger().note(round("web")) { nil }
        #expect(!file.contains("a_test_"))
        #expect(doneRounds("web", in: file) == "2")
    }
}

/// A clock that stands, and does something whenever somebody waits.
private struct StandingMoments: MomentSource {
    var wall: UnixTime
    var waited: @Sendable () -> Void = {}

    func now() -> Moment { Moment(wall: wall, sinceBoot: .zero, bootID: "b") }

    func pause(_ duration: Duration) async {
        waited()
        await Task.yield()
    }
}
