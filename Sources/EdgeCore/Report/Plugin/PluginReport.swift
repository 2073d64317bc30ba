/// What a monitoring plugin prints: one line with performance data, and lines for who looks closer.
public struct PluginReport: Hashable, Sendable {
    /// What comes first on the line: `EDGEMANAGE`.
    public var service: String
    public var state: PluginState
    public var headline: String
    public var details: [String]
    public var performance: [PerformanceDatum]

    /// The most bytes of the first line's text, of performance data, and of everything: Nagios reads 8 KiB.
    static let (longestHeadline, longestPerformance, longest) = (1000, 4000, 8000)

    public init(
        service: String = "EDGEMANAGE", state: PluginState, headline: String,
        details: [String] = [], performance: [PerformanceDatum] = []
    ) {
        self.service = service
        self.state = state
        self.headline = headline
        self.details = details
        self.performance = performance
    }

    /// The output, with its line breaks. What does not fit is left out, whole lines and whole numbers.
    public var output: String {
        let words = PluginText.cut(PluginText.plain(headline), to: Self.longestHeadline)
        var line = "\(service) \(state.word): \(words)"
        let (numbers, lostNumbers) = Self.fitting(
            performance.map(\.text), separator: 1, within: Self.longestPerformance)
        if !numbers.isEmpty { line += " | " + numbers.joined(separator: " ") }
        var lines = details.map { PluginText.cut(PluginText.plain($0), to: Self.longestHeadline) }
        if lostNumbers > 0 {
            lines.insert(
                "\(lostNumbers.counted("number")) did not fit: ask for fewer networks", at: 0)
        }
        let (shown, lost) = Self.fitting(
            lines, separator: 1, within: Self.longest - line.utf8.count - 60)
        let rest = lost > 0 ? ["… and \(lost.counted("more line"))"] : []
        return ([line] + shown + rest).joined(separator: "\n") + "\n"
    }

    /// As many texts as fit, and how many do not.
    private static func fitting(
        _ texts: [String], separator: Int, within size: Int
    ) -> (fitting: [String], lost: Int) {
        var used = 0
        let fitting = texts.prefix { text in
            used += text.utf8.count + separator
            return used <= size
        }
        return (Array(fitting), texts.count - fitting.count)
    }
}

/// Words for a plugin's output.
enum PluginText {
    /// The text on one line, without control characters, and without the bar that begins performance data.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: " "
            case 0x7C: "/"
            default: scalar
            }
        }
        let line = String(String.UnicodeScalarView(scalars))
        return line.split(separator: " ").joined(separator: " ")
    }

    /// At most so many bytes, whole characters.
    static func cut(_ text: String, to size: Int) -> String {
        guard text.utf8.count > size else { return text }
        var used = 3
        return text.prefix { character in
            used += character.utf8.count
            return used <= size
        } + "…"
    }
}
