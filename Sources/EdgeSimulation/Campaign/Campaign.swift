internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// Many simulated networks, a seed each, several side by side: what `edgemanage simulate` runs.
public struct Campaign: Hashable, Sendable {
    /// The first seed; the others follow it.
    public var seed: UInt64
    /// How many seeds at most; nil: as many as `hours` and `time` ask for, one when they ask for none.
    public var seeds: Int?
    /// Rounds with faults of each seed; those without any at the end come on top.
    public var rounds: Int
    /// Goes on until so many hours have passed in the simulated networks together; nil: by `seeds` alone.
    public var hours: Double?
    /// Goes on for so long by the clock on the wall; nil: by `seeds` and `hours` alone.
    public var time: Duration?
    /// How many seeds are run side by side.
    public var jobs: Int
    /// Whether other seeds are begun after one in which an invariant broke.
    public var keepsGoing: Bool
    /// Whether a seed without any violation tells its story too.
    public var tellsAll: Bool

    public init(
        seed: UInt64 = 1, seeds: Int? = nil, rounds: Int = 200, hours: Double? = nil,
        time: Duration? = nil, jobs: Int = Campaign.processors, keepsGoing: Bool = false,
        tellsAll: Bool = false
    ) {
        self.seed = seed
        self.seeds = seeds ?? (hours == nil && time == nil ? 1 : nil)
        self.rounds = rounds
        self.hours = hours
        self.time = time
        self.jobs = jobs
        self.keepsGoing = keepsGoing
        self.tellsAll = tellsAll
    }

    /// How many processors there are.
    public static var processors: Int { max(1, min(64, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Why it can't be run, as a sentence; nil: it can.
    public var problem: String? {
        if let seeds, seeds < 1 { return "\(seeds) seeds can't be run: ask for 1 or more" }
        if rounds < 1 { return "\(rounds) rounds can't be run: ask for 1 or more" }
        if let hours, !(hours > 0) {
            return "\(hours) hours can't be simulated: ask for more than 0"
        }
        if let time, time <= .zero { return "no time is left to run in: ask for more than 0 s" }
        if jobs < 1 || jobs > 64 { return "\(jobs) jobs can't run side by side: ask for 1 to 64" }
        return nil
    }

    /// Runs it, and says what it came to; the first seed that broke an invariant is run again for its story.
    public func run() async -> CampaignReport {
        let ledger = CampaignLedger(self)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask {
                    while let seed = ledger.next() {
                        ledger.add(await report(of: seed))
                    }
                }
            }
        }
        var total = ledger.total
        if let told = total.violations.first?.seed ?? (tellsAll ? seed : nil) {
            total.story = await story(of: told)
        }
        return total
    }

    /// One seed in so many is run twice, and must come to the same both times (I20).
    private static let twice: UInt64 = 50

    private func report(of seed: UInt64) async -> Simulation.Report {
        let isTwice = seed.isMultiple(of: Self.twice)
        var simulation = Simulation(seed: seed, makesDigest: isTwice)
        var report = await simulation.run(rounds: rounds)
        guard isTwice else { return report }
        var again = Simulation(seed: seed, makesDigest: true)
        if await again.run(rounds: rounds).digest != report.digest {
            report.violations.append(
                Simulation.Violation(
                    seed: seed, round: report.rounds, invariant: "I20",
                    message: "two runs of the seed published or said different things"))
        }
        return report
    }

    /// What happened in the last rounds of a seed, up to its first violation.
    private func story(of seed: UInt64) async -> [String] {
        var simulation = Simulation(seed: seed, tellsStory: true)
        return await simulation.run(rounds: rounds).story
    }
}

/// What the seeds of a campaign have come to, and which are not yet begun.
private final class CampaignLedger: Sendable {
    private struct Entry {
        var begun = 0
        var total = CampaignReport()
    }

    private let campaign: Campaign
    private let entry = Mutex(Entry())
    private let start = ContinuousClock.now

    init(_ campaign: Campaign) {
        self.campaign = campaign
    }

    /// Gives a seed out; nil: no more of them.
    func next() -> UInt64? {
        entry.withLock { entry in
            if let seeds = campaign.seeds, entry.begun >= seeds { return nil }
            if let hours = campaign.hours, entry.total.hours >= hours { return nil }
            if let time = campaign.time, ContinuousClock.now - start >= time { return nil }
            if !campaign.keepsGoing, !entry.total.violations.isEmpty { return nil }
            defer { entry.begun += 1 }
            return campaign.seed &+ UInt64(entry.begun)
        }
    }

    func add(_ report: Simulation.Report) {
        entry.withLock { $0.total.add(report) }
    }

    /// Everything so far, violations by seed and round.
    var total: CampaignReport {
        var total = entry.withLock(\.total)
        total.violations.sort { ($0.seed, $0.round) < ($1.seed, $1.round) }
        total.time = ContinuousClock.now - start
        total.asked = campaign.rounds
        return total
    }
}
