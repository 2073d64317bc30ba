internal import EdgeCore

/// What several of the original's commands have in common.
enum CommonOptions {
    /// Where the original's configuration stands.
    static let defaultConfiguration = "/etc/edgemanage/edgemanage.yaml"

    static let network = OptionParser.Option(
        letter: "A", name: "dnet", value: "NETWORK", help: "the network", isRequired: true)
    static let configuration = OptionParser.Option(
        letter: "c", name: "config", value: "CONFIG",
        help: "the configuration file (default: \(defaultConfiguration))")

    /// Reads the network's name.
    static func network(
        _ parsed: ParsedOptions, _ parser: OptionParser
    ) throws(UsageError) -> NetworkName {
        try network(parsed["dnet"] ?? "", parser)
    }

    /// Reads one network's name.
    static func network(
        _ text: String, _ parser: OptionParser
    ) throws(UsageError) -> NetworkName {
        guard let name = NetworkName(text) else {
            throw parser.invalid(
                "dnet",
                "'\(text)' is no network's name: 1 to 64 letters, digits, '.', '-' and '_', not "
                    + "beginning with '.'")
        }
        return name
    }

    /// Reads one of a few words.
    static func choice<Value>(
        _ name: String, of choices: [(String, Value)], _ parsed: ParsedOptions,
        _ parser: OptionParser
    ) throws(UsageError) -> Value? {
        guard let text = parsed[name] else { return nil }
        guard let choice = choices.first(where: { $0.0 == text }) else {
            let all = choices.map { "'\($0.0)'" }.joined(separator: ", ")
            throw parser.invalid(name, "invalid choice: '\(text)' (choose from \(all))")
        }
        return choice.1
    }

    /// Reads a number that is not negative.
    static func number(
        _ name: String, default value: Double, _ parsed: ParsedOptions, _ parser: OptionParser
    ) throws(UsageError) -> Double {
        guard let text = parsed[name] else { return value }
        guard let number = Double(text), number.isFinite, number >= 0 else {
            throw parser.invalid(name, "invalid number: '\(text)'")
        }
        return number
    }

    /// The modes as choices.
    static var modes: [(String, Mode)] { Mode.allCases.map { ($0.rawValue, $0) } }
}
