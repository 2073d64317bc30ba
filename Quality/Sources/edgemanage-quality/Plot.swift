import Glibc
import QualityKit

/// The losses as bars, a panel for each layout, as SVG that fits light and dark pages.
struct Plot {
    let results: [Result]

    private let width = 780
    /// Where bars begin and end.
    private let left = 100
    private let right = 580
    private let rowHeight = 22
    private let titleHeight = 34
    private let axisHeight = 46

    /// Writes it; what went wrong, if anything did.
    func write(to path: String) -> String? {
        guard let file = fopen(path, "w") else { return "\(path) can't be opened for writing" }
        let isWritten = fputs(text, file) >= 0
        return fclose(file) == 0 && isWritten ? nil : "\(path) can't be written"
    }

    /// The whole document.
    var text: String {
        let layouts = Layout.all.filter { layout in results.contains { $0.layout == layout } }
        var (body, top) = ("", 10)
        for layout in layouts {
            let rows = results.filter { $0.layout == layout }
            body += panel(layout, rows, top: top)
            top += titleHeight + rows.count * rowHeight + axisHeight
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(top)" width="\(width)" \
            height="\(top)" role="img">
            <title>Loss of users' requests by rule and layout</title>
            <style>
            .page { fill: #ffffff } text { fill: #1f2328; font: 13px sans-serif }
            .head { font-weight: bold } .bar { fill: #8c96a3 } .steady { fill: #2563c9 }
            .line { stroke: #8c96a3; stroke-opacity: 0.45 } .error { stroke: #1f2328; stroke-width: 1.5 }
            @media (prefers-color-scheme: dark) {
            .page { fill: #0d1117 } text { fill: #e6edf3 } .bar { fill: #7d8590 } .steady { fill: #6ea8fe }
            .line { stroke: #7d8590 } .error { stroke: #e6edf3 }
            }
            </style>
            <rect class="page" width="\(width)" height="\(top)"/>
            \(body)</svg>

            """
    }

    /// The axis' end, and the way between its marks, in percent; the same for all panels. It does not follow a rule
    /// that loses many times what steady does: its bars end in an arrow.
    private var scale: (end: Double, step: Double) {
        let steady = results.filter { $0.rule == .steady }.map(\.loss.mean).max()
        let limit = steady.map { $0 * 4 } ?? .infinity
        let ends = results.map { $0.loss.mean + 2 * ($0.loss.error ?? 0) }
        let most = min(ends.max() ?? 0, limit)
        let step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5].first { $0 * 8 >= most } ?? 20
        return (step * max(1, (most / step).rounded(.up)), step)
    }

    private func place(_ percent: Double) -> String {
        let share = min(max(percent / scale.end, 0), 1)
        return (Double(left) + share * Double(right - left)).text(1)
    }

    private func panel(_ layout: Layout, _ rows: [Result], top: Int) -> String {
        let first = top + titleHeight
        let bottom = first + rows.count * rowHeight
        var text =
            "<text class=\"head\" x=\"\(left)\" y=\"\(top + 20)\">\(layout.name): \(layout.edges) "
            + "edges, \(layout.live) live</text>\n"
        for mark in 0...Int((scale.end / scale.step).rounded()) {
            let value = Double(mark) * scale.step
            text +=
                "<line class=\"line\" x1=\"\(place(value))\" x2=\"\(place(value))\" y1=\"\(first)\" "
                + "y2=\"\(bottom)\"/>\n<text x=\"\(place(value))\" y=\"\(bottom + 16)\" "
                + "text-anchor=\"middle\">\(value.text(2))</text>\n"
        }
        text +=
            "<text x=\"\((left + right) / 2)\" y=\"\(bottom + 33)\" text-anchor=\"middle\">"
            + "requests that met a dead or slow edge, %; lines: two standard errors</text>\n"
        for (index, row) in rows.enumerated() {
            text += bar(row, top: first + index * rowHeight)
        }
        return text
    }

    private func bar(_ row: Result, top: Int) -> String {
        let (middle, base) = (top + rowHeight / 2, top + rowHeight / 2 + 5)
        let loss = row.loss
        let length = ((Double(place(loss.mean)) ?? 0) - Double(left)).text(1)
        var text =
            "<text x=\"\(left - 8)\" y=\"\(base)\" text-anchor=\"end\">\(row.rule.rawValue)</text>\n"
            + "<rect class=\"\(row.rule == .steady ? "steady" : "bar")\" x=\"\(left)\" "
            + "y=\"\(top + 4)\" width=\"\(length)\" height=\"\(rowHeight - 8)\"/>\n"
        if let error = loss.error {
            text +=
                "<line class=\"error\" x1=\"\(place(loss.mean - 2 * error))\" "
                + "x2=\"\(place(loss.mean + 2 * error))\" y1=\"\(middle)\" y2=\"\(middle)\"/>\n"
        }
        return text
            + "<text x=\"\(right + 6)\" y=\"\(base)\">"
            + "\(loss.mean > scale.end ? "→ " : "")\(loss.mean.text(3)) %, "
            + "\(row.total.publicationsADay.text(1)) publ./day</text>\n"
    }
}
