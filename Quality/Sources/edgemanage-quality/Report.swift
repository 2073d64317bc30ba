import QualityKit

/// The table: a line a rule, for each layout.
struct Report {
    let options: Options

    init(_ options: Options) {
        self.options = options
    }

    /// Simulates and prints; what each rule came to.
    func print() -> [Result] {
        var all: [Result] = []
        for layout in options.layouts {
            Swift.print(
                (options.isMarkdown ? "## " : "")
                    + "\(layout.name): \(layout.edges) edges, \(layout.live) live; \(options.days) days, "
                    + "\(options.seeds) \(options.isHeldOut ? "held-out" : "tuning") seeds, "
                    + "\(options.families.count) families")
            Swift.print(header)
            let results = options.rules.map { Result($0, layout: layout, options: options) }
            let steady = results.first { $0.rule == .steady }
            for result in results {
                if options.showsFamilies {
                    for (family, part) in zip(options.families, result.families) {
                        Swift.print(line("  " + family.rawValue, part, loss: nil, excess: nil))
                    }
                }
                let excess = result.rule == .steady ? nil : steady.map(result.excess)
                Swift.print(
                    line(result.rule.rawValue, result.total, loss: result.loss, excess: excess))
            }
            Swift.print("")
            if options.isMarkdown { printFamilies(results) }
            all += results
        }
        return all
    }

    /// The loss by family, a line a rule.
    private func printFamilies(_ results: [Result]) {
        let names = options.families.map(\.rawValue)
        Swift.print(row(["loss % by family"] + names) + "\n" + rule(names.count + 1))
        for result in results {
            Swift.print(
                row([result.rule.rawValue] + result.families.map { ($0.lossShare * 100).text(3) }))
        }
        Swift.print("")
    }

    private static let columns = [
        "rule", "loss %", "±", "more than steady", "wrong/day", "publ./day", "detected", "95 %",
        "sick publ.", "cold %",
    ]
    private static let widths = [14, 10, 9, 18, 11, 11, 10, 8, 12, 9, 0]

    private var header: String {
        if options.showsCauses { return row(["rule", "loss %"] + LossCause.allCases.map(\.word)) }
        guard options.isMarkdown else { return row(Self.columns) }
        return "\n" + row(Self.columns) + "\n" + rule(Self.columns.count)
    }

    private func rule(_ columns: Int) -> String {
        "|" + String(repeating: "---|", count: columns)
    }

    private func line(
        _ name: String, _ measure: Measure, loss: Estimate?, excess: Estimate?
    ) -> String {
        func rounds(_ share: Double) -> String {
            measure.detection(share).map { "\($0)" } ?? "-"
        }
        if options.showsCauses {
            return row(
                [name, (measure.lossShare * 100).text(4)]
                    + LossCause.allCases.map { (measure.lossShare($0) * 100).text(4) })
        }
        let more = excess.map { excess in
            (excess.mean < 0 ? "" : "+") + excess.mean.text(4)
                + (excess.error.map { " ± " + $0.text(4) } ?? "")
        }
        return row([
            name, (measure.lossShare * 100).text(4), loss?.error?.text(4) ?? "-", more ?? "-",
            measure.wrongADay.text(3), measure.publicationsADay.text(2), rounds(0.5),
            rounds(0.95), measure.sickPublicationsADay.text(3), (measure.coldShare * 100).text(2),
        ])
    }

    private func row(_ cells: [String]) -> String {
        if options.isMarkdown { return "| " + cells.joined(separator: " | ") + " |" }
        return zip(cells, Self.widths).map { Self.pad($0, $1) }.joined()
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
