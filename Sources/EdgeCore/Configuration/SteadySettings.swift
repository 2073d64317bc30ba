/// The numbers of the steady judge: when an edge goes down, when it comes up again, and which is the better one.
///
/// The defaults were found by measurement on generated failures (`Quality/`). Each number says its unit
/// and its default; `Limits` holds what is taken.
public struct SteadySettings: Hashable, Sendable {
    // MARK: Attempts

    /// Attempts a round, in all. Default 4: of edges that are well, a tenth as many lose four in a row as lose three.
    public var attempts: Int
    /// The deadline of each attempt, its whole body included. Default 2.8 s: four of them and their pauses fit a round
    /// with 0.8 s to spare, which looking the name up and late timers use.
    public var attemptTimeout: Duration
    /// The least time from an attempt's end to the next one's start: what was lost once for a moment's
    /// crowding is not asked again in the same moment. Default 1 s.
    public var attemptPause: Duration
    /// All attempts of a round, pauses included. Default 15 s.
    public var roundTime: Duration
    /// Whether an answer that is not under good enough is tried again too: a lost packet makes a fine edge
    /// slow once. Default yes.
    public var retriesSlow: Bool
    /// Whether an answer of 500 to 599 is tried again too: a server that is really ill says so every time, and
    /// is then down in its first round. Default yes.
    public var retriesServerErrors: Bool

    // MARK: Going down

    /// How much one attempt weighs in the failure score, 0 to 1. Default 0.12: four failures in a row
    /// take an edge from 0 to 0.40, three to 0.32.
    public var scoreWeight: Double
    /// The failure score above which an edge is down. Default 0.35.
    public var downScore: Double
    /// How much one attempt weighs in the slow failure score, which finds edges that fail now and then for
    /// hours. Default 0.03.
    public var slowScoreWeight: Double
    /// The slow failure score above which an edge is down; 1: never. Default 0.10.
    public var slowDownScore: Double
    /// The slow failure score from which an edge is watched: all its attempts are made, good or bad, until it falls
    /// below again. What loses one request in ten is so known three times as soon; 1: never. Default 0.02:
    /// fourteen good attempts after a bad one.
    public var watchScore: Double
    /// Wholly failed rounds in a row after which an edge is down whatever its scores. Default 2.
    public var failedRounds: Int
    /// How many of the last fetch times the median is taken of. Default 7.
    public var medianOf: Int
    /// The fewest fetch times whose median says that an edge is too slow. Default 4: three
    /// lost attempts in a row say it no more than the score does.
    public var medianAtLeast: Int

    // MARK: Coming up

    /// The failure score below which an edge may come up. Default 0.10.
    public var upScore: Double
    /// The share of good enough below which the median must be for an edge to come up. Default 0.85.
    public var returnShare: Double
    /// Clean rounds in a row before an edge comes up, times 1 + its penalty. Default 2.
    public var cleanRounds: Int
    /// Rounds in which an edge's penalty, one for each time that it went down, halves. Default 30.
    public var penaltyHalfLife: Int
    /// The highest penalty. Default 8.
    public var penaltyLimit: Double
    /// Clean rounds in a row after which an edge that is down may take a place that nobody who is up can
    /// take. Default 1.
    public var recallRounds: Int

    // MARK: Ranking

    /// How much a round's fetch time weighs in the smoothed one. Default 0.1.
    public var fetchTimeWeight: Double
    /// What a fetch time counts as at most in the smoothed one. Default 2 s.
    public var fetchTimeLimit: Duration
    /// How much a round weighs in the share of wholly failed rounds that is remembered. Default 1/2000: a day
    /// and a half of rounds a minute apart.
    public var memoryWeight: Double
    /// How many seconds of fetch time a share of 1 of failed rounds is worth. Default 10.
    public var memoryCost: Double

    public init(
        attempts: Int = 4, attemptTimeout: Duration = .milliseconds(2800),
        attemptPause: Duration = .seconds(1), roundTime: Duration = .seconds(15),
        retriesSlow: Bool = true, retriesServerErrors: Bool = true, scoreWeight: Double = 0.12,
        downScore: Double = 0.35,
        slowScoreWeight: Double = 0.03, slowDownScore: Double = 0.10, watchScore: Double = 0.02,
        failedRounds: Int = 2,
        medianOf: Int = 7, medianAtLeast: Int = 4, upScore: Double = 0.10,
        returnShare: Double = 0.85, cleanRounds: Int = 2, penaltyHalfLife: Int = 30,
        penaltyLimit: Double = 8, recallRounds: Int = 1, fetchTimeWeight: Double = 0.1,
        fetchTimeLimit: Duration = .seconds(2), memoryWeight: Double = 1 / 2000,
        memoryCost: Double = 10
    ) {
        self.attempts = attempts
        self.attemptTimeout = attemptTimeout
        self.attemptPause = attemptPause
        self.roundTime = roundTime
        self.retriesSlow = retriesSlow
        self.retriesServerErrors = retriesServerErrors
        self.scoreWeight = scoreWeight
        self.downScore = downScore
        self.slowScoreWeight = slowScoreWeight
        self.slowDownScore = slowDownScore
        self.watchScore = watchScore
        self.failedRounds = failedRounds
        self.medianOf = medianOf
        self.medianAtLeast = medianAtLeast
        self.upScore = upScore
        self.returnShare = returnShare
        self.cleanRounds = cleanRounds
        self.penaltyHalfLife = penaltyHalfLife
        self.penaltyLimit = penaltyLimit
        self.recallRounds = recallRounds
        self.fetchTimeWeight = fetchTimeWeight
        self.fetchTimeLimit = fetchTimeLimit
        self.memoryWeight = memoryWeight
        self.memoryCost = memoryCost
    }
}

extension SteadySettings {
    /// What each number may be.
    public enum Limits {
        public static let attempts = 1...5
        public static let attemptTimeout = Duration.milliseconds(10)...ProbeSettings.maximumTimeout
        public static let attemptPause = Duration.zero...Duration.seconds(10)
        public static let roundTime = Duration.milliseconds(10)...ProbeSettings.maximumTimeout
        /// Weights, scores and shares; a weight of 0 would learn nothing.
        public static let share = 0.0001...1.0
        public static let failedRounds = 1...100
        public static let medianOf = 1...RecentFetchTimes.capacity
        public static let medianAtLeast = 1...RecentFetchTimes.capacity
        public static let cleanRounds = 1...1000
        public static let penaltyHalfLife = 1...100_000
        public static let penaltyLimit = 0.0...100.0
        public static let recallRounds = 1...1000
        public static let fetchTimeLimit = Duration.milliseconds(10)...Duration.seconds(60)
        public static let memoryCost = 0.0...1000.0
    }

    /// Something wrong with the numbers together.
    public struct Contradiction: Hashable, Sendable {
        /// The key that it is told at, as it stands in the section `judge.steady`.
        public var key: String
        /// A sentence that names the keys.
        public var message: String
    }

    /// What timers and looking names up may take of a round's time.
    private static let spare: Duration = .milliseconds(200)

    /// How many attempts at an edge that never answers fit the round's time, up to `attempts`.
    public var fittingAttempts: Int {
        var (count, left) = (1, roundTime - attemptTimeout - Self.spare)
        while count < attempts, attemptPause + attemptTimeout <= left {
            count += 1
            left -= attemptPause + attemptTimeout
        }
        return count
    }

    /// What is wrong with the numbers together; empty: nothing.
    public var contradictions: [Contradiction] {
        var found: [Contradiction] = []
        if upScore >= downScore {
            found.append(
                Contradiction(
                    key: "up_score",
                    message:
                        "up_score (\(upScore)) must be below down_score (\(downScore)), or an edge "
                        + "would go down and come up in the same round"))
        }
        if medianAtLeast > medianOf {
            found.append(
                Contradiction(
                    key: "median_at_least",
                    message:
                        "median_at_least (\(medianAtLeast)) must not be above median_of (\(medianOf)), "
                        + "or no edge would ever be too slow"))
        }
        if attemptTimeout > roundTime {
            found.append(
                Contradiction(
                    key: "attempt_timeout",
                    message:
                        "attempt_timeout (\(DurationText.text(attemptTimeout))) must not be above "
                        + "round_time (\(DurationText.text(roundTime))), or no attempt could use it"
                ))
        }
        return found
    }

    /// Whether an attempt that came to `outcome` is worth another, while attempts and time are left.
    ///
    /// An edge that answers with the wrong thing will do so again; what got lost on the way may not.
    ///
    /// - Parameters:
    ///   - goodEnough: the fetch time under which an answer is simply fine.
    ///   - isWatched: what `watches` says of the target.
    public func triesAgain(
        after outcome: ProbeOutcome, goodEnough: Duration, isWatched: Bool
    ) -> Bool {
        switch outcome {
        case .ok(let fetchTime): isWatched || retriesSlow && fetchTime >= goodEnough
        case .http(let status): retriesServerErrors && (500...599).contains(status)
        case .mismatch, .redirect, .tls, .unresolvable: false
        case .refused, .unreachable, .timeout, .reset, .tooLarge, .protocolError, .localFault: true
        }
    }

    /// Whether a target with this memory is under suspicion, so that all attempts are made at it.
    public func watches(_ memory: SteadyMemory?) -> Bool {
        guard let memory, memory.isUp else { return false }
        return memory.slowFailureScore >= watchScore
    }
}
