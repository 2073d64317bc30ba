import EdgeTesting
import Testing

@testable import EdgeCore

/// `Round.decide` with the steady judge: verdicts, the live set, and what a sick monitor leaves of them.
@Suite struct SteadyRoundTests {
    /// A network of three edges, `e1` to `e3`, two of them live, with a reference target.
    private struct Bench {
        static let names: [EdgeName] = ["e1", "e2", "e3"]
        var input: RoundInput

        init(steady: SteadySettings? = SteadyBench.three) {
            var inventory = Inventory(edges: Self.names)
            for (index, name) in Self.names.enumerated() {
                inventory.addresses[name] = EdgeAddresses(ipv4: .v4(0xC633_6401 + UInt32(index)))
            }
            input = RoundInput(
                settings: Self.settings(steady), inventory: inventory, state: NetworkState(),
                observations: [], now: SelectorTests.now)
        }

        private static func settings(_ steady: SteadySettings?) -> NetworkSettings {
            NetworkSettings(
                network: "net", format: .version1,
                object: TestObject(host: "www.test", path: "/", localFile: "/object"),
                judge: JudgeSettings(goodEnough: .seconds(1), steady: steady),
                selection: SelectionSettings(liveCount: 2),
                references: [ReferenceTarget(address: "192.0.2.9", port: 53)],
                dns: DNSSettings(primary: "ns.test.", mailbox: "a.test.", nameServers: []),
                edges: .inline([]), zoneIncludes: "/i", publish: PublishSettings(directory: "/z"),
                database: "/d")
        }

        /// A round with these outcomes, one an edge, and what it leaves for the next one.
        @discardableResult
        mutating func round(
            _ outcomes: ProbeOutcome..., reference: ProbeOutcome = .ok(20)
        ) -> RoundDecision {
            input.observations = zip(Self.names, outcomes).map { name, outcome in
                Observation(
                    target: ProbeTarget(name: name, family: .ipv4),
                    address: input.inventory.addresses[name]?.ipv4, outcome: outcome)
            }
            let target = ProbeTarget(role: .reference, name: "192.0.2.9", family: .ipv4)
            input.observations.append(
                Observation(target: target, address: "192.0.2.9", outcome: reference))
            let decision = Round.decide(input)
            for (target, verdict) in decision.verdicts {
                var record = input.state.targets[target] ?? TargetRecord()
                record.health = verdict.health
                record.steady = verdict.steady?.memory
                input.state.targets[target] = record
            }
            input.state.live = decision.live
            input.state.sickRoundsLeft = decision.monitor.sickRoundsLeft
            return decision
        }

        func isUp(_ name: EdgeName) -> Bool {
            input.state.targets[ProbeTarget(name: name, family: .ipv4)]?.steady?.isUp == true
        }
    }

    private let failing = ProbeOutcome.http(status: 500)

    @Test func theFirstRoundPublishesWhoIsClean() {
        var bench = Bench()
        #expect(bench.round(failing, .ok(300), .ok(100)).selection.live == ["e2", "e3"])
        #expect(!bench.isUp("e2"))
        bench.round(failing, .ok(300), .ok(100))
        #expect(bench.isUp("e2") && bench.isUp("e3") && !bench.isUp("e1"))
    }

    @Test func oneFailedRoundChangesNothingAndTwoDo() {
        var bench = Bench()
        for _ in 0..<3 { bench.round(.ok(100), .ok(100), .ok(500)) }
        let once = bench.round(.ok(100), failing, .ok(500))
        #expect(once.selection.live == ["e1", "e2"])
        #expect(
            once.selection.reasons["e2"]
                == .endures("answered with status 500"))
        let twice = bench.round(.ok(100), failing, .ok(500))
        #expect(twice.selection.live == ["e1", "e3"])
        #expect(
            twice.selection.reasons["e2"]
                == .failing("answered with status 500; down: 2 rounds in a row without an answer"))
    }

    @Test func aSickMonitorsBadAnswersAreForgottenAndItsGoodOnesKept() {
        var bench = Bench()
        for _ in 0..<3 { bench.round(.ok(100), .ok(100), .ok(500)) }
        let before = bench.input.state.targets
        let sick = bench.round(
            SteadyBench.lost, SteadyBench.wrong, .ok(500), reference: SteadyBench.lost)
        #expect(sick.monitor.holdsHealth && sick.selection.live == ["e1", "e2"])
        for name in ["e1", "e2"] as [EdgeName] {
            let target = ProbeTarget(name: name, family: .ipv4)
            #expect(bench.input.state.targets[target]?.steady == before[target]?.steady)
        }
        let third = ProbeTarget(name: "e3", family: .ipv4)
        #expect(bench.input.state.targets[third]?.steady?.cleanRounds == 4)
    }

    /// Nobody could take its place when it went down; now that somebody could, there is no need any more.
    @Test func aLiveEdgeThatIsCleanAgainStays() {
        var bench = Bench()
        for _ in 0..<3 { bench.round(.ok(100), .ok(100), .ok(50)) }
        let target = ProbeTarget(name: "e1", family: .ipv4)
        bench.input.state.live = ["e1", "e2"].map { LiveEdge(name: $0, addresses: EdgeAddresses()) }
        bench.input.state.targets[target]?.steady = SteadyMemory(failureScore: 0.5)
        let clean = bench.round(.ok(100), .ok(100), .ok(50))
        #expect(!bench.isUp("e1") && bench.isUp("e3"))
        #expect(clean.selection.live == ["e1", "e2"])
        #expect(bench.round(.ok(1500), .ok(100), .ok(50)).selection.live == ["e2", "e3"])
    }

    /// A round in which the monitor could not ask, or was kept out, is not held against a live edge that is clean and
    /// not up yet.
    @Test(arguments: [SteadyBench.fault, .http(status: 429)])
    func whatSaysNothingTakesNoPlace(outcome: ProbeOutcome) {
        var bench = Bench()
        for _ in 0..<3 { bench.round(.ok(100), .ok(100), .ok(50)) }
        let target = ProbeTarget(name: "e1", family: .ipv4)
        bench.input.state.live = ["e1", "e2"].map { LiveEdge(name: $0, addresses: EdgeAddresses()) }
        bench.input.state.targets[target]?.steady = SteadyMemory(
            failureScore: 0.5, cleanRounds: 1)
        #expect(bench.round(outcome, .ok(100), .ok(50)).selection.live == ["e1", "e2"])
        #expect(bench.round(.ok(1500), .ok(100), .ok(50)).selection.live == ["e2", "e3"])
    }

    /// A monitor's doubts change nothing for an edge that keeps it out.
    @Test func whoIsBlockedIsSoToASickMonitorToo() {
        var bench = Bench()
        for _ in 0..<3 { bench.round(.ok(100), .ok(100), .ok(500)) }
        let sick = bench.round(
            .http(status: 429), .ok(100), .ok(500), reference: SteadyBench.lost)
        let verdict = sick.verdicts[ProbeTarget(name: "e1", family: .ipv4)]
        #expect(sick.monitor.holdsHealth && verdict?.isBlocked == true && verdict?.isFit == true)
    }

    /// While the monitor is in doubt a drained edge's place is not filled by one that was just seen serving other content.
    @Test(arguments: [SteadyBench.three, nil])
    func wrongContentComesInOnNobodysWord(steady: SteadySettings?) {
        var bench = Bench(steady: steady)
        for _ in 0..<3 { bench.round(.ok(100), .ok(100), .ok(500)) }
        #expect(bench.input.state.live.map(\.name) == ["e1", "e2"])
        bench.input.state.modes["e1"] = ModeRecord(mode: .unavailable)
        bench.input.settings.selection.minLive = 1
        let sick = bench.round(
            SteadyBench.lost, .ok(100), SteadyBench.wrong, reference: SteadyBench.lost)
        #expect(sick.monitor.holdsHealth && sick.selection.live == ["e2"])
        let after = bench.round(
            SteadyBench.lost, .ok(100), SteadyBench.lost, reference: SteadyBench.lost)
        #expect(after.monitor.holdsHealth && after.selection.live == ["e2"])
    }

    @Test func theClassicJudgeLeavesNoMemory() {
        var bench = Bench(steady: nil)
        let decision = bench.round(.ok(100), failing, .ok(500))
        #expect(decision.verdicts.values.allSatisfy { $0.steady == nil })
        #expect(decision.selection.live == ["e1", "e3"])
        #expect(decision.verdicts.count == 3)
    }

    /// An IPv6 address goes out while it is up, not while its last probe passed.
    @Test func anAddressOfTheSecondFamilyOutlastsOneFailure() {
        var bench = Bench()
        bench.input.inventory.addresses["e1"]?.ipv6 = "2001:db8::1"
        let target = ProbeTarget(name: "e1", family: .ipv6)
        bench.input.state.targets[target] = TargetRecord(steady: SteadyMemory(isUp: true))
        let verdict = SteadyJudge(
            settings: bench.input.settings.judge, steady: SteadyBench.three, timeout: .seconds(10)
        ).judge(
            Observation(target: target, address: nil, outcome: failing),
            record: bench.input.state.targets[target] ?? TargetRecord())
        #expect(verdict.health == .fail && verdict.isFit)
        #expect(!Verdict(target: target, health: .fail, reason: .none).isFit)
        #expect(Verdict(target: target, health: .pass, reason: .none).isFit)
    }

    /// Users of IPv6 go to the IPv6 addresses alone: the few that are well must not carry all of them. Without any
    /// that is well everybody goes to IPv4.
    @Test(arguments: [
        ("fff", "123"), ("sff", "23"), ("ssf", "123"), ("sss", ""), ("sxf", "3"), ("xxf", "3"),
        ("smf", "3"),
    ])
    func slowSecondAddressesLeaveWhileOthersCanCarryThem(states: String, expected: String) {
        var bench = Bench()
        bench.input.settings.selection.liveCount = 3
        for name in Bench.names {
            let address = IPAddress("2001:db8::\(name.text.dropFirst())")
            bench.input.inventory.addresses[name]?.ipv6 = address
            bench.input.state.live.append(
                LiveEdge(name: name, addresses: bench.input.inventory.addresses[name]!))
            for family in AddressFamily.allCases {
                let target = ProbeTarget(name: name, family: family)
                bench.input.state.targets[target] = TargetRecord(steady: SteadyMemory(isUp: true))
            }
        }
        let outcomes: [Character: ProbeOutcome] = [
            "f": .ok(100), "s": .ok(3000), "x": failing, "m": .mismatch(.unrecorded),
        ]
        bench.input.observations = zip(Bench.names, states).flatMap { name, state in
            AddressFamily.allCases.map { family in
                let outcome = family == .ipv4 ? ProbeOutcome.ok(100) : outcomes[state]!
                return Observation(
                    target: ProbeTarget(name: name, family: family), address: nil,
                    outcome: outcome, earlier: [outcome, outcome])
            }
        }
        let decision = Round.decide(bench.input)
        let kept = decision.live.filter { $0.addresses.ipv6 != nil }.map(\.name.text.last!)
        #expect(String(kept) == expected)
        #expect(decision.live.count == 3 && decision.live.allSatisfy { $0.addresses.ipv4 != nil })
        #expect(
            decision.warnings
                == (states == "ssf"
                    ? [
                        "the IPv6 addresses of e1, e2 are slow and stay, since the other one would carry "
                            + "300 % of what it does now"
                    ] : []))
    }
}
