/// A response code: four bits of a message's header (RFC 1035 §4.1.1, RFC 2136 §2.2), twelve together with
/// an OPT record (RFC 6891 §6.1.3), sixteen in a TSIG record (RFC 8945 §3), where some mean something else.
public struct ResponseCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let noError = ResponseCode(rawValue: 0)
    public static let formatError = ResponseCode(rawValue: 1)
    public static let serverFailure = ResponseCode(rawValue: 2)
    public static let missingName = ResponseCode(rawValue: 3)
    public static let notImplemented = ResponseCode(rawValue: 4)
    public static let refused = ResponseCode(rawValue: 5)
    public static let existingName = ResponseCode(rawValue: 6)
    public static let existingRRset = ResponseCode(rawValue: 7)
    public static let missingRRset = ResponseCode(rawValue: 8)
    public static let notAuthoritative = ResponseCode(rawValue: 9)
    public static let notZone = ResponseCode(rawValue: 10)

    /// TSIG errors (RFC 8945 §3).
    public static let badSignature = ResponseCode(rawValue: 16)
    public static let badKey = ResponseCode(rawValue: 17)
    public static let badTime = ResponseCode(rawValue: 18)
    public static let badTruncation = ResponseCode(rawValue: 22)

    private static let names: [UInt16: String] = [
        0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
        6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 16: "BADVERS",
        23: "BADCOOKIE",
    ]

    private static let signatureNames: [UInt16: String] = [
        16: "BADSIG", 17: "BADKEY", 18: "BADTIME", 19: "BADMODE", 20: "BADNAME", 21: "BADALG",
        22: "BADTRUNC",
    ]

    /// The code's name in a TSIG record, where 16 is no BADVERS.
    public var signatureName: String { Self.signatureNames[rawValue] ?? description }
}

extension ResponseCode: CustomStringConvertible {
    /// The code's name (RFC 6895 §2.3), or its number.
    public var description: String { Self.names[rawValue] ?? "RCODE \(rawValue)" }
}
