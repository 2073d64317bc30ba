internal import EdgeCore
internal import EdgeSystemReport

/// `check_edgemanage_rotation`: how often the live set changed in the last ten minutes.
struct RotationCheck: Hashable, Sendable {
    var stateFile: String
    var warning: Double
    var critical: Double

    static let service = "EDGE_ROTATE"
    /// How far back rotations count, in seconds.
    static let period: Int64 = 600
    /// With fewer recorded than this nothing is said of their frequency.
    static let fewest = 10

    static let parser = OptionParser(
        command: .checkRotation,
        summary: "Nagios check: how often the live set changed in the last 600 seconds.",
        options: [
            .init(
                letter: "w", name: "warning", value: "COUNT",
                help: "warn above this many rotations (default: 4)"),
            .init(
                letter: "c", name: "critical", value: "COUNT",
                help: "critical above this many rotations (default: 8)"),
        ], operands: [.init(name: "STATEFILE", help: "the network's state file")])

    static func parse(_ arguments: [String]) -> Result<RotationCheck, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            return RotationCheck(
                stateFile: parsed.operands.first ?? "",
                warning: try CommonOptions.number("warning", default: 4, parsed, parser),
                critical: try CommonOptions.number("critical", default: 8, parsed, parser))
        }
    }

    func run(now: UnixTime) -> NagiosCheck {
        switch StateFileReading.read(stateFile, key: "rotation_list", now: now) {
        case .failure(let reason):
            NagiosCheck(service: Self.service, state: .unknown, text: reason.text)
        case .success(let file): result(file.rotationList, now: now)
        }
    }

    func result(_ rotations: [UnixTime], now: UnixTime) -> NagiosCheck {
        let recent = rotations.count { now.since($0) < .seconds(Self.period) }
        guard rotations.count >= Self.fewest else {
            return NagiosCheck(
                service: Self.service, state: .unknown,
                text: "only \(rotations.count) rotations recorded, fewer than \(Self.fewest)")
        }
        return NagiosCheck(
            service: Self.service,
            state: NagiosCheck.state(of: Double(recent), warning: warning, critical: critical),
            text: "\(recent) in \(Self.period) seconds", performance: "frequency=\(recent)")
    }
}

/// Reads a state file for a check.
enum StateFileReading {
    /// Why there is nothing to judge by.
    struct Reason: Error, Hashable, Sendable {
        var text: String
    }

    /// The file, when it can be understood and has `key`.
    static func read(
        _ path: String, key: String, now: UnixTime
    ) -> Result<OriginalStateFile, Reason> {
        let loading = OriginalFileReader.load(path) { (bytes) throws(JSONError) in
            try OriginalStateFile.decode(bytes, now: now)
        }
        switch loading {
        case .missing: return .failure(Reason(text: "there is no state file \(path)"))
        case .unreadable(let reason): return .failure(Reason(text: reason))
        case .corrupt(let problem):
            return .failure(Reason(text: "the state file \(path) is damaged: \(problem)"))
        case .read(let decoded):
            guard !decoded.missing.contains(key) else {
                return .failure(Reason(text: "the state file \(path) has no \(key)"))
            }
            return .success(decoded.value)
        }
    }
}
