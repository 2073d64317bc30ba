import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Testing

/// Sums of rounds in the database: what they hold, how long, and when edges were live.
@Suite struct RollupTests {
    let directory: TemporaryDirectory
    let path: String
    let network = NetworkName("web")
    let target = ProbeTarget(name: "192.0.2.1", family: .ipv4)
    /// 2023-11-15T00:00:00Z.
    let midnight: Int64 = 1_700_006_400

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("state.db")
    }

    /// One round; every tenth fails.
    private func record(
        _ number: Int, at seconds: Int64, live: [EdgeName] = [],
        history: HistorySettings = HistorySettings()
    ) -> RoundRecord {
        let time = Duration.milliseconds(100 + number % 50)
        let outcome: ProbeOutcome =
            number.isMultiple(of: 10) ? .timeout(.connect) : .ok(fetchTime: time)
        let observation = Observation(
            target: target, address: .v4(1), outcome: outcome,
            phases: ProbePhases(connect: .milliseconds(20)))
        return RoundRecord(
            network: network,
            moment: Moment(
                wall: UnixTime(seconds: seconds), sinceBoot: .seconds(seconds), bootID: "b"),
            generation: 0,
            targets: [
                TargetUpdate(
                    target: target, address: nil, sample: outcome.fetchTime ?? .seconds(10),
                    health: .pass, outcome: outcome.word, detail: "",
                    evidence: ProbeEvidence(observation))
            ],
            live: live.map { LiveEdge(name: $0, addresses: EdgeAddresses()) }, basis: 0,
            history: history)
    }

    private func counts() throws -> [String] {
        try SQLShell.run(path, "SELECT span, count(*) FROM rollup GROUP BY span")
            .split(separator: "\n").map(String.init)
    }

    /// Two days and a half of rounds: every one is counted once, whatever the sums are that hold it.
    @Test func everyRoundIsCountedOnce() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let total = 60 * 60
        for number in 1...total {
            try store.begin(
                record(number, at: midnight + Int64(number - 1) * 60), keptSamples: 10)
        }
        let now = UnixTime(seconds: midnight + Int64(total - 1) * 60)
        let all = try store.history(network, from: UnixTime(seconds: midnight), now: now)
        let summary = try #require(all.summaries[target])
        #expect(summary.probes == total && summary.answered == total - total / 10)
        #expect(all.since == UnixTime(seconds: midnight))
        #expect(summary.mean(.connect) == .milliseconds(20))
        let median = try #require(summary.histogram.percentile(50)).inSeconds
        #expect(abs(median - 0.125) < 0.125 * 0.032)
        // 60 hours: of the last five minutes, the last hour and the last day nothing is over.
        #expect(try counts() == ["0|576", "1|59", "2|2"])
        for minutes in [10, 60, 61, 600, 1440, 2000] {
            let from = now.adding(.seconds(-60 * minutes))
            let window = try store.history(network, from: from, now: now)
            let first = HistorySpan.minutes.start(of: from)
            #expect(
                window.summaries[target]?.probes == Int((now.seconds - first) / 60) + 1,
                "\(minutes)")
        }
    }

    /// What is over is summed up by the round that begins the next time, and by no other.
    @Test func mostRoundsAddNothing() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        for number in 1...5 {
            try store.begin(record(number, at: midnight + Int64(number) * 50), keptSamples: 10)
            #expect(try counts().isEmpty)
        }
        try store.begin(record(6, at: midnight + 300), keptSamples: 10)
        #expect(try counts() == ["0|1"])
        try store.begin(record(7, at: midnight + 3700), keptSamples: 10)
        #expect(try counts() == ["0|2", "1|1"])
        try store.begin(record(8, at: midnight + 86_400), keptSamples: 10)
        #expect(try counts() == ["0|3", "1|2", "2|1"])
        let now = UnixTime(seconds: midnight + 86_400)
        let window = try store.history(network, from: UnixTime(seconds: midnight), now: now)
        #expect(window.summaries[target]?.probes == 8)
    }

    /// A shorter time to keep takes effect two sums a target at a time.
    @Test func oldSumsFallOut() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        for number in 1...300 {
            try store.begin(record(number, at: midnight + Int64(number) * 60), keptSamples: 10)
        }
        #expect(try counts() == ["0|60", "1|5"])
        let short = HistorySettings(minutes: .seconds(7200))
        var kept = 60
        for number in 301...540 {
            try store.begin(
                record(number, at: midnight + Int64(number) * 60, history: short), keptSamples: 10)
            let now = Int(try counts()[0].dropFirst(2)) ?? 0
            #expect(kept - now <= 1)
            kept = now
        }
        #expect((24...26).contains(kept))
    }

    /// A clock that is set back comes to the same five minutes again, and loses no round.
    @Test func aClockThatIsSetBackLosesNothing() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        for (number, second) in [10, 310, 20, 320, 630].enumerated() {
            try store.begin(record(number + 1, at: midnight + Int64(second)), keptSamples: 10)
        }
        let window = try store.history(
            network, from: UnixTime(seconds: midnight), now: UnixTime(seconds: midnight + 630))
        #expect(window.summaries[target]?.probes == 5)
    }

    @Test func liveSpansSayWhenEdgesWereLive() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let sets: [[EdgeName]] = [["a.test"], ["a.test", "b.test"], ["b.test"], ["a.test"]]
        for (number, live) in sets.enumerated() {
            try store.begin(
                record(number + 1, at: midnight + Int64(number) * 100, live: live), keptSamples: 10)
        }
        func time(_ second: Int64) -> UnixTime { UnixTime(seconds: midnight + second) }
        let spans = try store.liveSpans(network, from: time(0))
        #expect(
            spans == [
                LiveSpan(edge: "a.test", began: time(0), ended: time(200)),
                LiveSpan(edge: "a.test", began: time(300)),
                LiveSpan(edge: "b.test", began: time(100), ended: time(300)),
            ])
        #expect(try store.liveSpans(network, from: time(250)).count == 2)
        #expect(spans[0].overlap(from: time(50), to: time(1000)) == .seconds(150))
        #expect(spans[1].overlap(from: time(50), to: time(1000)) == .seconds(700))
        #expect(spans[1].contains(time(300)) && !spans[0].contains(time(200)))
    }

    /// An hour in cells, the last of which ends now.
    @Test func cellsEndNow() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        for number in 1...90 {
            try store.begin(record(number, at: midnight + Int64(number) * 60), keptSamples: 2000)
        }
        let now = UnixTime(seconds: midnight + 90 * 60)
        let cells = try #require(try store.cells(network, cells: 12, now: now)[target])
        #expect(cells.count == 12)
        #expect(cells.map(\.probes) == Array(repeating: 5, count: 12))
        // Rounds 31 to 90; every tenth failed.
        #expect(cells.map(\.answered).reduce(0, +) == 54)
        #expect(cells[1].answered == 4 && cells[0].answered == 5)
        let line = Sparkline(cells)
        #expect(line.cells[1].failed.map { abs($0 - 0.2) < 1e-9 } == true)
        #expect(line.text(goodEnough: .milliseconds(1200)).count == 12)
        #expect(try store.cells(network, cells: 12, now: now.adding(.seconds(90_000))).isEmpty)
    }

    /// Lines of the audit log fall out when they are old enough.
    @Test func oldEventsFallOut() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        let short = HistorySettings(audit: .seconds(86_400))
        for number in 1...200 {
            var record = record(number, at: midnight + Int64(number) * 1000, history: short)
            record.events = [AuditEvent(kind: .rotation, subject: "e", message: "\(number)")]
            try store.begin(record, keptSamples: 10)
        }
        // After round 200: what is a day old, in rounds of 1,000 s.
        let left = try store.events(network, limit: 1000)
        #expect(left.first?.event.message == "114")
        #expect(left.last?.event.message == "200")
        #expect(try store.events(network, subject: "other", limit: 9).isEmpty)
        #expect(try store.events(network, kind: .mode, limit: 9).isEmpty)
        let some = try store.events(
            network, since: UnixTime(seconds: midnight + 150_000),
            until: UnixTime(seconds: midnight + 152_000), limit: 9)
        #expect(some.map(\.event.message) == ["150", "151", "152"])
    }

    /// A replay is given every attempt that is kept.
    @Test func replaysEveryAttempt() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        var record = record(1, at: midnight)
        let observation = Observation(
            target: target, address: nil, outcome: .ok(fetchTime: .milliseconds(100)), attempts: 2,
            earlier: [.timeout(.connect)])
        record.targets[0].sample = .milliseconds(100)
        record.targets[0].evidence = ProbeEvidence(observation)
        try store.begin(record, keptSamples: 10)
        record.targets[0].evidence = nil
        record.moment.wall = UnixTime(seconds: midnight + 60)
        try store.begin(record, keptSamples: 10)
        var rounds: [TraceRound] = []
        try store.replaySamples(network, timeout: .seconds(10)) { rounds.append($0) }
        let answer = ProbeOutcome.ok(fetchTime: .milliseconds(100))
        #expect(rounds.map { $0.probes[0].attempts } == [[.timeout(.connect), answer], [answer]])
    }

    /// A round's number that damage put just below what can be counted stops no round after it.
    @Test func roundsGoOnAfterAHugeNumber() throws {
        let store = try SQLiteStore(path: path, access: .readWrite)
        try store.begin(record(1, at: midnight), keptSamples: 10)
        try SQLShell.run(path, "UPDATE round SET number = 9007199254740991")
        for number in 2...4 {
            try store.begin(record(number, at: midnight + Int64(number) * 400), keptSamples: 10)
        }
        try SQLShell.run(path, "UPDATE network SET rolled_round = 9007199254740991")
        try store.begin(record(5, at: midnight + 2400), keptSamples: 10)
        try store.begin(record(6, at: midnight + 2800), keptSamples: 10)
        #expect(try store.samples(network, target: target, limit: 10).count >= 5)
        #expect(try SQLShell.run(path, "SELECT rolled_round FROM network") == "5\n")
    }

    /// A database of version 7 goes on: what was live is live since it came in, and its samples count in no sum.
    @Test func version7LearnsHistory() throws {
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            var first = record(1, at: midnight, live: ["a.test"])
            first.added = ["a.test"]
            try store.begin(first, keptSamples: 10)
            try store.begin(record(2, at: midnight + 60, live: ["a.test"]), keptSamples: 10)
        }
        try SQLShell.run(path, OldDatabase.withoutHistory)
        let reader = try SQLiteStore(path: path, access: .readOnly)
        let store = try SQLiteStore(path: path, access: .readWrite)
        let now = UnixTime(seconds: midnight + 400)
        for found in [reader, store] {
            #expect(
                try found.liveSpans(network, from: UnixTime(seconds: 0))
                    == [LiveSpan(edge: "a.test", began: UnixTime(seconds: midnight))])
            #expect(
                try found.history(network, from: UnixTime(seconds: midnight), now: now).summaries
                    .isEmpty)
            let probes = try found.probes(network, target: target, until: now, limit: 9)
            #expect(probes.count == 2 && probes.allSatisfy { $0.evidence == nil })
            let last = try found.probes(
                network, target: target, since: UnixTime(seconds: midnight + 1), until: now,
                limit: 9)
            #expect(last == probes.suffix(1))
        }
        try store.begin(record(3, at: midnight + 400, live: ["a.test"]), keptSamples: 10)
        #expect(
            try store.history(network, from: UnixTime(seconds: midnight), now: now)
                .summaries[target]?.probes == 1)
    }
}
