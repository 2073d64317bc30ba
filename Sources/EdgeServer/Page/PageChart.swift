internal import EdgeCore

/// The chart of an edge's phases over the last hour: stacked bars with axes.
struct PageChart {
    let history: PhaseHistory
    let goodEnough: Duration

    private static let (left, top, width, height) = (56.0, 20.0, 720.0, 200.0)
    private static let phases: [(phase: ProbePhase, word: String)] = [
        (.resolve, "resolve"), (.connect, "connect"), (.tls, "TLS"), (.processing, "process"),
        (.transfer, "transfer"),
    ]

    /// The value at the top of the scale, in seconds, and the step between its lines: 1, 2 or 5 of a power of ten.
    static func scale(_ most: Double) -> (top: Double, step: Double) {
        let most = max(most, 0.000_004)
        var power = 0.000_001
        while power * 10 <= most / 4 { power *= 10 }
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 * 5 >= most } ?? power * 10
        return ((most / step).rounded(.up) * step, step)
    }

    /// The drawing; `aria-label` says what it comes to.
    func svg() -> String {
        let most = history.cells.map(\.total.inSeconds).max() ?? 0
        let limit = goodEnough.inSeconds
        // The limit is shown where that leaves something to see of the bars.
        let isLimitShown = limit <= most * 4
        let (top, step) = Self.scale(max(most, isLimitShown ? limit : 0))
        var shapes = lines(top: top, step: step) + hours() + bars(top: top)
        if isLimitShown {
            let place = PageSVG.number(y(limit, top: top))
            shapes +=
                "<path class=\"limit\" d=\"M\(x(0)) \(place)H\(x(history.cells.count))\"/>"
                + text(
                    "good_enough \(goodEnough.shortSeconds)", x: x(history.cells.count),
                    y: PageSVG.number(y(limit, top: top) - 6), anchor: "end", kind: "limit-text")
        }
        return "<svg class=\"chart\" viewBox=\"0 0 800 260\" role=\"img\" "
            + "aria-label=\"\(PageText.escaped(words))\">\(shapes)</svg>"
    }

    /// What the chart shows, for those who don't see it.
    var words: String {
        let rounds = history.cells.map(\.rounds).reduce(0, +)
        let failed = history.cells.map(\.failed).reduce(0, +)
        guard rounds > 0 else { return "The last hour: no round is kept." }
        let totals = history.cells.map(\.total.inSeconds).filter { $0 > 0 }
        guard let low = totals.min(), let high = totals.max() else {
            return "The last hour: no answer in \(rounds.counted("round"))."
        }
        return
            "The last hour by minutes: answers took \(PageText.time(low)) to "
            + "\(PageText.time(high)) in the mean; \(failed) of \(rounds.counted("round")) "
            + "without an answer."
    }

    private func x(_ cell: Int) -> String {
        PageSVG.number(
            Self.left + Self.width * Double(cell) / Double(max(history.cells.count, 1)))
    }

    private func y(_ seconds: Double, top: Double) -> Double {
        Self.top + Self.height * (1 - min(seconds / top, 1))
    }

    private func text(
        _ words: String, x: String, y: String, anchor: String, kind: String = "axis"
    ) -> String {
        "<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">"
            + "\(PageText.escaped(words))</text>"
    }

    private func lines(top: Double, step: Double) -> String {
        var shapes = ""
        var value = 0.0
        while value <= top + step / 2 {
            let place = y(value, top: top)
            shapes +=
                "<path class=\"grid\" d=\"M\(x(0)) \(PageSVG.number(place))"
                + "H\(x(history.cells.count))\"/>"
                + text(
                    value == 0 ? "0" : PageText.time(value), x: PageSVG.number(Self.left - 6),
                    y: PageSVG.number(place + 4), anchor: "end")
            value += step
        }
        return shapes
    }

    /// Times of day, six of them and the end.
    private func hours() -> String {
        let every = max(1, history.cells.count / 6)
        return stride(from: 0, through: history.cells.count, by: every).map { cell in
            let time = PageText.clock(history.start(of: cell).seconds).prefix(5)
            let bottom = Self.top + Self.height
            return "<path class=\"grid\" d=\"M\(x(cell)) \(PageSVG.number(bottom))v5\"/>"
                + text(
                    cell == history.cells.count ? "\(time) UTC" : String(time), x: x(cell),
                    y: PageSVG.number(bottom + 20),
                    anchor: cell == history.cells.count ? "end" : "middle")
        }.joined()
    }

    private func bars(top: Double) -> String {
        let wide = max(1, Self.width / Double(max(history.cells.count, 1)) - 2)
        var shapes = ""
        for (index, cell) in history.cells.enumerated() where cell.rounds > 0 {
            var under = 0.0
            var stack = ""
            for (phase, _) in Self.phases {
                guard let part = cell.phases[phase]?.inSeconds, part > 0 else { continue }
                let (low, high) = (y(under, top: top), y(under + part, top: top))
                under += part
                stack +=
                    "<rect class=\"phase-\(phase.rawValue)\" x=\"\(x(index))\" "
                    + "y=\"\(PageSVG.number(high))\" width=\"\(PageSVG.number(wide))\" "
                    + "height=\"\(PageSVG.number(low - high))\"/>"
            }
            if cell.failed > 0 {
                // From the top down, as long as the share of rounds without an answer.
                let share = Double(cell.failed) / Double(cell.rounds)
                stack +=
                    "<rect class=\"missed\" x=\"\(x(index))\" y=\"\(PageSVG.number(Self.top))\" "
                    + "width=\"\(PageSVG.number(wide))\" "
                    + "height=\"\(PageSVG.number(max(4, Self.height * share)))\"/>"
            }
            shapes += "<g><title>\(PageText.escaped(words(of: index, cell)))</title>\(stack)</g>"
        }
        return shapes
    }

    private func words(of index: Int, _ cell: PhaseHistory.Cell) -> String {
        let parts = Self.phases.compactMap { phase, word in
            cell.phases[phase].map { "\(word) \($0.shortSeconds)" }
        }
        let failed =
            cell.failed > 0 ? ["\(cell.failed) of \(cell.rounds.counted("round")) unanswered"] : []
        return "\(PageText.clock(history.start(of: index).seconds)): "
            + (failed + parts).joined(separator: ", ")
    }
}
