/// Addresses that stand in a record's data, whatever they mean there: `ip4:192.0.2.1` in an SPF text,
/// `ipv6hint="2001:db8::1"`, a word of a sentence.
enum AddressMentions {
    /// Whatever may be meant for an address, each once. Where a colon may belong to it or to what stands
    /// before, as in `ip6:2001:db8::1`, both are here: who asks knows which addresses there are.
    static func candidates(in data: String) -> [IPAddress] {
        var found: [IPAddress] = []
        for word in data.utf8.split(whereSeparator: { !isPart($0) }) where word.count > 1 {
            for address in candidates(of: String(decoding: word, as: UTF8.self))
            where !found.contains(address) {
                found.append(address)
            }
        }
        return found
    }

    /// All of a word, what is behind a mechanism's name, and what stands before a port.
    private static func candidates(of word: String) -> [IPAddress] {
        let begin = word.drop { $0 == "." }
        let text = begin.lastIndex { $0 != "." }.map { begin[...$0] } ?? ""
        guard let colon = text.firstIndex(of: ":") else {
            return [IPAddress(text)].compactMap { $0 }
        }
        let pieces = text.split(separator: ":").filter { $0.contains(".") }
        return [IPAddress(text), IPAddress(text[text.index(after: colon)...])].compactMap { $0 }
            + pieces.compactMap { IPAddress($0) }
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ":"), 0x30...0x39: true
        case 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
