/// Domain names in wire form (RFC 1035 §3.1): labels behind their lengths, the root's zero at the end, in
/// lower case.
enum WireName {
    /// The longest name (RFC 1035 §2.3.4).
    static let longest = 255

    /// Encodes a name of plain labels, with or without its final dot; nil when a label is empty or longer
    /// than 63 bytes, or the name longer than 255.
    static func bytes(of name: String) -> [UInt8]? {
        var wire: [UInt8] = []
        wire.reserveCapacity(name.utf8.count + 2)
        var start = 0
        wire.append(0)
        for byte in name.utf8 {
            if byte == UInt8(ascii: ".") {
                guard wire.count - start > 1 else { return nil }
                wire[start] = UInt8(wire.count - start - 1)
                start = wire.count
                wire.append(0)
            } else {
                guard wire.count - start <= 63 else { return nil }
                wire.append(folded(byte))
            }
        }
        if wire.count - start > 1 {
            wire[start] = UInt8(wire.count - start - 1)
            wire.append(0)
        }
        return wire.count > 1 && wire.count <= longest ? wire : nil
    }

    /// A name in presentation form, absolute.
    static func text(of wire: [UInt8]) -> String {
        var text: [UInt8] = []
        var place = 0
        while place < wire.count, wire[place] > 0 {
            let end = min(wire.count, place + 1 + Int(wire[place]))
            for byte in wire[(place + 1)..<end] {
                DomainText.append(byte, to: &text, foldsCase: true)
            }
            text.append(UInt8(ascii: "."))
            place = end
        }
        return text.isEmpty ? "." : String(decoding: text, as: UTF8.self)
    }

    /// ASCII letters in lower case, whatever else as it is (RFC 4343 §3).
    static func folded(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
