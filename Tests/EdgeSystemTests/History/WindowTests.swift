import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Testing

/// The kept samples and the window against a model that keeps everything.
@Suite struct WindowTests {
    let network = NetworkName("net")
    let target = ProbeTarget(name: EdgeName("a.example"), family: .ipv4)

    private func record(_ moment: Moment, _ sample: Duration?) -> RoundRecord {
        RoundRecord(
            network: network, moment: moment, generation: 0,
            targets: [
                TargetUpdate(
                    target: target, address: nil, sample: sample, health: nil, outcome: "ok",
                    detail: "")
            ])
    }

    @Test(arguments: UInt64(1)...6)
    func windowIsWhatTheBootClockSays(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory("s.db"), access: .readWrite)
        var random = SeededRandom(seed: seed)
        let moments = ManualMoments()
        let limit = [12, 1, 2][Int(seed % 3)]
        let judge = JudgeSettings(keptSamples: limit)
        var all: [(moment: Moment, sample: Duration)] = []
        for _ in 0..<120 {
            moments.advance(by: .seconds(Int.random(in: 0...70, using: &random)))
            // Within one boot the wall clock may say what it likes.
            if random.once(in: 4) {
                moments.stepWall(by: .seconds(Int.random(in: -9999...9999, using: &random)))
            }
            let now = moments.now()
            let state = try store.load(network, judge: judge, now: now)
            let kept = all.suffix(limit)
            let window = kept.filter { now.sinceBoot - $0.moment.sinceBoot < .seconds(300) }
            let found = state.targets[target] ?? TargetRecord()
            #expect(found.kept == Self.sum(kept.map(\.sample)))
            #expect(found.window == Self.sum(window.map(\.sample)))
            #expect(found.expiring == (kept.count == limit ? kept.first?.sample : nil))
            #expect(found.lastSample == kept.last?.sample)
            let sample: Duration? =
                random.once(in: 5) ? nil : .nanoseconds(Int64(random.next() >> 34))
            try store.begin(record(now, sample), keptSamples: limit)
            if let sample { all.append((now, sample)) }
        }
    }

    private static func sum(_ samples: [Duration]) -> SampleSum {
        samples.reduce(SampleSum()) { $0.adding($1) }
    }

    @Test func rebootCountsByTheWall() throws {
        let store = InMemoryStore()
        let moments = ManualMoments()
        try store.begin(record(moments.now(), .seconds(1)), keptSamples: 100)
        moments.advance(by: .seconds(60))
        try store.begin(record(moments.now(), .seconds(2)), keptSamples: 100)
        moments.reboot(id: "second", downtime: .seconds(250))
        func window() throws -> Int? {
            try store.load(network, judge: JudgeSettings(), now: moments.now())
                .targets[target]?.window.count
        }
        #expect(try window() == 1)
        // Ten years ahead before the reboot: both count as now, then age by the boot clock.
        moments.stepWall(by: .seconds(-315_000_000))
        #expect(try window() == 2)
        try store.begin(record(moments.now(), .seconds(3)), keptSamples: 100)
        moments.advance(by: .seconds(239))
        #expect(try window() == 3)
        moments.advance(by: .seconds(1))
        #expect(try window() == 2)
        moments.advance(by: .seconds(60))
        #expect(try window() == 0)
    }

    @Test func lastRunFromTheFutureCountsAsNowOnce() throws {
        let directory = try TemporaryDirectory()
        let moments = ManualMoments()
        let stores: [any StateStore] = [
            InMemoryStore(), try SQLiteStore(path: directory("s.db"), access: .readWrite),
        ]
        try stores.forEach { try $0.begin(record(moments.now(), nil), keptSamples: 1) }
        moments.stepWall(by: .seconds(-315_000_000))
        moments.reboot(id: "second")
        for elapsed in [0, 20, 40] {
            moments.advance(by: .seconds(elapsed == 0 ? 0 : 20))
            let now = moments.now()
            for store in stores {
                let state = try store.load(network, judge: JudgeSettings(), now: now)
                let last = try #require(state.lastRun)
                #expect(now.elapsed(since: last) == .seconds(elapsed))
            }
        }
    }

    @Test func hourlyMeansComeFromKeptSamples() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory("s.db"), access: .readWrite)
        let moments = ManualMoments(wall: UnixTime(seconds: 3600 * 1000 - 60))
        for sample in 1...4 {
            try store.begin(record(moments.now(), .seconds(sample)), keptSamples: 3)
            moments.advance(by: .seconds(30))
        }
        let hours = try store.hourlyMeans(network, target: target)
        #expect(
            hours == [
                .init(time: UnixTime(seconds: 3600 * 999), duration: .seconds(2)),
                .init(time: UnixTime(seconds: 3600 * 1000), duration: .milliseconds(3500)),
            ])
        #expect(
            try store.hourMeans(network, hourOf: moments.now().wall)
                == [target: .milliseconds(3500)])
        #expect(
            try store.latestSamples(network)[target]
                == .init(time: UnixTime(seconds: 3600 * 1000 + 30), duration: .seconds(4)))
        #expect(try store.networks() == [network])
    }
}
