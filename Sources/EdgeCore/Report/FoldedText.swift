extension String {
    /// A line of text or of a table in lines of a width, broken at blanks. The further ones begin below the line's last
    /// column that begins in its first half, else two places in from its own beginning.
    ///
    /// - Parameter width: nil: it stays one line, as programs read it.
    public func folded(to width: Int?) -> [String] {
        guard let width, width > 8, count > width else { return [self] }
        let margin = String(repeating: " ", count: hangingIndent(width))
        var rest = Array(self)
        var indent = rest.prefix { $0 == " " }.count
        var lines: [String] = []
        while rest.count > width {
            // A word that is longer than a line is not broken.
            guard
                let end = rest[indent...min(width, rest.count - 1)].lastIndex(of: " ")
                    ?? rest[indent...].firstIndex(of: " ")
            else { break }
            lines.append(String(rest[..<end]).withoutFinalBlanks)
            let next = rest[end...].drop { $0 == " " }
            guard !next.isEmpty else { return lines }
            rest = Array(margin) + next
            indent = margin.count
        }
        return lines + [String(rest)]
    }

    private func hangingIndent(_ width: Int) -> Int {
        let text = Array(self)
        let start = text.prefix { $0 == " " }.count
        let last = (start..<max(start, min(width / 2, text.count) - 2)).last {
            text[$0] == " " && text[$0 + 1] == " " && text[$0 + 2] != " "
        }
        return last.map { $0 + 2 } ?? start + 2
    }

    private var withoutFinalBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
