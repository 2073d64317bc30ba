/// How an edge is, in one word that stands beside a sign and a colour.
public enum BoardState: String, Hashable, Sendable, CaseIterable {
    /// In the DNS and fine.
    case live
    /// In the DNS though it fails: nothing could take its place, or it is forced.
    case failing
    /// Out, and fit to come in.
    case spare
    /// Out, and not fit.
    case down
    /// Out by an operator's word.
    case drained
    /// It keeps this monitor out: nothing is known of it.
    case blocked
    /// Not probed yet.
    case new

    /// One rule for the board, the page and whoever else shows an edge.
    ///
    /// - Parameters:
    ///   - mode: `Mode` as text.
    ///   - health: `Health` as text; nil: it was never judged.
    ///   - isBlocked: whether it keeps this monitor out: then its class is what it was before.
    public init(isLive: Bool, mode: String, health: String?, isBlocked: Bool) {
        let isFailing = health == Health.fail.rawValue
        if !isLive, mode == Mode.unavailable.rawValue {
            self = .drained
        } else if isBlocked {
            self = .blocked
        } else if isLive {
            self = isFailing ? .failing : .live
        } else if health == nil {
            self = .new
        } else {
            self = isFailing ? .down : .spare
        }
    }

    /// The state whose sign stands for it: of one that keeps this monitor out at least that it is live is known.
    public func signed(isLive: Bool) -> BoardState { self == .blocked && isLive ? .live : self }

    /// The sign that stands for it.
    func sign(isPlain: Bool) -> Character {
        switch self {
        case .live: isPlain ? "*" : "●"
        case .failing: isPlain ? "!" : "▲"
        case .spare: isPlain ? "o" : "○"
        case .down: isPlain ? "x" : "✗"
        case .drained: isPlain ? "-" : "⊘"
        case .blocked: "?"
        case .new: isPlain ? "." : "·"
        }
    }

    /// Whom a short screen shows first: who fails in front of users, then who may soon be missed.
    var urgency: Int {
        switch self {
        case .failing: 0
        case .blocked: 1
        case .down, .new: 2
        case .live: 3
        case .spare, .drained: 4
        }
    }

    /// How it is coloured.
    var tone: BoardTone {
        switch self {
        case .live: .good
        case .failing, .down: .bad
        case .drained, .blocked: .notice
        case .spare, .new: .plain
        }
    }
}

/// What a part of a line is coloured for; the words say the same.
public enum BoardTone: Hashable, Sendable {
    case plain, good, notice, bad, faint
}

/// A line of the board, in parts of one colour each.
public struct BoardLine: Hashable, Sendable {
    public var parts: [(tone: BoardTone, text: String)] { spans.map { ($0.tone, $0.text) } }
    private var spans: [Span]

    private struct Span: Hashable, Sendable {
        var tone: BoardTone
        var text: String
    }

    /// - Parameter tone: of the whole line.
    public init(_ text: String, _ tone: BoardTone = .plain) {
        spans = [Span(tone: tone, text: text)]
    }

    /// Adds a part of one colour behind what is there.
    public mutating func add(_ text: String, _ tone: BoardTone = .plain) {
        spans.append(Span(tone: tone, text: text))
    }

    /// Without colours.
    public var text: String { spans.map(\.text).joined() }
}

/// How the board is drawn.
public struct BoardStyle: Hashable, Sendable {
    /// ASCII alone.
    public var isPlain: Bool
    /// Sentences longer than this are wrapped; nil: they are not. The rows of edges fit 80 always, but for names
    /// of more than 26 characters, which stand on lines of their own.
    public var width: Int?

    public init(isPlain: Bool = false, width: Int? = nil) {
        self.isPlain = isPlain
        self.width = width
    }
}

extension StatusView.StatusEdge {
    /// How the edge is, in a word.
    public var boardState: BoardState {
        BoardState(isLive: state == "in", mode: mode, health: health, isBlocked: isBlocked)
    }

    /// Whether there is nothing to say of it beyond its row.
    fileprivate var isPlain: Bool {
        let isUsual = (boardState == .live || boardState == .spare) && !isBlocked
        return isUsual && mode == Mode.available.rawValue && comment.isEmpty
            && !detail.contains(";")
    }
}

extension StatusView {
    /// The board as text.
    public func text() -> [String] { board(BoardStyle(isPlain: true)).map(\.text) }

    /// The board: what is so, every edge with why, and what needs a look.
    public func board(_ style: BoardStyle) -> [BoardLine] {
        let table = table(style)
        return head + [BoardLine("")] + [table.header] + table.rows.flatMap(\.lines)
            + rotationHoldLines(style) + serverLines(style) + waitingLines(style)
    }

    /// The board for a screen of so many lines: what needs a look stands above the edges, and where they do not all
    /// fit, those stay that need it most.
    public func board(_ style: BoardStyle, room: Int) -> [BoardLine] {
        let notes = head + rotationHoldLines(style) + waitingLines(style)
        let table = table(style)
        let whole =
            notes + [BoardLine("")] + [table.header] + table.rows.flatMap(\.lines)
            + serverLines(style)
        guard whole.count > room else { return whole }
        var shown = notes
        // A blank, the header, a row, and what is left out.
        if notes.count + 4 <= room {
            shown += [BoardLine(""), table.header]
            for row in table.rows.enumerated().sorted(by: {
                ($0.element.state.urgency, $0.offset) < ($1.element.state.urgency, $1.offset)
            }).map(\.element) {
                guard shown.count + row.lines.count < room else { break }
                shown += row.lines
            }
        }
        guard room > 2 else { return Array(shown.prefix(room)) }
        shown = Array(shown.prefix(room - 1))
        let sign = style.isPlain ? "..." : "…"
        let rest = (whole.count - shown.count).counted("more line")
        return shown + [BoardLine("\(sign) \(rest): edgemanage status \(network)", .faint)]
    }

    /// What is so, in two lines.
    private var head: [BoardLine] {
        let ago = secondsSinceLastRun.map { "last run \($0) s ago" } ?? "never run"
        var head = BoardLine("network \(network): ")
        head.add(count.words, count.tone)
        head.add(", \(zones.counted("zone")), generation \(generation), \(ago)")
        return [
            head,
            BoardLine(
                "substitutions left in 10 minutes: \(budgetRemaining) of \(budget); at least "
                    + "\(minimum) stay live"),
        ]
    }

    private func section(
        _ title: String, _ items: [String], _ tone: BoardTone, _ style: BoardStyle
    ) -> [BoardLine] {
        guard !items.isEmpty else { return [] }
        return [BoardLine(""), BoardLine(title, tone)]
            + items.flatMap { Self.wrapped($0, indent: 2, style) }.map { BoardLine($0) }
    }

    private func rotationHoldLines(_ style: BoardStyle) -> [BoardLine] {
        guard let rotationHold else { return [] }
        return [BoardLine("")]
            + Self.wrapped(rotationHold, indent: 0, style).map { BoardLine($0, .notice) }
    }

    private func serverLines(_ style: BoardStyle) -> [BoardLine] {
        section("name servers:", servers.map { $0.line(now: asOf) }, .plain, style)
    }

    private func waitingLines(_ style: BoardStyle) -> [BoardLine] {
        section("held:", holds.map(\.words), .notice, style)
            + section("to look at:", troubles, .bad, style)
    }

    /// The row of each edge, and below it why, where it is not simply fine.
    private func table(
        _ style: BoardStyle
    ) -> (header: BoardLine, rows: [(state: BoardState, lines: [BoardLine])]) {
        let longest = edges.map(\.edge.count).filter { $0 <= Self.widestName }.max() ?? 4
        let width = max(longest, 4)
        let header = BoardLine(
            "  " + Self.pad("EDGE", width) + "  STATE      FETCH    5 MIN  LAST HOUR     SINCE",
            .faint)
        let rows = edges.map { edge in
            var lines: [BoardLine] = []
            let state = edge.boardState
            let signed = state.signed(isLive: edge.state == "in")
            let sign = edge.state == nil ? "c" : signed.sign(isPlain: style.isPlain)
            let name = Self.printable(edge.edge)
            var line = BoardLine("\(sign) ", state.tone)
            if name.count > width {
                line.add(name)
                lines.append(line)
                line = BoardLine("  " + Self.pad("", width))
            } else {
                line.add(Self.pad(name, width))
            }
            line.add("  " + Self.pad(state.rawValue, 7), state.tone)
            let fetch = Self.padLeft(Self.seconds(edge.fetchSeconds), 9)
            let mean = Self.padLeft(Self.seconds(edge.windowMeanSeconds), 9)
            line.add("\(fetch)\(mean)  ")
            line.add(Self.pad(hour(of: edge, style), StatusPast.cells), .faint)
            line.add("  " + edge.sinceWords(at: asOf))
            lines.append(line.trimmed())
            if !edge.isPlain {
                lines += Self.wrapped(edge.why(at: asOf), indent: 4, style).map { BoardLine($0) }
            }
            return (state: state, lines: lines)
        }
        return (header, rows)
    }

    private func hour(of edge: StatusEdge, _ style: BoardStyle) -> String {
        edge.hour?.text(goodEnough: .seconds(goodEnoughSeconds), isPlain: style.isPlain) ?? ""
    }

    /// Longer names have lines of their own.
    private static let widestName = 26

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func seconds(_ value: Double?) -> String {
        value.map { Duration.seconds($0).shortSeconds } ?? "-"
    }

    /// No text from outside moves a cursor.
    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar in
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    ? "?" : Character(scalar)
            })
    }

    /// A sentence in lines of the style's width, each after `indent` blanks.
    private static func wrapped(_ text: String, indent: Int, _ style: BoardStyle) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = margin
        for word in printable(text).split(separator: " ") {
            let isFirst = line.count == margin.count
            if let width = style.width, !isFirst, line.count + 1 + word.count > width {
                lines.append(line)
                line = margin + word
            } else {
                line += (isFirst ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}

extension BoardLine {
    /// Without blanks at its end.
    fileprivate func trimmed() -> BoardLine {
        var line = self
        while let last = line.spans.last {
            line.spans.removeLast()
            if let end = last.text.utf8.lastIndex(where: { $0 != 0x20 }) {
                line.add(String(last.text[...end]), last.tone)
                break
            }
        }
        return line
    }
}

extension StatusView.StatusHold {
    fileprivate var words: String {
        approved
            ? Hold.approvedWords(of: message) + " (approved: the next run does it)" : message
    }
}

extension StatusView.StatusEdge {
    /// Why it is as it is: what the last probe came to, what an operator said, and for how long.
    fileprivate func why(at now: Int64) -> String {
        let mode = mode == Mode.available.rawValue || state == nil ? "" : mode
        return [detail, mode, comment, timeLeft(at: now)].filter { !$0.isEmpty }
            .joined(separator: "; ")
    }

    /// How long it has been in or out, in one unit.
    fileprivate func sinceWords(at now: Int64) -> String {
        guard let since else { return "" }
        let seconds = max(0, now - since)
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }
}
