/// Where the fields stand in the bytes that `EdgeStoreFile.encoded()` wrote.
///
/// Found without reading the entries one by one: only the bytes that an entry can be made of and
/// the counts of its separators are checked. Bytes that another program laid out differently have
/// no layout.
struct EdgeStoreLayout: Hashable, Sendable {
    /// The inside of a map or list.
    struct Entries: Hashable, Sendable {
        var range: Range<Int>
        var count: Int
    }

    /// Strings and null with their quotes, numbers as they stand.
    var comment: Range<Int>
    var fetches: Entries
    var health: Range<Int>
    var averages: Entries
    var mode: Range<Int>
    var rotations: Entries
    var state: Range<Int>
    var stateEntryTime: Range<Int>

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = Scanner(bytes: bytes)
        guard scanner.skip(#"{"comment": "#), let comment = scanner.scalar(),
            scanner.skip(#", "fetch_times": {"#), let fetches = scanner.map(),
            scanner.skip(#"}, "health": "#), let health = scanner.scalar(),
            scanner.skip(#", "historical_average": {"#), let averages = scanner.map(),
            scanner.skip(#"}, "mode": "#), let mode = scanner.scalar(),
            scanner.skip(#", "rotation_history": ["#), let rotations = scanner.list(),
            scanner.skip(#"], "state": "#), let state = scanner.scalar(),
            scanner.skip(#", "state_entry_time": "#), let stateEntryTime = scanner.scalar(),
            scanner.skip("}\n"), scanner.position == bytes.count
        else { return nil }
        self.comment = comment
        self.fetches = fetches
        self.health = health
        self.averages = averages
        self.mode = mode
        self.rotations = rotations
        self.state = state
        self.stateEntryTime = stateEntryTime
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var position = 0

        mutating func skip(_ text: StaticString) -> Bool {
            let end = position + text.utf8CodeUnitCount
            guard end <= bytes.count else { return false }
            let expected = UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount)
            guard bytes[position..<end].elementsEqual(expected) else { return false }
            position = end
            return true
        }

        /// A string, or bytes up to the next comma or bracket.
        mutating func scalar() -> Range<Int>? {
            let start = position
            guard start < bytes.count else { return nil }
            guard bytes[start] == UInt8(ascii: "\"") else {
                while position < bytes.count, bytes[position] != UInt8(ascii: ","),
                    bytes[position] != UInt8(ascii: "}")
                {
                    position += 1
                }
                return position > start ? start..<position : nil
            }
            position += 1
            while position < bytes.count {
                let byte = bytes[position]
                guard (0x20...0x7E).contains(byte) else { return nil }
                position += byte == UInt8(ascii: "\\") ? 2 : 1
                if byte == UInt8(ascii: "\"") { return start..<position }
            }
            return nil
        }

        mutating func map() -> Entries? {
            guard let (range, counts) = span(until: UInt8(ascii: "}")) else { return nil }
            guard counts.colons == 0 ? range.isEmpty : counts.commas == counts.colons - 1,
                counts.quotes == counts.colons * 2
            else { return nil }
            return Entries(range: range, count: counts.colons)
        }

        mutating func list() -> Entries? {
            guard let (range, counts) = span(until: UInt8(ascii: "]")), counts.colons == 0,
                counts.quotes == 0, counts.commas == 0 || !range.isEmpty
            else { return nil }
            return Entries(range: range, count: range.isEmpty ? 0 : counts.commas + 1)
        }

        private mutating func span(until end: UInt8) -> (
            Range<Int>, (colons: Int, commas: Int, quotes: Int)
        )? {
            let start = position
            while position < bytes.count, bytes[position] != end { position += 1 }
            guard position < bytes.count else { return nil }
            var (colons, commas, quotes, spaces, digits) = (0, 0, 0, 0, 0)
            for byte in UnsafeBufferPointer(rebasing: bytes[start..<position]) {
                colons &+= byte == UInt8(ascii: ":") ? 1 : 0
                commas &+= byte == UInt8(ascii: ",") ? 1 : 0
                quotes &+= byte == UInt8(ascii: "\"") ? 1 : 0
                spaces &+= byte == UInt8(ascii: " ") ? 1 : 0
                digits &+= byte &- 0x30 < 10 || byte == UInt8(ascii: ".") ? 1 : 0
            }
            guard colons + commas + quotes + spaces + digits == position - start,
                spaces == colons + commas
            else { return nil }
            return (start..<position, (colons, commas, quotes))
        }
    }
}
