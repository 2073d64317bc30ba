import QualityKit

/// The table: a line a rule, for each layout.
struct Report {
    let options: Options

    init(_ options: Options) {
        self.options = options
    }

    /// Prints it; how many rounds were simulated.
    func print() -> Int {
        var rounds = 0
        for layout in options.layouts {
            Swift.print(
                (options.isMarkdown ? "## " : "")
                    + "\(layout.name): \(layout.edges) edges, \(layout.live) live; \(options.days) days, "
                    + "\(options.seeds) \(options.isHeldOut ? "held-out" : "tuning") seeds, "
                    + "\(options.families.count) families")
            Swift.print(header)
            for rule in options.rules {
                var total = Measure()
                for family in options.families {
                    let part = measure(
                        rule, layout: layout, family: family, days: options.days,
                        seeds: options.range, tuning: options.tuning)
                    if options.showsFamilies { Swift.print(line("  " + family.rawValue, part)) }
                    total += part
                }
                Swift.print(line(rule.rawValue, total))
                rounds += total.roundCount
            }
            Swift.print("")
        }
        return rounds
    }

    private static let columns = [
        "rule", "loss %", "wrong/day", "publ./day", "detected", "95 %", "sick publ.", "cold %",
    ]
    private static let widths = [14, 10, 11, 11, 10, 8, 12, 9, 9, 0]

    private var header: String {
        if options.showsCauses { return row(["rule", "loss %"] + LossCause.allCases.map(\.word)) }
        guard options.isMarkdown else { return row(Self.columns) }
        return "\n" + row(Self.columns) + "\n|" + String(repeating: "---|", count: 8)
    }

    private func line(_ name: String, _ measure: Measure) -> String {
        func rounds(_ share: Double) -> String {
            measure.detection(share).map { "\($0)" } ?? "-"
        }
        if options.showsCauses {
            return row(
                [name, Self.number(measure.lossShare * 100, 4)]
                    + LossCause.allCases.map { Self.number(measure.lossShare($0) * 100, 4) })
        }
        return row([
            name, Self.number(measure.lossShare * 100, 4), Self.number(measure.wrongADay, 3),
            Self.number(measure.publicationsADay, 2), rounds(0.5), rounds(0.95),
            Self.number(measure.sickPublicationsADay, 3),
            Self.number(measure.coldShare * 100, 2),
        ])
    }

    private func row(_ cells: [String]) -> String {
        if options.isMarkdown { return "| " + cells.joined(separator: " | ") + " |" }
        return zip(cells, Self.widths).map { Self.pad($0, $1) }.joined()
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// A number with so many digits after its point.
    private static func number(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        let fraction = "\(scaled % Int(scale))"
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(scaled / Int(scale)).\(zeros)\(fraction)"
    }
}
