import EdgeCore
import EdgeTesting
import Testing

/// What is kept beside a sample, and that nothing else is read as that.
@Suite struct ProbeEvidenceTests {
    static let target = ProbeTarget(name: "192.0.2.1", family: .ipv4)

    static func observation(
        _ outcome: ProbeOutcome, phases: ProbePhases = ProbePhases(), attempts: Int = 1,
        earlier: [ProbeOutcome] = []
    ) -> Observation {
        Observation(
            target: target, address: .v4(1), outcome: outcome, phases: phases, attempts: attempts,
            earlier: earlier)
    }

    /// Every outcome with what is left of it.
    static let outcomes: [(ProbeOutcome, ProbeOutcome)] = [
        (.ok(fetchTime: .microseconds(1234)), .ok(fetchTime: .microseconds(1234))),
        (.unresolvable(reason: "x"), .unresolvable(reason: "no more is recorded")),
        (.refused, .refused),
        (.unreachable(reason: "x"), .unreachable(reason: "no more is recorded")),
        (.timeout(.resolve), .timeout(.resolve)), (.timeout(.transfer), .timeout(.transfer)),
        (.tls(reason: "x"), .tls(reason: "no more is recorded")),
        (.http(status: 503), .http(status: 503)),
        (
            .redirect(status: 301, target: "x"),
            .redirect(status: 301, target: "no more is recorded")
        ),
        (.mismatch(.length(received: 1, expected: 2)), .mismatch(.unrecorded)),
        (.tooLarge(limit: 16_384), .tooLarge(limit: 16_384)),
        (.protocolError(reason: "x"), .protocolError(reason: "no more is recorded")),
        (.reset(.tls), .reset(.tls)),
        (.localFault(reason: "x"), .localFault(reason: "no more is recorded")),
    ]

    @Test(arguments: outcomes)
    func everyOutcomeIsKept(outcome: ProbeOutcome, left: ProbeOutcome) throws {
        let evidence = ProbeEvidence(Self.observation(outcome))
        let bytes = evidence.bytes(beside: .seconds(10))
        let read = try #require(ProbeEvidence(bytes, beside: .seconds(10)))
        #expect(read.outcomes == [left])
        #expect(read.bytes(beside: .seconds(10)) == bytes)
        for end in 0..<bytes.count {
            #expect(ProbeEvidence(Array(bytes[..<end]), beside: .seconds(10)) == nil)
        }
        #expect(ProbeEvidence(bytes + [0], beside: .seconds(10)) == nil)
    }

    /// A time that is the sample itself is kept to the nanosecond, and takes one byte.
    @Test func theSamplesOwnTimeIsNotWrittenTwice() throws {
        let time = Duration.nanoseconds(123_456_789)
        let phases = ProbePhases(
            connect: .nanoseconds(1_234_999), processing: .microseconds(100_000),
            transfer: .microseconds(7))
        let evidence = ProbeEvidence(Self.observation(.ok(fetchTime: time), phases: phases))
        let bytes = evidence.bytes(beside: time)
        #expect(bytes.count <= 12)
        let read = try #require(ProbeEvidence(bytes, beside: time))
        #expect(read.outcomes == [.ok(fetchTime: time)])
        #expect(read.phases.connect == .microseconds(1234))
        #expect(read.phases.resolve == nil && read.phases.tls == nil)
        #expect(read.phases.transfer == .microseconds(7))
    }

    @Test func attemptsAreKeptOneByOne() throws {
        let observation = Self.observation(
            .ok(fetchTime: .milliseconds(90)), attempts: 3,
            earlier: [.timeout(.connect), .ok(fetchTime: .milliseconds(2500))])
        let evidence = ProbeEvidence(observation)
        let read = try #require(
            ProbeEvidence(evidence.bytes(beside: .milliseconds(90)), beside: .milliseconds(90)))
        #expect(read == evidence)
        #expect(read.fetchTime == .milliseconds(90))
        // The classic judge's prober does not say what its first attempts came to.
        let counted = ProbeEvidence(Self.observation(.refused, attempts: 3))
        let again = try #require(
            ProbeEvidence(counted.bytes(beside: .seconds(10)), beside: .seconds(10)))
        #expect(again.attempts == 3 && again.outcomes == [.refused])
    }

    /// Bytes that somebody else wrote there never end the process.
    @Test func anyBytesAreRead() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            if !bytes.isEmpty, random.once(in: 2) { bytes[0] = 1 }
            if let evidence = ProbeEvidence(bytes, beside: .seconds(1)) {
                #expect(!evidence.outcomes.isEmpty)
                #expect(evidence.attempts >= evidence.outcomes.count)
            }
            _ = FetchSummary(bytes: bytes)
        }
    }
}
