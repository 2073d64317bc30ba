internal import EdgeCore
internal import Glibc

/// `edge_conf`: sets an edge's mode.
enum EdgeConf {
    /// How messages name the program.
    static let program = OriginalCommandName.edgeConf.rawValue

    /// SUDO_USER where it is set, else the login name; without what could break the brackets that
    /// it will stand in.
    static func user(environment: [String: String]) -> String {
        let sudo = environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 }
        let login = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        let name = sudo ?? login ?? "uid \(getuid())"
        let plain = name.unicodeScalars.filter { $0.value > 0x20 && $0 != "[" && $0 != "]" }
        return String(String.UnicodeScalarView(plain.prefix(64)))
    }

    /// Sets the mode. Exit status 1: comment missing, unknown edge, too few edges, or a failing
    /// store; 2: the lock is busy.
    static func run(_ options: EdgeConfOptions, by setter: ModeSetter) async -> OriginalOutcome {
        var setter = setter
        if !options.usesSyslog { setter.log = { _ in } }
        let change = options.change
        do throws(ModeRefusal) {
            let problems = try await setter.set(change)
            return OriginalOutcome(
                output: change.done + "\n",
                errors: problems.map { "\(program): \($0)\n" }.joined())
        } catch {
            switch error {
            case .noComment:
                return OriginalOutcome(status: 1, errors: error.message + "\n")
            case .busy: return refused(error.message, status: 2)
            case .badComment, .unknownEdge, .tooFew, .failed: return refused(error.message)
            }
        }
    }

    private static func refused(_ reason: String, status: Int32 = 1) -> OriginalOutcome {
        OriginalOutcome(status: status, errors: "\(program): \(reason)\n")
    }

    /// The text on one line, without control characters and without space around it.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
        }
        let words = String(String.UnicodeScalarView(scalars))
        let start = words.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
