/// Binary data as text.
enum BinaryText {
    static func isHex(_ digits: [UInt8]) -> Bool {
        !digits.isEmpty && digits.count.isMultiple(of: 2)
            && digits.allSatisfy {
                DomainText.isDigit($0) || (0x61...0x66).contains($0 | 0x20)
            }
    }

    /// Base64 with its padding and no bits left over (RFC 4648 §3.5).
    static func isBase64(_ digits: [UInt8]) -> Bool {
        let body = digits.prefix { $0 != UInt8(ascii: "=") }
        let padding = digits.count - body.count
        guard !body.isEmpty, digits.count.isMultiple(of: 4), padding <= 2,
            digits.suffix(padding).allSatisfy({ $0 == UInt8(ascii: "=") }),
            let last = body.last.flatMap(value), body.allSatisfy({ value($0) != nil })
        else { return false }
        return padding == 0 || last & (padding == 2 ? 0x0F : 0x03) == 0
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Digests whose algorithm fixes their length (RFC 4255 §3.1.2, RFC 4509 §2, RFC 6605 §2).
    static func lengthProblem(type: String, numbers: [UInt8], bytes: Int) -> String? {
        let words = String(decoding: numbers, as: UTF8.self).split(separator: " ")
        let lengths: [Substring: Int]
        switch type {
        case "DS": lengths = ["1": 20, "2": 32, "4": 48]
        case "CDS":  // RFC 8078 §4: all zero asks for the DS to be deleted
            lengths = words.count > 1 && words[1] == "0" ? ["0": 1] : ["1": 20, "2": 32, "4": 48]
        case "SSHFP": lengths = ["1": 20, "2": 32]
        default: return nil
        }
        guard let algorithm = words.last, let length = lengths[algorithm], bytes != length else {
            return nil
        }
        return "digest type \(algorithm) has \(length) bytes, not \(bytes)"
    }
}
