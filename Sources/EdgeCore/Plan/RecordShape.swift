/// What the RDATA of a record type is made of.
///
/// A type that is not here is refused: an include may hold only what is understood.
enum RecordShape {
    enum Field: Hashable {
        case number(maximum: UInt64)
        /// Seconds, BIND's units allowed.
        case time
        case name
        /// One character string of 255 bytes at most (RFC 1035 §3.3).
        case text
        /// One or more of them; always last.
        case texts
        /// A quoted string of any length (RFC 7553 §4.4, RFC 8659 §4.1).
        case longText
        /// Letters and digits (RFC 8659 §4.1).
        case tag
        /// Hexadecimal in one or more tokens; always last.
        case hex
        /// Base64 in one or more tokens (RFC 4648 §4); always last.
        case base64
        case ipv4
        case ipv6
        /// Letters and digits, possibly none (RFC 3403 §4.1).
        case flags
        /// A substitution that is known to be one (RFC 3403 §4.1).
        case substitution
        /// Parameters of a service (RFC 9460 §2.1); always last.
        case parameters
        /// A place on earth (RFC 1876 §3), spelled by the parser; always last.
        case location
        /// Bytes of a type that is unknown (RFC 3597 §5); always last.
        case unknown
    }

    private static let byte = Field.number(maximum: 255)
    private static let short = Field.number(maximum: 65535)
    private static let long = Field.number(maximum: 0xFFFF_FFFF)

    /// The fields of `type`; nil when records of this type are not taken.
    static func fields(of type: String) -> [Field]? {
        switch type {
        case "A": [.ipv4]
        case "AAAA": [.ipv6]
        case "NS", "CNAME", "DNAME", "PTR": [.name]
        case "SOA": [.name, .name, long, .time, .time, .time, .time]
        case "MX", "AFSDB": [short, .name]
        case "TXT", "SPF": [.texts]
        case "SRV": [short, short, short, .name]
        case "CAA": [byte, .tag, .longText]
        case "NAPTR": [short, short, .flags, .text, .substitution, .name]
        case "HINFO": [.text, .text]
        case "RP": [.name, .name]
        case "URI": [short, short, .longText]
        case "SSHFP": [byte, byte, .hex]
        case "TLSA", "SMIMEA": [byte, byte, byte, .hex]
        case "DS", "CDS": [short, byte, byte, .hex]
        case "DNSKEY", "CDNSKEY": [short, byte, byte, .base64]
        case "OPENPGPKEY": [.base64]
        case "SVCB", "HTTPS": [short, .name, .parameters]
        case "LOC": [.location]
        default: isUnassigned(type) ? [.unknown] : nil
        }
    }

    /// Whether `TYPEnnn` is a number that no type of ours or of name servers has (RFC 3597 §5): for
    /// those that have one, the mnemonic says what it is, and nothing hides behind a number.
    static func isUnassigned(_ type: String) -> Bool {
        guard type.hasPrefix("TYPE"), let number = UInt16(type.dropFirst(4)),
            "TYPE\(number)" == type
        else { return false }
        return (300...32767).contains(number) || (65280...65534).contains(number)
    }

    /// Whether names in this type's RDATA are compared without case (RFC 4034 §6.2).
    static func foldsCase(_ type: String) -> Bool { !ServiceParameters.stand(in: type) }
}
