import EdgeTesting
import Testing

@testable import EdgeCore

/// What a network's state comes to, measure by measure.
@Suite struct NetworkCheckTests {
    private static let start = UnixTime(seconds: 1_700_000_000)
    private static let edges: [EdgeName] = ["a.test", "b.test", "c.test", "d.test"]

    private var settings = MetricsBench().settings
    private var state = NetworkState()
    private var refusal: (time: UnixTime, message: String)?

    init() {
        settings.selection = SelectionSettings(liveCount: 3, minLive: 2)
        state.generation = 1
        state.lastRun = Self.moment(0)
        state.live = Self.edges.prefix(3).map { LiveEdge(name: $0, addresses: EdgeAddresses()) }
        for name in Self.edges {
            state.targets[ProbeTarget(name: name, family: .ipv4)] = TargetRecord(
                health: .pass, lastOutcome: "ok", lastSample: .milliseconds(20))
        }
    }

    private static func moment(_ seconds: Int64) -> Moment {
        Moment(
            wall: start.adding(.seconds(seconds)), sinceBoot: .seconds(1000 + seconds), bootID: "b")
    }

    private mutating func fail(_ names: EdgeName...) {
        for name in names {
            state.targets[ProbeTarget(name: name, family: .ipv4)] = TargetRecord(
                health: .fail, lastOutcome: "refused", lastDetail: "refused the connection")
        }
    }

    private func view(after seconds: Int64) -> StatusView {
        StatusView(
            settings: settings, state: state, inventory: Self.edges, now: Self.moment(seconds),
            refusal: refusal)
    }

    private func check(
        after seconds: Int64 = 12, given: [NetworkMeasure: MeasureLimits] = [:],
        certificates: [String: UnixTime]? = ["a.test": start.adding(.seconds(90 * 86_400))]
    ) -> NetworkCheck {
        NetworkCheck(
            view(after: seconds), settings: settings, given: given, certificates: certificates)
    }

    /// The measures that are not well, with their states.
    private func bad(_ check: NetworkCheck) -> [NetworkMeasure: PluginState] {
        Dictionary(
            uniqueKeysWithValues: check.readings.filter { $0.state != .ok }
                .map { ($0.measure, $0.state) })
    }

    @Test func allIsWell() {
        let check = check()
        #expect(bad(check).isEmpty, "\(check)")
        let report = NetworkCheck.report([check])
        #expect(
            report.output == """
                EDGEMANAGE OK: web 3 of 3 live, last round 12 s ago | 'web live'=3;3:;2:;0;4 \
                'web age'=12s;180;300;0 'web sick'=0s;0;300;0 'web held'=0;0;;0 \
                'web refused'=0;0;;0 'web down'=0;;;0 'web latency'=0.02s;;;0 \
                'web certificate'=89.99;14:;2: 'web troubles'=0;0;;0

                """)
    }

    @Test mutating func belowWantedWarnsAndBelowTheFewestIsCritical() {
        fail("b.test")
        #expect(bad(check()) == [.live: .warning])
        fail("b.test", "c.test")
        let check = check()
        #expect(bad(check) == [.live: .critical])
        let report = NetworkCheck.report([check])
        #expect(report.state == .critical)
        #expect(
            report.headline == "web: 1 of 3 live and passing (not passing: b.test c.test)")
        #expect(
            report.details.first
                == "CRITICAL web: 1 of 3 live and passing (not passing: b.test c.test) (live range 2:)"
        )
        #expect(report.details.contains("web: live and failing: b.test c.test"))
    }

    @Test mutating func nothingPublishedIsCritical() {
        state = NetworkState()
        let check = check()
        #expect(bad(check) == [.live: .critical])
        #expect(
            NetworkCheck.report([check]).headline
                == "web: nothing is published yet, 0 of 3 live and passing")
        #expect(check.performance[1].text == "'web age'=U;180;300;0")
    }

    @Test(arguments: [
        (180 as Int64, nil as PluginState?), (181, .warning), (300, .warning), (301, .critical),
    ])
    func roundsThatDoNotCome(seconds: Int64, state: PluginState?) {
        #expect(bad(check(after: seconds))[.age] == state)
        #expect(bad(check(after: seconds))[.troubles] == nil)
    }

    /// A round a second is no reason to wake somebody after three.
    @Test mutating func shortIntervalsHaveAFloor() {
        settings.interval = .seconds(1)
        #expect(bad(check(after: 60)).isEmpty)
        #expect(bad(check(after: 61)) == [.age: .warning])
    }

    private mutating func hold(_ identity: String, key: String? = nil) {
        state.holds = [
            StoredHold(
                approvalKey: key, identity: identity, zone: nil, message: "it waits",
                since: Self.start)
        ]
    }

    @Test(arguments: ["sick-monitor", "all-mismatch"])
    mutating func aMonitorInDoubt(identity: String) {
        hold(identity)
        #expect(bad(check(after: 0)) == [.sick: .warning])
        #expect(bad(check(after: 300))[.sick] == .warning)
        #expect(bad(check(after: 301))[.sick] == .critical)
    }

    @Test mutating func aHeldPlanWarnsUntilItIsApproved() {
        hold("mass-removal 7", key: "mass-removal 7")
        #expect(bad(check()) == [.held: .warning])
        #expect(NetworkCheck.report([check()]).headline == "web: 1 plan waits: it waits")
        state.approvals = ["mass-removal 7"]
        #expect(bad(check()).isEmpty)
        // What an operator said is no trouble.
        hold("rotations-held")
        #expect(bad(check()).isEmpty)
    }

    @Test mutating func aRunThatWasRefusedWarns() {
        refusal = (Self.start.adding(.seconds(5)), "the list is empty")
        #expect(bad(check()) == [.refused: .warning])
        #expect(
            NetworkCheck.report([check()]).headline
                == "web: the last run failed 7 s ago: the list is empty")
        #expect(
            bad(check(given: [.refused: MeasureLimits(critical: ThresholdRange("0"))]))
                == [.refused: .critical])
    }

    @Test mutating func aNameServerThatLags() throws {
        settings.publish.servers = [
            NameServerSettings(
                name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001))
        ]
        state.zones["zone.test"] = PublishedZone(
            serial: SOASerial(1), contentKey: "", includeRevision: 1,
            fileStamp: FileStamp(inode: 1, size: 1, modified: 1, changed: 1))
        #expect(bad(check()).isEmpty, "\(check())")
        let name = try #require(ServerName("ns1"))
        let owed = OwedZone(generation: 1, since: Self.start)
        state.servers[name] = ServerState(owed: ["zone.test": owed])
        #expect(bad(check(after: 60))[.lag] == nil)
        #expect(bad(check(after: 61)) == [.lag: .warning])
        #expect(bad(check(after: 301))[.lag] == .critical)
        state.servers[name] = ServerState(silentSince: Self.start)
        let silent = check(after: 61)
        #expect(bad(silent) == [.lag: .warning])
        #expect(
            NetworkCheck.report([silent]).headline
                == "web: name server ns1 does not answer for 61 s")
    }

    @Test mutating func certificatesThatEnd() {
        func ends(in seconds: Int64) -> [NetworkMeasure: PluginState] {
            bad(
                check(after: 0, certificates: ["a.test": Self.start.adding(.seconds(seconds))]))
        }
        let day: Int64 = 86_400
        #expect(ends(in: 14 * day).isEmpty)
        #expect(ends(in: 14 * day - 1) == [.certificate: .warning])
        #expect(ends(in: 2 * day - 1) == [.certificate: .critical])
        #expect(ends(in: -day) == [.certificate: .critical])
        // Unknown where nobody asked is no finding; where somebody did, it is.
        #expect(bad(check(certificates: nil)).isEmpty)
        let asked = [NetworkMeasure.certificate: MeasureLimits(warning: ThresholdRange("7:"))]
        #expect(bad(check(given: asked, certificates: nil)) == [.certificate: .unknown])
    }

    @Test mutating func edgesThatFailAndSlowOnesAreToldWhenAskedFor() {
        fail("d.test")
        #expect(bad(check()).isEmpty)
        let down = [NetworkMeasure.down: MeasureLimits(warning: ThresholdRange("0"))]
        #expect(bad(check(given: down)) == [.down: .warning])
        state.modes["d.test"] = ModeRecord(mode: .unavailable)
        #expect(bad(check(given: down)).isEmpty)
        let slow = [NetworkMeasure.latency: MeasureLimits(critical: ThresholdRange("0.01"))]
        let check = check(given: slow)
        #expect(bad(check) == [.latency: .critical])
        #expect(
            NetworkCheck.report([check]).headline
                == "web: the slowest live edge, a.test, took 20 ms")
    }

    /// `~:` switches a measure off.
    @Test mutating func aRangeOfTheCommandLineWins() {
        fail("b.test", "c.test")
        let off = MeasureLimits(warning: ThresholdRange("~:"), critical: ThresholdRange("~:"))
        #expect(bad(check(given: [.live: off])).isEmpty)
    }

    @Test mutating func networksTogether() {
        let well = check()
        fail("b.test")
        var degraded = check()
        degraded.network = "shop"
        let report = NetworkCheck.report(
            [well, degraded], unreadable: [("third", "no such database")])
        #expect(report.state == .unknown)
        #expect(
            report.headline == "third: no such database; shop: 2 of 3 live and passing "
                + "(not passing: b.test); 1 other network is well")
        #expect(report.output.split(separator: "\n")[0].split(separator: "|").count == 2)
        #expect(report.performance.count == 2 * well.performance.count)
        #expect(NetworkCheck.report([]).state == .unknown)
    }
}
