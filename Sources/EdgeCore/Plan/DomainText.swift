/// Domain names in zone text: escapes, origin, limits and one canonical form
/// (RFC 1035 §5.1, §2.3.4).
enum DomainText {
    /// Why a name is none.
    enum Fault: Error, Hashable {
        case empty
        case emptyLabel
        case longLabel
        case longName
        case badEscape

        var message: String {
            switch self {
            case .empty: "a name is empty"
            case .emptyLabel: "a name has an empty label"
            case .longLabel: "a name has a label of more than 63 bytes"
            case .longName: "a name has more than 255 bytes"
            case .badEscape: "a name has a backslash without a character or three digits up to 255"
            }
        }
    }

    /// The name in lower case, absolute, escapes in their one form; relative names end in `origin`,
    /// which must be canonical. `@` is the origin itself. Without `foldsCase` capitals stay.
    static func absolute(
        _ token: some Collection<UInt8>, origin: String, foldsCase: Bool = true
    ) throws(Fault) -> String {
        guard let first = token.first else { throw .empty }
        if token.count == 1 {
            if first == UInt8(ascii: "@") { return origin }
            if first == UInt8(ascii: ".") { return "." }
        }
        var name: [UInt8] = []
        name.reserveCapacity(token.count + origin.utf8.count + 1)
        var wire = 0  // bytes of the labels so far, length bytes included
        var label = 0  // bytes of the present label
        var endsInDot = false
        var index = token.startIndex
        while index != token.endIndex {
            let byte = token[index]
            endsInDot = byte == UInt8(ascii: ".")
            if endsInDot {
                if label == 0 { throw .emptyLabel }
                wire += label + 1
                label = 0
                name.append(byte)
            } else {
                let value =
                    byte == UInt8(ascii: "\\") ? try unescape(token, after: &index) : byte
                append(value, to: &name, foldsCase: foldsCase)
                label += 1
                if label > 63 { throw .longLabel }
            }
            index = token.index(after: index)
        }
        if !endsInDot {
            wire += label + 1
            name.append(UInt8(ascii: "."))
            if origin != "." {
                name.append(contentsOf: origin.utf8)
                wire += wireLength(origin)
            }
        }
        if wire + 1 > 255 { throw .longName }
        return String(decoding: name, as: UTF8.self)
    }

    /// The canonical form of an absolute name that was checked before, as settings' names were.
    static func canonical(_ text: String) -> String {
        (try? absolute(text.utf8, origin: ".")) ?? text.lowercased()
    }

    /// Reads `\X` or `\DDD`; `index` is left at the last byte read.
    static func unescape<Bytes: Collection<UInt8>>(
        _ token: Bytes, after index: inout Bytes.Index
    ) throws(Fault) -> UInt8 {
        let next = token.index(after: index)
        guard next != token.endIndex else { throw .badEscape }
        index = next
        guard isDigit(token[next]) else { return token[next] }
        var value = 0
        var place = next
        for step in 0..<3 {
            guard place != token.endIndex, isDigit(token[place]) else { throw .badEscape }
            value = value * 10 + Int(token[place] - 48)
            index = place
            if step < 2 { place = token.index(after: place) }
        }
        guard value <= 255 else { throw .badEscape }
        return UInt8(value)
    }

    static func append(_ byte: UInt8, to name: inout [UInt8], foldsCase: Bool) {
        switch byte {
        case 0x41...0x5A where foldsCase: name.append(byte | 0x20)  // RFC 4343 §3
        case UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "@"), UInt8(ascii: "$"):
            name.append(UInt8(ascii: "\\"))
            name.append(byte)
        case 0x21...0x7E: name.append(byte)
        default: appendEscape(byte, to: &name)
        }
    }

    /// Appends `\DDD`.
    static func appendEscape(_ byte: UInt8, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\\"))
        text.append(48 + byte / 100)
        text.append(48 + byte / 10 % 10)
        text.append(48 + byte % 10)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// The bytes of a canonical absolute name's labels on the wire, the root's zero byte not
    /// counted.
    static func wireLength(_ name: String) -> Int {
        guard name != "." else { return 0 }
        var length = 0
        var digits = 0
        var isEscaped = false
        for byte in name.utf8 {
            if digits > 0 {
                digits -= 1
            } else if isEscaped {
                isEscaped = false
                length += 1
                if isDigit(byte) { digits = 2 }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                length += 1
            }
        }
        return length
    }

    /// The name without its first label; nil for the root.
    static func parent(of name: String) -> String? {
        guard name != "." else { return nil }
        var isEscaped = false
        let bytes = name.utf8
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: ".") {
                return index == bytes.endIndex ? "." : String(name[index...])
            }
        }
        return nil
    }

    /// Whether `name` is `zone` or below it; both canonical.
    static func isInside(_ name: String, zone: String) -> Bool {
        if name == zone || zone == "." { return true }
        guard name.utf8.count > zone.utf8.count, name.hasSuffix(zone) else { return false }
        // The dot before the zone's part must divide labels: it is not one when it is escaped.
        let before = name.utf8.dropLast(zone.utf8.count)
        guard before.last == UInt8(ascii: ".") else { return false }
        let slashes = before.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return slashes.isMultiple(of: 2)
    }
}
