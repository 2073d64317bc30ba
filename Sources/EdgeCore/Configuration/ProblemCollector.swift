/// Gathers the problems of one file while it is read, each once.
///
/// A class, since all readers of one file add to it; it never leaves the function that reads.
final class ProblemCollector {
    private let source: ConfigurationSource
    private var seen: Set<ConfigurationProblem> = []
    private(set) var problems: [ConfigurationProblem] = []

    /// The most problems that are told of one file.
    static let limit = 200

    init(_ source: ConfigurationSource) {
        self.source = source
    }

    /// Adds an error, unless it is known already.
    func error(_ message: String, at position: SourcePosition?, suggestion: String? = nil) {
        add(.error, message, at: position, suggestion: suggestion)
    }

    /// Adds a warning, unless it is known already.
    func warning(_ message: String, at position: SourcePosition?, suggestion: String? = nil) {
        add(.warning, message, at: position, suggestion: suggestion)
    }

    var hasErrors: Bool { problems.hasErrors }

    func add(
        _ severity: ConfigurationProblem.Severity, _ message: String, at position: SourcePosition?,
        suggestion: String? = nil
    ) {
        let problem = ConfigurationProblem(
            severity: severity, file: source.file, position: position, message: message,
            suggestion: suggestion, sourceLine: position.flatMap(source.line(at:)))
        // An error past the limit still has to make the reading fail.
        guard problems.count < Self.limit || (severity == .error && !hasErrors) else { return }
        if seen.insert(problem).inserted { problems.append(problem) }
    }
}
