import EdgeCore
import EdgeTesting
import Testing

/// Rounds made of lines, and of samples that have no round.
@Suite struct TraceRoundTests {
    private func line(_ seconds: Int64, _ edge: EdgeName, _ outcome: ProbeOutcome) -> TraceLine {
        TraceLine(
            time: UnixTime(seconds: seconds), target: ProbeTarget(name: edge, family: .ipv4),
            outcome: outcome)
    }

    private func probe(_ edge: EdgeName, _ attempts: ProbeOutcome...) -> TraceProbe {
        TraceProbe(target: ProbeTarget(name: edge, family: .ipv4), attempts: attempts)
    }

    @Test func linesOfOneTimeAreOneRoundAndThoseOfOneEdgeItsAttempts() throws {
        var rounds = TraceRounds()
        #expect(rounds.finish() == nil)
        #expect(try rounds.add(line(60, "a", .refused)) == nil)
        #expect(try rounds.add(line(60, "b", .refused)) == nil)
        #expect(try rounds.add(line(60, "a", .ok(fetchTime: .seconds(1)))) == nil)
        let first = TraceRound(
            time: UnixTime(seconds: 60),
            probes: [probe("a", .refused, .ok(fetchTime: .seconds(1))), probe("b", .refused)])
        #expect(try rounds.add(line(61, "b", .refused)) == first)
        #expect(
            rounds.finish()
                == TraceRound(time: UnixTime(seconds: 61), probes: [probe("b", .refused)]))
        #expect(rounds.finish() == nil)
    }

    @Test func timeThatGoesBackIsNamed() throws {
        var rounds = TraceRounds()
        _ = try rounds.add(line(1_700_000_060, "a", .refused))
        do throws(TraceProblem) {
            _ = try rounds.add(line(1_700_000_000, "a", .refused))
            Issue.record("it was taken")
        } catch {
            #expect(
                "\(error)"
                    == "the time goes back, from 1700000060 to 1700000000: sort the lines by time")
        }
    }

    @Test func attemptsAreBounded() throws {
        var rounds = TraceRounds()
        for _ in 0..<TraceRounds.mostAttempts { _ = try rounds.add(line(60, "a", .refused)) }
        do throws(TraceProblem) {
            _ = try rounds.add(line(60, "a", .refused))
            Issue.record("it was taken")
        } catch {
            #expect(
                "\(error)"
                    == "a has more than 100 lines in one round: give each round a time of its own")
        }
    }

    /// The original's files: two edges a minute, each with its own times, one of them not in every round.
    @Test func samplesThatLieCloseAreOneRound() {
        let (a, b) = (
            ProbeTarget(name: "a", family: .ipv4), ProbeTarget(name: "b", family: .ipv4)
        )
        var rounds = SampleRounds(timeout: .seconds(4))
        let samples: [(ProbeTarget, Int64, Duration)] = [
            (a, 0, .seconds(1)), (b, 2, .seconds(10)), (b, 29, .seconds(4)), (a, 61, .seconds(3)),
            (b, 91, .seconds(5)),
        ]
        var made: [TraceRound] = []
        for (target, time, duration) in samples {
            let fetch = EdgeStoreFile.Fetch(time: UnixTime(seconds: time), duration: duration)
            if let round = rounds.add(target, fetch) { made.append(round) }
        }
        if let round = rounds.finish() { made.append(round) }
        let failure = ProbeOutcome.timeout(.processing)
        #expect(
            made == [
                TraceRound(
                    time: UnixTime(seconds: 0),
                    probes: [probe("a", .ok(fetchTime: .seconds(1))), probe("b", failure)]),
                TraceRound(time: UnixTime(seconds: 29), probes: [probe("b", failure)]),
                TraceRound(
                    time: UnixTime(seconds: 61), probes: [probe("a", .ok(fetchTime: .seconds(3)))]),
                TraceRound(time: UnixTime(seconds: 91), probes: [probe("b", failure)]),
            ])
        // Under a longer timeout ten seconds are the original's failure all the same.
        var longer = SampleRounds(timeout: .seconds(15))
        _ = longer.add(a, .init(time: UnixTime(seconds: 0), duration: .seconds(10)))
        _ = longer.add(b, .init(time: UnixTime(seconds: 0), duration: .seconds(11)))
        #expect(
            longer.finish()?.probes
                == [probe("a", failure), probe("b", .ok(fetchTime: .seconds(11)))])
    }
}
