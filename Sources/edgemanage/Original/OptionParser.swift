/// Reads arguments as Python's argparse reads them, since scripts and crontabs rely on it: joined
/// short options (`-Amynet`, `-nv`), `--option=value`, unambiguous beginnings of long options,
/// options and operands in any order, `--`, and negative numbers as values.
struct OptionParser: Sendable {
    /// One option.
    struct Option: Hashable, Sendable {
        var letter: Character?
        /// The long form without its dashes.
        var name: String
        /// What its value is called in the help; nil: it takes none.
        var value: String?
        var help: String
        var isRequired = false

        /// As argparse names it in errors: `-A/--dnet`.
        var label: String { (letter.map { "-\($0)/" } ?? "") + "--\(name)" }
    }

    /// One operand; all are required.
    struct Operand: Hashable, Sendable {
        var name: String
        var help: String
    }

    var command: OriginalCommandName
    var summary: String
    var options: [Option]
    var operands: [Operand] = []

    private static let help = Option(
        letter: "h", name: "help", help: "show this help message and exit")

    private var all: [Option] { [Self.help] + options }

    /// The exit status of usage errors.
    private var usageStatus: Int32 { command.isCheck ? 3 : 2 }

    /// An error that names an option or operand as argparse does.
    func error(_ message: String) -> UsageError {
        .wrong(message: message, program: command.rawValue, usage: usage, status: usageStatus)
    }

    /// A value that an option can't take.
    func invalid(_ name: String, _ reason: String) -> UsageError {
        let label = options.first { $0.name == name }?.label ?? name
        return error("argument \(label): \(reason)")
    }

    /// Reads the arguments after the program's name.
    func parse(_ arguments: [String]) -> Result<ParsedOptions, UsageError> {
        Result { () throws(UsageError) in try parsed(arguments) }
    }

    private func parsed(_ arguments: [String]) throws(UsageError) -> ParsedOptions {
        var parsed = ParsedOptions()
        var rest = arguments[...]
        var unrecognised: [String] = []
        while let argument = rest.popFirst() {
            if argument == "--" {
                parsed.operands += rest
                break
            }
            guard looksLikeOption(argument) else {
                parsed.operands.append(argument)
                continue
            }
            if argument.hasPrefix("--") {
                try takeLong(argument, &rest, &parsed, &unrecognised)
            } else {
                try takeShort(argument, &rest, &parsed, &unrecognised)
            }
        }
        if parsed.has("help") { throw .help(helpText) }
        if parsed.has("version") { throw .version }
        try checkComplete(&parsed, &unrecognised)
        return parsed
    }

    private func checkComplete(
        _ parsed: inout ParsedOptions, _ unrecognised: inout [String]
    ) throws(UsageError) {
        let missing =
            options.filter { $0.isRequired && !parsed.has($0.name) }.map(\.label)
            + operands.dropFirst(parsed.operands.count).map(\.name)
        guard missing.isEmpty else {
            throw error("the following arguments are required: \(missing.joined(separator: ", "))")
        }
        unrecognised += parsed.operands.dropFirst(operands.count)
        guard unrecognised.isEmpty else {
            throw error("unrecognized arguments: \(unrecognised.joined(separator: " "))")
        }
    }

    /// argparse's rule: a dash and more, no number, and no space in it unless it is an option.
    private func looksLikeOption(_ text: String) -> Bool {
        guard text.hasPrefix("-"), text != "-" else { return false }
        if isNegativeNumber(text) { return false }
        guard text.contains(" ") else { return true }
        if let equals = text.firstIndex(of: "="), text.hasPrefix("--") {
            return all.contains { "--\($0.name)" == text[..<equals] }
        }
        return text.dropFirst().first.map { letter in all.contains { $0.letter == letter } }
            ?? false
    }

    private func isNegativeNumber(_ text: String) -> Bool {
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let isDigits = { (part: Substring) in part.utf8.allSatisfy { (48...57).contains($0) } }
        switch parts.count {
        case 1: return !parts[0].isEmpty && isDigits(parts[0])
        case 2: return !parts[1].isEmpty && isDigits(parts[0]) && isDigits(parts[1])
        default: return false
        }
    }

    private func takeLong(
        _ argument: String, _ rest: inout ArraySlice<String>, _ parsed: inout ParsedOptions,
        _ unrecognised: inout [String]
    ) throws(UsageError) {
        let body = argument.dropFirst(2)
        let equals = body.firstIndex(of: "=")
        let name = String(body[..<(equals ?? body.endIndex)])
        let attached = equals.map { String(body[body.index(after: $0)...]) }
        let exact = all.filter { $0.name == name }
        let found = exact.isEmpty ? all.filter { $0.name.hasPrefix(name) } : exact
        guard found.count < 2 else {
            let names = found.map { "--\($0.name)" }.joined(separator: ", ")
            throw error("ambiguous option: \(argument) could match \(names)")
        }
        guard let option = found.first else {
            unrecognised.append(argument)
            return
        }
        try take(option, attached: attached, &rest, &parsed)
    }

    private func takeShort(
        _ argument: String, _ rest: inout ArraySlice<String>, _ parsed: inout ParsedOptions,
        _ unrecognised: inout [String]
    ) throws(UsageError) {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = all.first(where: { $0.letter == letter }) else {
                unrecognised.append(argument)
                return
            }
            guard option.value == nil else {
                if letters.first == "=" { letters.removeFirst() }
                let attached = letters.isEmpty ? nil : String(letters)
                return try take(option, attached: attached, &rest, &parsed)
            }
            guard letters.first != "=" else {
                throw error(
                    "argument \(option.label): ignored explicit argument '\(letters.dropFirst())'")
            }
            try take(option, attached: nil, &rest, &parsed)
        }
    }

    private func take(
        _ option: Option, attached: String?, _ rest: inout ArraySlice<String>,
        _ parsed: inout ParsedOptions
    ) throws(UsageError) {
        guard option.value != nil else {
            if let attached {
                throw error("argument \(option.label): ignored explicit argument '\(attached)'")
            }
            parsed.set(option.name, "")
            return
        }
        if let attached {
            parsed.set(option.name, attached)
            return
        }
        guard let next = rest.first, next != "--", !looksLikeOption(next) else {
            throw error("argument \(option.label): expected one argument")
        }
        parsed.set(option.name, rest.removeFirst())
    }
}

/// Arguments that were read.
struct ParsedOptions: Hashable, Sendable {
    /// By long name, in the order in which they were given.
    private var values: [String: [String]] = [:]
    fileprivate(set) var operands: [String] = []

    fileprivate mutating func set(_ name: String, _ value: String) {
        values[name, default: []].append(value)
    }

    /// Whether an option was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// An option's value; the last of several counts.
    subscript(name: String) -> String? { values[name]?.last }

    /// Every value of an option that may be given several times.
    func all(_ name: String) -> [String] { values[name] ?? [] }
}
