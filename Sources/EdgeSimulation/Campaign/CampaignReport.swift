import EdgeCore

/// What the simulation of many seeds came to.
public struct CampaignReport: Sendable {
    public var seeds = 0
    public var rounds = 0
    /// Calls of the program on the world: each is a place at which something may happen.
    public var steps = 0
    /// What passed in the simulated networks together.
    public var elapsed: Duration = .zero
    /// What it took by the clock on the wall.
    public var time: Duration = .zero
    /// How often each kind of thing happened.
    public var events: [String: Int] = [:]
    /// By seed and round.
    public var violations: [Simulation.Violation] = []
    /// The last rounds of the first seed that broke an invariant, or of the one that was to be told.
    public var story: [String] = []
    /// Rounds of each seed, as they were asked for.
    var asked = 0

    /// Hours of the simulated networks together.
    public var hours: Double { elapsed.inSeconds / 3600 }

    /// With no violation seen in so many hours, there are fewer than this an hour, with 95 % confidence: the
    /// rule of three.
    public var bound: Double? { violations.isEmpty && hours > 0 ? 3 / hours : nil }

    mutating func add(_ report: Simulation.Report) {
        seeds += 1
        rounds += report.rounds
        steps += report.steps
        elapsed += report.elapsed
        events.merge(report.events, uniquingKeysWith: +)
        violations += report.violations
    }

    /// Lines for people: the story and the violations, what was simulated, and what happened how often.
    ///
    /// - Parameters:
    ///   - program: how this program is called, for replaying a seed.
    ///   - listsEvents: whether every kind of event has its line.
    public func text(program: String, listsEvents: Bool = true) -> [String] {
        var lines = story
        if !violations.isEmpty {
            lines += violations.map { "violation: \($0)" }
            let seeds = Set(violations.map(\.seed)).sorted()
            lines += seeds.prefix(5).map {
                "replay it: \(program) --seed \($0) --rounds \(asked)"
            }
            lines.append("")
        }
        if listsEvents {
            let width = events.values.map { "\($0)".count }.max() ?? 0
            lines += events.sorted { $0.key < $1.key }.map { name, count in
                let digits = "\(count)"
                return String(repeating: " ", count: width - digits.count) + "\(digits)  \(name)"
            }
        }
        let seconds = time.inSeconds
        let speed = seconds > 0 ? Int(Double(rounds) / seconds) : rounds
        lines.append(
            "\(seeds.counted("seed")), \(rounds) rounds, \(steps) steps, \(Int(hours)) simulated hours, "
                + "\(events.values.reduce(0, +)) events of \(events.count) kinds in "
                + "\(Int(seconds.rounded())) s: \(speed) rounds/s")
        guard let bound else {
            lines.append(violations.count.counted("violation"))
            return lines
        }
        let scaled = (bound * 1_000_000).rounded(.up) / 1_000_000
        lines.append(
            "0 violations: with 95 % confidence fewer than \(scaled) an hour (3 in \(Int(hours)) hours)"
        )
        return lines
    }

    /// The same on one line, for programs.
    public func json() -> String {
        let found = violations.map { found in
            "{\"seed\": \(found.seed), \"round\": \(found.round), \"invariant\": "
                + "\(Self.quoted(found.invariant)), \"message\": \(Self.quoted(found.message))}"
        }
        let kinds = events.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)): \($0.value)" }
        return
            "{\"seeds\": \(seeds), \"rounds\": \(rounds), \"steps\": \(steps), \"hours\": \(hours), "
            + "\"seconds\": \(time.inSeconds), \"bound\": \(bound.map { "\($0)" } ?? "null"), "
            + "\"violations\": [\(found.joined(separator: ", "))], "
            + "\"story\": [\(story.map(Self.quoted).joined(separator: ", "))], "
            + "\"events\": {\(kinds.joined(separator: ", "))}}"
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONValue.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
