import EdgeCore
import EdgeTesting
import Testing

@Suite struct MonitorCheckTests {
    static func edge(_ name: String, _ outcome: ProbeOutcome) -> Observation {
        Observation(
            target: ProbeTarget(name: EdgeName(name)!, family: .ipv4), address: nil,
            outcome: outcome)
    }

    static func reference(_ name: String, _ outcome: ProbeOutcome) -> Observation {
        Observation(
            target: ProbeTarget(role: .reference, name: EdgeName(name)!, family: .ipv4),
            address: nil,
            outcome: outcome)
    }

    static func state(passing: [String], sick: Int = 0) -> NetworkState {
        var state = NetworkState(sickRoundsLeft: sick)
        for name in passing {
            state.targets[ProbeTarget(name: EdgeName(name)!, family: .ipv4)] =
                TargetRecord(health: .passThreshold)
        }
        return state
    }

    static let ok = ProbeOutcome.ok(fetchTime: .milliseconds(10))
    static let lost = ProbeOutcome.timeout(.connect)

    static func assess(_ observations: [Observation], _ state: NetworkState) -> MonitorCheck {
        MonitorCheck.assess(observations, inventory: Inventory(), state: state)
    }

    @Test func twoThirdsOfTheReferencesMustAnswer() {
        let edges = [Self.edge("a", Self.ok)]
        let two = [("192.0.2.1", Self.ok), ("192.0.2.2", .refused), ("192.0.2.3", Self.lost)]
        let well = Self.assess(
            edges + two.map { Self.reference($0.0, $0.1) }, Self.state(passing: []))
        #expect(well.sickness == nil)
        let one = [("192.0.2.1", Self.ok), ("192.0.2.2", Self.lost), ("192.0.2.3", Self.lost)]
        let sick = Self.assess(
            edges + one.map { Self.reference($0.0, $0.1) }, Self.state(passing: []))
        #expect(sick.sickness != nil)
        #expect(sick.sickRoundsLeft == 2)
    }

    @Test func withoutReferencesLosingAllAtOnceIsItsOwnFault() {
        let all = [Self.edge("a", Self.lost), Self.edge("b", Self.lost), Self.edge("c", Self.ok)]
        #expect(Self.assess(all, Self.state(passing: ["a", "b"])).sickness != nil)
        // A spare that was fine before still answers: the network works.
        #expect(Self.assess(all, Self.state(passing: ["a", "b", "c"])).sickness == nil)
        // One edge down and another one up is no outage.
        let swap = [Self.edge("a", Self.lost), Self.edge("c", Self.ok)]
        #expect(Self.assess(swap, Self.state(passing: ["a"])).sickness == nil)
    }

    /// An edge that answered one of its attempts is there, whatever came of the last one (I14).
    @Test func anAnswerIsOneInWhicheverAttempt() {
        var found = [Self.edge("a", .refused), Self.edge("b", .refused)]
        for index in found.indices { found[index].earlier = [Self.ok] }
        #expect(Self.assess(found, Self.state(passing: ["a", "b"])).sickness == nil)
        #expect(found[0].fetchTime == .milliseconds(10))
        var breaker = CanaryBreaker(limit: 1)
        found[0].target = ProbeTarget(role: .canary, name: "192.0.2.1", family: .ipv4)
        breaker.record(found[0])
        #expect(!breaker.hasTripped)
        found[0].earlier = [Self.lost]
        breaker.record(found[0])
        #expect(breaker.hasTripped)
    }

    /// Whoever answers anything at all is there.
    @Test(arguments: [
        ProbeOutcome.refused, .reset(.processing), .http(status: 404), .tls(reason: "x"),
        .mismatch(.unrecorded), .redirect(status: 301, target: "x"), .protocolError(reason: "x"),
    ])
    func anyWordOfAReferenceIsAnAnswer(outcome: ProbeOutcome) {
        let references = [Self.reference("192.0.2.1", outcome)]
        let state = Self.state(passing: ["e1"])
        #expect(Self.assess([Self.edge("e1", Self.ok)] + references, state).sickness == nil)
        let lost = [Self.reference("192.0.2.1", .timeout(.connect))]
        #expect(Self.assess([Self.edge("e1", Self.ok)] + lost, state).sickness != nil)
    }

    @Test func staysQuietForTwoRoundsMore() {
        let fine = [Self.edge("a", Self.ok)]
        let second = Self.assess(fine, Self.state(passing: ["a"], sick: 2))
        #expect(second.holdsHealth && second.sickRoundsLeft == 1)
        let third = Self.assess(fine, Self.state(passing: ["a"], sick: 1))
        #expect(third.holdsHealth && third.sickRoundsLeft == 0)
        #expect(!Self.assess(fine, Self.state(passing: ["a"], sick: 0)).holdsHealth)
    }

    @Test func whenAllMismatchTheLocalObjectIsTheSuspect() {
        let wrong = ProbeOutcome.mismatch(.content(firstDifference: 3))
        let all = [Self.edge("a", wrong), Self.edge("b", wrong)]
        let check = Self.assess(all, Self.state(passing: ["a", "b"]))
        #expect(check.hold == .allMismatch(count: 2))
        let most = all + [Self.edge("c", Self.ok)]
        #expect(Self.assess(most, Self.state(passing: ["a", "b", "c"])).hold == nil)
    }

    @Test func localFaultsOfMostEdgesAreTheMonitors() {
        let fault = ProbeOutcome.localFault(reason: "no descriptors")
        let all = [Self.edge("a", fault), Self.edge("b", fault), Self.edge("c", Self.ok)]
        #expect(Self.assess(all, Self.state(passing: ["a", "b", "c"])).sickness != nil)
    }

    /// A name that did not resolve was not probed: it says nothing for the monitor.
    @Test func whoHasNoAddressIsNoWitness() {
        let fault = ProbeOutcome.localFault(reason: "x")
        let nameless = Self.edge("b", .unresolvable(reason: "x"))
        let state = Self.state(passing: [])
        #expect(Self.assess([Self.edge("a", fault), nameless], state).sickness != nil)
        #expect(Self.assess([Self.edge("a", Self.ok), nameless], state).sickness == nil)
    }

    @Test func aMonitorWithoutIPv6IsWell() {
        func edge(_ name: String, _ family: AddressFamily, _ outcome: ProbeOutcome) -> Observation {
            Observation(
                target: ProbeTarget(name: EdgeName(stringLiteral: name), family: family),
                address: nil, outcome: outcome)
        }
        let noRoute = ProbeOutcome.localFault(reason: "no route")
        let all = [
            edge("a", .ipv4, Self.ok), edge("a", .ipv6, noRoute), edge("b", .ipv6, noRoute),
            edge("c", .ipv6, noRoute),
        ]
        #expect(Self.assess(all, Self.state(passing: ["a"])).sickness == nil)
    }

    /// Edges in a row: `-` lost a packet and answered, `x` never answered, `+` answered at once.
    private static func edges(_ text: String, _ lost: ProbeOutcome = lost) -> [Observation] {
        text.enumerated().map { index, sign in
            var observation = edge("e\(index)", sign == "x" ? lost : ok)
            if sign != "+" { observation.earlier = [lost] }
            return observation
        }
    }

    /// Dying edges do not answer in between; a network that loses packets makes all of them do so at once.
    @Test func losingPacketsToMostEdgesIsTheMonitorsOwnFault() {
        let references = [("192.0.2.1", Self.ok), ("192.0.2.2", Self.ok), ("192.0.2.3", Self.lost)]
            .map { Self.reference($0.0, $0.1) }
        func sickness(_ text: String, _ references: [Observation]) -> String? {
            Self.assess(Self.edges(text) + references, Self.state(passing: [])).sickness
        }
        #expect(
            sickness("--x+++", references)
                == "3 of 6 edges lost attempts, though 2 answered others, and 2 of 3 reference "
                + "targets answered")
        // A third, and with it a reference target; without any of these, three quarters.
        #expect(sickness("--++++", references) != nil)
        #expect(sickness("--+++++", references) == nil)
        #expect(sickness("--++++", Array(references.prefix(2))) == nil)
        #expect(sickness("---x++", []) == nil)
        #expect(sickness("----x++", []) == nil)
        #expect(sickness("---xx+", []) != nil)
        // An edge that answered first and lost the last attempt counts like the others.
        var turned = Self.edges("--++++") + references
        for index in 0..<2 {
            (turned[index].outcome, turned[index].earlier) = (Self.lost, [Self.ok])
        }
        #expect(Self.assess(turned, Self.state(passing: [])).sickness != nil)
        // Edges that are dead, however many, and one that wavers.
        #expect(sickness("-xxx++", references) == nil)
        let refusing = Self.edges("--x+++", .refused) + references
        #expect(Self.assess(refusing, Self.state(passing: [])).sickness == nil)
    }

    /// A flood makes live edges lose packets, and leaves the others alone; with all reference targets well, both
    /// kinds must do so, half of each.
    @Test func losingPacketsToLiveEdgesAndOthersAlikeIsTheMonitorsOwnFault() {
        let references = [("192.0.2.1", Self.ok), ("192.0.2.2", Self.ok)]
            .map { Self.reference($0.0, $0.1) }
        func sickness(_ text: String, live: Int) -> String? {
            var state = Self.state(passing: [])
            state.live = (0..<live).map {
                LiveEdge(name: EdgeName("e\($0)")!, addresses: EdgeAddresses())
            }
            return Self.assess(Self.edges(text) + references, state).sickness
        }
        #expect(
            sickness("--++-+", live: 4)
                == "3 of 6 edges lost attempts, though 3 answered others, live ones and others alike"
        )
        #expect(sickness("----++", live: 4) == nil)
        #expect(sickness("-+++--", live: 4) == nil)
        #expect(sickness("--++x+", live: 4) != nil)
        #expect(sickness("xx++x-", live: 4) == nil)
        // One edge alone beside the live ones tells nothing.
        #expect(sickness("-----", live: 4) == nil)
    }
}
