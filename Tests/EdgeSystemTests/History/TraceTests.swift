import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Testing

/// Kept samples read as the rounds of a trace.
@Suite struct TraceTests {
    private let a = ProbeTarget(name: "a.example", family: .ipv4)
    private let b = ProbeTarget(name: "192.0.2.2", family: .ipv4)
    private let network: NetworkName = "net"

    private func record(_ moment: Moment, _ samples: [ProbeTarget: Duration?]) -> RoundRecord {
        RoundRecord(
            network: network, moment: moment, generation: 0,
            targets: samples.map { target, sample in
                TargetUpdate(
                    target: target, address: nil, sample: sample, health: .pass, outcome: "ok",
                    detail: "")
            })
    }

    private func probes(_ round: TraceRound) -> [EdgeName: ProbeOutcome?] {
        Dictionary(uniqueKeysWithValues: round.probes.map { ($0.target.name, $0.attempts.last) })
    }

    private func rounds(_ store: SQLiteStore) throws -> [TraceRound] {
        var rounds: [TraceRound] = []
        try store.replaySamples(network, timeout: .seconds(10)) { rounds.append($0) }
        return rounds
    }

    @Test func roundsComeBackWithTheirSamples() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory("s.db"), access: .readWrite)
        let moments = ManualMoments()
        let begin = moments.now().wall
        let v6 = ProbeTarget(name: "a.example", family: .ipv6)
        let canary = ProbeTarget(role: .canary, name: "192.0.2.9", family: .ipv4)
        let nothing: Duration? = nil
        let steps: [[ProbeTarget: Duration?]] = [
            [a: .seconds(1), b: .seconds(10), v6: .seconds(3), canary: .seconds(1)],
            // Held against nobody: no sample.
            [a: nothing, b: nothing],
            [a: .seconds(2)],
        ]
        for step in steps {
            try store.begin(record(moments.now(), step), keptSamples: 100)
            moments.advance(by: .seconds(60))
        }
        // The clock is set back an hour: time in a trace goes on.
        moments.stepWall(by: .seconds(-3600))
        try store.begin(record(moments.now(), [b: .seconds(3)]), keptSamples: 100)

        #expect(try store.tracedEdges(network) == ["192.0.2.2", "a.example"])
        let found = try rounds(store)
        #expect(found.map { $0.time.since(begin) } == [0, 60, 120, 180].map { .seconds($0) })
        #expect(
            probes(found[0]) == [
                "a.example": .ok(fetchTime: .seconds(1)), "192.0.2.2": .timeout(.processing),
            ])
        #expect(found[1].probes.isEmpty)
        #expect(probes(found[2]) == ["a.example": .ok(fetchTime: .seconds(2))])
        #expect(probes(found[3]) == ["192.0.2.2": .ok(fetchTime: .seconds(3))])
        let reader = try SQLiteStore(path: directory("s.db"), access: .readOnly)
        #expect(try rounds(reader) == found)
        #expect(try reader.tracedEdges("other").isEmpty)
    }

    /// Samples that have fallen out took their rounds along.
    @Test func roundsWithoutKeptSamplesAreLeftOut() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory("s.db"), access: .readWrite)
        let moments = ManualMoments()
        for number in 0..<20 {
            let sample = Duration.milliseconds(number)
            try store.begin(record(moments.now(), [a: sample]), keptSamples: 5)
            moments.advance(by: .seconds(60))
        }
        let found = try rounds(store)
        #expect(
            found.map(\.probes).map { $0.map(\.attempts) }
                == (15..<20).map { [[.ok(fetchTime: .milliseconds($0))]] })
    }

    /// What was taken over from the original's files comes first, as rounds of its own.
    @Test func adoptedSamplesComeBeforeTheOwnRounds() throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory("s.db"), access: .readWrite)
        let moments = ManualMoments()
        let now = moments.now()
        func fetch(_ ago: Int, _ seconds: Int) -> EdgeStoreFile.Fetch {
            .init(time: now.wall.adding(.seconds(-ago)), duration: .seconds(seconds))
        }
        _ = try store.adopt(
            network,
            edges: [
                a.name: EdgeStoreFile(fetchTimes: [fetch(120, 1), fetch(60, 10)]),
                b.name: EdgeStoreFile(fetchTimes: [fetch(118, 2), fetch(57, 3)]),
            ], state: nil, now: now)
        try store.begin(record(moments.now(), [a: .seconds(4)]), keptSamples: 100)
        let found = try rounds(store)
        #expect(found.map { now.wall.since($0.time) } == [120, 60, 0].map { .seconds($0) })
        #expect(
            found.map(probes) == [
                [a.name: .ok(fetchTime: .seconds(1)), b.name: .ok(fetchTime: .seconds(2))],
                [a.name: .timeout(.processing), b.name: .ok(fetchTime: .seconds(3))],
                [a.name: .ok(fetchTime: .seconds(4))],
            ])
    }
}
