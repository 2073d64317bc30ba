/// The strict form of a LOC record's RDATA (RFC 1876 §3).
enum LocationText {
    /// The place with minutes and seconds written out, which parsers may leave to be guessed.
    ///
    /// Degrees, minutes and seconds, N or S; the same, E or W; altitude; and at most size and two
    /// precisions. nil when the tokens are none.
    static func complete(_ tokens: [String]) -> [String]? {
        var rest = tokens[...]
        guard let latitude = takeAngle(&rest, degrees: 90, signs: ["N", "S"]),
            let longitude = takeAngle(&rest, degrees: 180, signs: ["E", "W"]),
            let altitude = rest.popFirst(), isLength(altitude, mayBeNegative: true),
            rest.count <= 3, rest.allSatisfy({ isLength($0, mayBeNegative: false) })
        else { return nil }
        return latitude + longitude + [altitude] + rest
    }

    private static func takeAngle(
        _ rest: inout ArraySlice<String>, degrees: UInt32, signs: Set<String>
    ) -> [String]? {
        var parts: [String] = []
        while let token = rest.popFirst() {
            // RFC 1876 §3 writes them in capitals; BIND and Knot read no others.
            if !signs.contains(token) {
                parts.append(token)
                continue
            }
            guard (1...3).contains(parts.count), let angle = whole(parts[0]), angle <= degrees
            else {
                return nil
            }
            let minutes = parts.count > 1 ? whole(parts[1]) : 0
            let seconds = parts.count > 2 ? thousandths(parts[2]) : 0
            guard let minutes, let seconds, minutes < 60, seconds < 60_000,
                angle < degrees || minutes == 0 && seconds == 0
            else { return nil }
            let zeros = Array(repeating: "0", count: 3 - parts.count)
            return parts + zeros + [token]
        }
        return nil
    }

    private static func whole(_ text: String) -> UInt32? {
        text.utf8.count <= 3 && text.utf8.allSatisfy(DomainText.isDigit) ? UInt32(text) : nil
    }

    private static func thousandths(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let seconds = whole(parts[0]) else { return nil }
        guard parts.count == 2 else { return seconds * 1000 }
        guard (1...3).contains(parts[1].utf8.count), whole(parts[1]) != nil else { return nil }
        let digits = parts[1] + String(repeating: "0", count: 3 - parts[1].utf8.count)
        return whole(digits).map { seconds * 1000 + $0 }
    }

    /// Metres with at most two decimals, under 100,000.
    private static func isLength(_ text: String, mayBeNegative: Bool) -> Bool {
        var text = text[...]
        if text.hasSuffix("m") { text = text.dropLast() }
        if mayBeNegative, text.hasPrefix("-") { text = text.dropFirst() }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, (1...5).contains(parts[0].utf8.count) else { return false }
        if parts.count == 2, !(1...2).contains(parts[1].utf8.count) { return false }
        return parts.allSatisfy { $0.utf8.allSatisfy(DomainText.isDigit) }
    }
}
