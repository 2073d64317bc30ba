internal import EdgeCore

/// One target of an `InMemoryStore`: its record and its kept samples, oldest first.
struct MemoryTarget {
    struct Sample {
        /// The round it was taken in; negative: taken over from the original's files.
        var round: Int
        var time: UnixTime
        var duration: Duration
        var evidence: [UInt8]?

        /// The sample with what it came of.
        var probe: KeptProbe {
            KeptProbe(
                time: time, sample: duration,
                evidence: evidence.flatMap { ProbeEvidence($0, beside: duration) })
        }
    }

    /// Everything but the window and the expiring sample.
    var record = TargetRecord()
    /// Which of the network's takeovers its oldest samples came with.
    var adoption: Int?
    private var samples: [Sample] = []
    private var first = 0

    /// The kept samples, oldest first.
    var kept: ArraySlice<Sample> { samples[first...] }

    /// Whether a round of our own has told something of it.
    var hasOwnRound = false

    /// Adds a sample; as many of the oldest fall out as `Self.trimmed` says.
    mutating func add(_ sample: Sample, keeping limit: Int) {
        samples.append(sample)
        record.kept = record.kept.adding(sample.duration)
        record.lastSample = sample.duration
        for _ in 0..<Self.trimmed(count: record.kept.count, limit: limit) {
            record.kept = record.kept.removing(samples[first].duration)
            first += 1
        }
        if first > 4096 {
            samples.removeFirst(first)
            first = 0
        }
    }

    /// How many samples fall out when there are `count`: one at most in the long run, a few more a
    /// round while a lowered limit takes effect.
    static func trimmed(count: Int, limit: Int) -> Int {
        min(max(count - max(limit, 1), 0), 8)
    }

    /// The record as a round sees it: samples of the round `windowBegins` and later lie in the
    /// window, and those of a takeover in `adoptedAfter` that are later than it says.
    func loaded(
        windowBegins round: Int, adoptedAfter bounds: [Int: UnixTime], judge: JudgeSettings
    ) -> TargetRecord {
        var loaded = record
        var sum = SampleSum()
        for sample in kept.reversed() {
            if sample.round > 0 {
                guard sample.round >= round else { break }
            } else {
                guard let adoption, let bound = bounds[adoption], sample.time > bound else {
                    break
                }
            }
            sum = sum.adding(sample.duration)
        }
        loaded.window = sum
        if loaded.kept.count >= max(judge.keptSamples, 1) {
            loaded.expiring = kept.first?.duration
        }
        return loaded
    }
}
