internal import EdgeCore

/// Drawings of numbers alone, made by the server; nothing in them comes from outside.
enum PageSVG {
    /// One decimal place at most, so that the page stays small.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let (whole, rest) = (tenths / 10, abs(tenths % 10))
        let sign = tenths < 0 && whole == 0 ? "-" : ""
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }

    /// A bar as long as a fetch time: full at `goodEnough`, with a line where the 5-minute mean is.
    static func bar(_ seconds: Double?, mean: Double?, goodEnough: Duration) -> String {
        let full = max(goodEnough.inSeconds, 1e-9)
        func place(_ value: Double) -> String { number(min(max(value / full, 0), 1) * 80) }
        var shapes = ""
        if let seconds {
            let kind = seconds > full ? "over" : "fine"
            shapes += "<rect class=\"\(kind)\" width=\"\(place(seconds))\" height=\"8\"/>"
        }
        if let mean {
            shapes += "<path class=\"mean\" d=\"M\(place(mean)) 0v8\"/>"
        }
        return
            "<svg class=\"bar\" viewBox=\"0 0 80 8\" width=\"80\" height=\"8\" aria-hidden=\"true\">"
            + shapes + "</svg>"
    }

    /// An hour in small bars: a higher one is a slower answer, `goodEnough` fills it; a part without an answer for
    /// half of its rounds or more is a full bar of another colour with a gap in it.
    static func spark(_ line: Sparkline?, goodEnough: Duration) -> String {
        guard let cells = line?.cells, !cells.isEmpty else { return "" }
        let (width, height) = (4, 16)
        let full = max(goodEnough.inSeconds, 1e-9)
        var (fine, bad) = ("", "")
        for (index, cell) in cells.enumerated() {
            guard let failed = cell.failed else { continue }
            let left = index * width
            guard failed < 0.5, let median = cell.medianSeconds else {
                bad += "M\(left) 0h3v7h-3zM\(left) 9h3v7h-3z"
                continue
            }
            let share = min(max(median / full, 0), 1)
            let up = max(1, Int((share * Double(height)).rounded()))
            fine += "M\(left) \(height)v-\(up)h3v\(up)z"
            if failed > 0 { bad += "M\(left) 0h3v2h-3z" }
        }
        let wide = cells.count * width
        return "<svg class=\"spark\" viewBox=\"0 0 \(wide) \(height)\" width=\"\(wide)\" "
            + "height=\"\(height)\" aria-hidden=\"true\">"
            + "<path class=\"fine\" d=\"\(fine)\"/><path class=\"bad\" d=\"\(bad)\"/></svg>"
    }

    /// What a sparkline says, in words.
    static func words(_ line: Sparkline?) -> String {
        let cells = line?.cells.filter { $0.failed != nil } ?? []
        guard !cells.isEmpty else { return "nothing is known of the last hour" }
        let medians = cells.compactMap(\.medianSeconds).sorted()
        let bad = cells.count { $0.failed ?? 0 > 0 }
        let range =
            medians.first.flatMap { low in
                medians.last.map { "\(PageText.time(low)) to \(PageText.time($0))" }
            } ?? "no answer"
        return bad == 0
            ? range : "\(range), failures in \(bad) of \(cells.count) parts of the hour"
    }
}

/// The shape that goes with a state's word, so that neither colour nor reading is needed alone.
enum PageMark: String {
    case live, spare, down, failing, drained, canary, unknown, well, warning, bad

    /// The shape of an edge's state.
    init(_ state: BoardState) {
        self =
            switch state {
            case .live: .live
            case .failing: .failing
            case .spare: .spare
            case .down: .down
            case .drained: .drained
            case .blocked, .new: .unknown
            }
    }

    private var path: String {
        switch self {
        // A filled disc.
        case .live, .well: "M8 2a6 6 0 1 0 .01 0z"
        // A ring.
        case .spare: "M8 2a6 6 0 1 0 .01 0zM8 4a4 4 0 1 1-.01 0z"
        // A cross.
        case .down: "M3 1l5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z"
        // A square with a cross cut out.
        case .failing, .bad: "M1 1h14v14H1zM4 5l3 3-3 3 1 1 3-3 3 3 1-1-3-3 3-3-1-1-3 3-3-3z"
        // A triangle that points down.
        case .drained: "M1 3h14L8 14z"
        // A rhomb.
        case .canary: "M8 1l6 7-6 7-6-7z"
        // A dash.
        case .unknown: "M2 7h12v2H2z"
        // A triangle that points up, with a bar cut out.
        case .warning: "M8 1l8 14H0zM7 6v4h2V6zM7 11v2h2v-2z"
        }
    }

    var svg: String {
        "<svg class=\"mark\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">"
            + "<path fill-rule=\"evenodd\" d=\"\(path)\"/></svg>"
    }
}
