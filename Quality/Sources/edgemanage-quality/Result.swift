import QualityKit

/// What one rule came to in one layout.
struct Result {
    let rule: RuleName
    let layout: Layout
    var total = Measure()
    /// The loss in percent of each seed's users, over all families.
    private(set) var losses: [Double] = []
    /// How long the simulation took.
    private(set) var seconds = 0.0

    /// Simulates it, and hands out what each family came to.
    init(_ rule: RuleName, layout: Layout, options: Options) {
        self.rule = rule
        self.layout = layout
        let clock = ContinuousClock()
        let start = clock.now
        families = Array(repeating: Measure(), count: options.families.count)
        for seed in options.range {
            var sum = Measure()
            for (index, family) in options.families.enumerated() {
                let part = measure(
                    rule, layout: layout, family: family, days: options.days,
                    seeds: seed..<seed + 1, tuning: options.tuning)
                families[index] += part
                sum += part
            }
            losses.append(sum.lossShare * 100)
            total += sum
        }
        let time = start.duration(to: clock.now).components
        seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
    }

    /// By the options' families.
    private(set) var families: [Measure]

    /// The loss in percent, with the standard error of its mean over the seeds.
    var loss: Estimate { Estimate(losses) }

    /// How much more is lost than by another rule on the same seeds.
    func excess(over other: Result) -> Estimate {
        Estimate(zip(losses, other.losses).map { $0 - $1 })
    }
}

/// A mean and its standard error.
struct Estimate {
    let mean: Double
    /// nil for fewer than two values.
    let error: Double?

    init(_ values: [Double]) {
        let count = Double(max(values.count, 1))
        let mean = values.reduce(0, +) / count
        self.mean = mean
        guard values.count > 1 else {
            error = nil
            return
        }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        error = (squares / (count - 1) / count).squareRoot()
    }
}

extension Double {
    /// The number with so many digits after its point.
    func text(_ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((magnitude * scale).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + "\(scaled)" }
        let fraction = "\(scaled % Int(scale))"
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
    }
}
