/// Lines of aligned columns for a terminal or a file; no colour, no final spaces.
public struct TextTable: Sendable {
    private var rows: [[String]] = []
    /// Columns that are aligned to the right: numbers.
    private let rightAligned: Set<Int>

    public init(header: [String] = [], rightAligned: Set<Int> = []) {
        self.rightAligned = rightAligned
        if !header.isEmpty { rows.append(header) }
    }

    /// Adds one row; control characters in cells become `?`, so that no text from outside moves a cursor.
    public mutating func add(_ cells: [String]) {
        rows.append(
            cells.map { cell in
                String(cell.unicodeScalars.map { isControl($0) ? "?" : Character($0) })
            })
    }

    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// The rows as lines, two spaces between columns, each line after `indent`.
    public func lines(indent: String = "") -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return rightAligned.contains(column) ? padding + cell : cell + padding
            }
            var line = indent + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
