internal import EdgeCore
internal import Mustache

/// Text as it stands in a page.
enum PageText {
    /// HTML's five characters, scalar by scalar: a quotation mark stays one when an accent is written on it, and so it
    /// does for a browser.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    /// Control characters, and those that turn the direction of what is written after them.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// A part of a path: what is no letter, digit or one of `-._~` by its number (RFC 3986 §2.3).
    static func segment(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }

    /// One word of a command that is copied into a shell.
    static func shell(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F, 0x2F: true
            default: false
            }
        }
        guard !isPlain || text.isEmpty else { return text }
        return "'" + text.replacing("'", with: "'\\''") + "'"
    }

    static func time(_ seconds: Double?) -> String {
        seconds.map { Duration.seconds($0).shortSeconds } ?? "–"
    }

    /// `14:05:09` of a time; the whole date stands in the element's attribute.
    static func clock(_ seconds: Int64) -> String {
        String(UnixTime(seconds: seconds).dateText.suffix(8))
    }

    /// RFC 3339, as `<time datetime>` takes it.
    static func machine(_ seconds: Int64) -> String {
        UnixTime(seconds: seconds).dateText.replacing(" ", with: "T") + "Z"
    }

    /// `<time>` with a time of day; a script adds how long ago that is.
    static func stamp(_ seconds: Int64, isShort: Bool = true) -> String {
        let date = UnixTime(seconds: seconds).dateText
        return "<time datetime=\"\(machine(seconds))\" title=\"\(date) UTC\">"
            + (isShort ? clock(seconds) : String(date.prefix(16))) + "</time>"
    }
}

/// Escapes all that templates put in.
struct PageContentType: MustacheContentType {
    static let name = "PAGE"

    func escapeText(_ text: String) -> String { PageText.escaped(text) }
}
