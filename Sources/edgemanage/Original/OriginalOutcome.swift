/// How one of the original's commands ended: what goes where, and the exit status.
struct OriginalOutcome: Hashable, Sendable {
    var status: Int32
    /// For standard output, line breaks included.
    var output: String
    /// For standard error, line breaks included.
    var errors: String

    init(status: Int32 = 0, output: String = "", errors: String = "") {
        self.status = status
        self.output = output
        self.errors = errors
    }
}

/// Why arguments lead to no run: they are wrong, or ask for help or the version.
enum UsageError: Error, Hashable, Sendable {
    /// `-h`: the help text, for standard output.
    case help(String)
    /// `--version`.
    case version
    /// What is wrong, the usage line, and the exit status.
    case wrong(message: String, program: String, usage: String, status: Int32)

    /// What to print and how to exit.
    ///
    /// - Parameter version: the program's version.
    func outcome(version: String) -> OriginalOutcome {
        switch self {
        case .help(let text): OriginalOutcome(output: text)
        case .version: OriginalOutcome(output: "edgemanage \(version)\n")
        case .wrong(let message, let program, let usage, let status):
            OriginalOutcome(status: status, errors: "\(usage)\n\(program): error: \(message)\n")
        }
    }
}
