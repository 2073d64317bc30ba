import EdgeCore
import EdgeTesting
import Testing

/// Stories of a few recorded rounds.
@Suite struct ReplayTests {
    static func settings(live: Int = 2, timeout: Duration = .seconds(10)) -> NetworkSettings {
        NetworkSettings(
            network: "net", format: .version1,
            object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
            probe: ProbeSettings(timeout: timeout),
            judge: JudgeSettings(goodEnough: .seconds(1), keep: .window),
            selection: SelectionSettings(liveCount: live),
            dns: DNSSettings(
                primary: "ns1.dns.test.", mailbox: "host.dns.test.",
                nameServers: ["ns1.dns.test."]),
            edges: .inline([]), zoneIncludes: "/includes",
            publish: PublishSettings(directory: "/zones"), database: "/db")
    }

    static let fine = ProbeOutcome.ok(fetchTime: .milliseconds(100))

    /// A round of minute `minute`; an edge with nil is not in it.
    static func round(
        _ minute: Int64, _ outcomes: [EdgeName: ProbeOutcome?], references: [ProbeOutcome] = []
    ) -> TraceRound {
        var probes = outcomes.sorted { $0.key < $1.key }.compactMap { name, outcome in
            outcome.map {
                TraceProbe(
                    target: ProbeTarget(name: name, family: name.address?.family ?? .ipv4),
                    attempts: [$0])
            }
        }
        probes += references.enumerated().map { number, outcome in
            TraceProbe(
                target: ProbeTarget(
                    role: .reference, name: EdgeName("r\(number)")!, family: .ipv4),
                attempts: [outcome])
        }
        return TraceRound(time: UnixTime(seconds: minute * 60), probes: probes)
    }

    @Test func aFailingEdgeGivesWayToAPassingOne() {
        var replay = Replay(settings: Self.settings(), edges: ["a", "b", "c"])
        let first = replay.decide(
            Self.round(0, ["a": Self.fine, "b": Self.fine, "c": .ok(fetchTime: .seconds(2))]))
        #expect(first.live == ["a", "b"] && first.published && first.added == ["a", "b"])
        #expect(first.healths.map(\.health) == [.passThreshold, .passThreshold, .pass])
        let second = replay.decide(Self.round(1, ["a": .refused, "b": Self.fine, "c": Self.fine]))
        #expect(second.live == ["b", "c"] && second.failing == ["a"])
        #expect(second.removed == ["a"] && second.added == ["c"] && second.held == nil)
        #expect(second.reasons.map(\.edge) == ["a", "c"])
        #expect(second.reasons.first?.words == "out: refused the connection")
        let third = replay.decide(Self.round(2, ["a": .refused, "b": Self.fine, "c": Self.fine]))
        #expect(third.live == ["b", "c"] && !third.published && third.held == nil)
    }

    /// Who keeps the monitor out is blocked, not down: it stays, and is no failure.
    @Test func whoKeepsTheMonitorOutIsBlocked() {
        var settings = Self.settings()
        settings.judge.steady = SteadySettings()
        var replay = Replay(settings: settings, edges: ["a", "b", "c"])
        for minute in Int64(0)..<3 {
            _ = replay.decide(
                Self.round(minute, ["a": Self.fine, "b": Self.fine, "c": Self.fine]))
        }
        for minute in Int64(3)..<8 {
            let round = replay.decide(
                Self.round(
                    minute, ["a": .http(status: 429), "b": Self.fine, "c": Self.fine]))
            #expect(round.live == ["a", "b"] && round.failing.isEmpty)
            #expect(round.healths.map(\.word) == ["blocked", "pass_threshold", "pass_threshold"])
            #expect(round.healths.first?.health == .passWindow)
            var line: [UInt8] = []
            round.appendJSON(to: &line)
            let text = String(decoding: line, as: UTF8.self)
            #expect(text.contains(#""healths": {"a": "blocked", "b": "#))
        }
        // The classic judge knows no such class.
        var classic = Replay(settings: Self.settings(), edges: ["a"])
        let round = classic.decide(Self.round(0, ["a": .http(status: 429)]))
        #expect(round.healths.map(\.word) == ["fail"] && round.failing == ["a"])
    }

    /// The last attempt of a round is the classic judge's.
    @Test func theLastAttemptCounts() {
        var replay = Replay(settings: Self.settings(live: 1), edges: ["a"])
        var round = Self.round(0, ["a": .refused])
        round.probes[0].attempts.append(Self.fine)
        #expect(replay.decide(round).live == ["a"])
    }

    /// What failing references say of the monitor holds in this round and the next two (I14).
    @Test func referencesTellThatTheMonitorIsSick() {
        var replay = Replay(settings: Self.settings(), edges: ["a", "b", "c"])
        let all: [EdgeName: ProbeOutcome?] = ["a": Self.fine, "b": Self.fine, "c": Self.fine]
        let well = [ProbeOutcome](repeating: Self.fine, count: 3)
        #expect(replay.decide(Self.round(0, all, references: well)).held == nil)
        let down: [EdgeName: ProbeOutcome?] = ["a": .refused, "b": Self.fine, "c": Self.fine]
        let sick = [Self.fine, .timeout(.connect), .timeout(.connect)]
        let held = replay.decide(Self.round(1, down, references: sick))
        #expect(held.live == ["a", "b"] && !held.published)
        #expect(held.held?.contains("only 1 of 3 reference targets answered") == true)
        #expect(replay.decide(Self.round(2, down, references: well)).held != nil)
        #expect(replay.decide(Self.round(3, down, references: well)).held != nil)
        #expect(replay.decide(Self.round(4, down, references: well)).live == ["b", "c"])
    }

    /// An edge without a line is judged as before, for ten minutes.
    @Test func silenceIsNoFailureForAWhile() {
        var replay = Replay(settings: Self.settings(), edges: ["a", "b", "c"])
        var all: [EdgeName: ProbeOutcome?] = ["a": Self.fine, "b": Self.fine, "c": Self.fine]
        #expect(replay.decide(Self.round(0, all)).live == ["a", "b"])
        all.removeValue(forKey: "a")
        for minute: Int64 in 1...10 {
            let round = replay.decide(Self.round(minute, all))
            #expect(round.live == ["a", "b"] && round.healths.count == 3, "\(minute)")
        }
        let forgotten = replay.decide(Self.round(11, all))
        #expect(forgotten.live == ["b", "c"] && forgotten.healths.map(\.edge) == ["b", "c"])
        #expect(forgotten.reasons.first?.words == "out: was not probed lately")
    }

    /// With the steady judge too: a class that is forgotten leaves no place behind.
    @Test func theSteadyJudgeForgetsTheSilent() {
        var settings = Self.settings()
        settings.judge.steady = SteadySettings()
        var replay = Replay(settings: settings, edges: ["a", "b", "c"])
        var all: [EdgeName: ProbeOutcome?] = ["a": Self.fine, "b": Self.fine, "c": Self.fine]
        for minute: Int64 in 0...2 { _ = replay.decide(Self.round(minute, all)) }
        all.removeValue(forKey: "a")
        for minute: Int64 in 3...12 {
            #expect(replay.decide(Self.round(minute, all)).live == ["a", "b"], "\(minute)")
        }
        #expect(replay.decide(Self.round(13, all)).live == ["b", "c"])
    }

    /// However far rounds are apart, who is in this one is known from the last.
    @Test func anothersSilenceForgetsNobody() {
        var replay = Replay(settings: Self.settings(), edges: ["a", "b", "c", "d"])
        let all: [EdgeName: ProbeOutcome?] = [
            "a": Self.fine, "b": Self.fine, "c": Self.fine, "d": Self.fine,
        ]
        _ = replay.decide(Self.round(0, all))
        _ = replay.decide(Self.round(15, all))
        let lost = ProbeOutcome.timeout(.connect)
        let round = replay.decide(Self.round(30, ["a": lost, "b": lost, "c": lost]))
        #expect(round.held?.contains("3 edges that answered before fail at once") == true)
    }

    /// A round of which nothing is known changes nothing.
    @Test func anEmptyRoundChangesNothing() {
        var replay = Replay(settings: Self.settings(), edges: ["a", "b"])
        _ = replay.decide(Self.round(0, ["a": Self.fine, "b": Self.fine]))
        let empty = replay.decide(TraceRound(time: UnixTime(seconds: 86_400)))
        #expect(
            empty.live == ["a", "b"] && !empty.published && empty.held == nil
                && empty.healths.isEmpty)
    }

    /// An answer that took longer than the configuration would have waited is none.
    @Test func theConfigurationsTimeoutHolds() {
        let round = Self.round(0, ["a": .ok(fetchTime: .seconds(5)), "b": Self.fine])
        var patient = Replay(settings: Self.settings(), edges: ["a", "b"])
        #expect(patient.decide(round).live == ["a", "b"])
        var hasty = Replay(settings: Self.settings(timeout: .seconds(4)), edges: ["a", "b"])
        let decided = hasty.decide(round)
        #expect(decided.live == ["b"] && decided.failing == ["a"])
        // With the steady judge each attempt has its own.
        var settings = Self.settings()
        settings.judge.steady = SteadySettings(attemptTimeout: .seconds(4))
        var steady = Replay(settings: settings, edges: ["a", "b"])
        #expect(steady.decide(round).failing == ["a"])
        settings.judge.steady?.attemptTimeout = .seconds(6)
        steady = Replay(settings: settings, edges: ["a", "b"])
        #expect(steady.decide(round).failing.isEmpty)
    }

    /// A name that never resolved can't be live; one that did is a failing edge like any other.
    @Test func namesWithoutAddressesAreNotLive() {
        let lost = ProbeOutcome.unresolvable(reason: "x")
        var replay = Replay(
            settings: Self.settings(live: 3), edges: ["a", "b", "c", "192.0.2.1"])
        let first = replay.decide(
            Self.round(0, ["a": lost, "b": Self.fine, "c": Self.fine, "192.0.2.1": Self.fine]))
        #expect(first.live == ["192.0.2.1", "b", "c"] && first.held == nil)
        let second = replay.decide(
            Self.round(1, ["a": Self.fine, "b": lost, "c": Self.fine, "192.0.2.1": Self.fine]))
        #expect(second.live == ["192.0.2.1", "a", "c"])
        // Most names gone at once: that is the monitor's resolver.
        let third = replay.decide(
            Self.round(2, ["a": lost, "b": lost, "c": Self.fine, "192.0.2.1": Self.fine]))
        #expect(third.held?.contains("2 of 3 edges' names did not resolve") == true)
    }

    @Test func aRoundIsOneLineOfJSONWithItsMembersInOrder() {
        var replay = Replay(settings: Self.settings(live: 1), edges: ["a", "b"])
        func json(_ round: TraceRound) -> String {
            var bytes: [UInt8] = []
            replay.decide(round).appendJSON(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(
            json(Self.round(0, ["a": Self.fine, "b": .refused]))
                == #"{"time": 0, "live": ["a"], "healths": {"a": "pass_threshold", "b": "fail"}, "#
                + #""published": true, "held": null, "removed": [], "added": ["a"], "#
                + #""reasons": {"a": "chosen: it is fine, the best for a free place"}}"#)
        var late = Self.round(1, ["a": .refused, "b": .refused])
        late.time = UnixTime(nanoseconds: 60_250_000_000)
        #expect(
            json(late)
                == #"{"time": 60.25, "live": ["a"], "healths": {"a": "pass_threshold", "b": "fail"}, "#
                + #""published": false, "held": "this monitor seems to be the sick one: the edge that "#
                + #"answered before fails, and no other answers; nothing is changed for health's sake", "#
                + #""removed": [], "added": [], "reasons": {}}"#)
    }
}
