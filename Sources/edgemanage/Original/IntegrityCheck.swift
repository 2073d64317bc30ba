internal import EdgeCore

/// `check_edgemanage_integrity`: whether all edges served the test object itself.
struct IntegrityCheck: Hashable, Sendable {
    var stateFile: String

    static let service = "EDGE_TESTMATCH"

    static let parser = OptionParser(
        command: .checkIntegrity,
        summary: "Nagios check: whether all edges return the test object unchanged.", options: [],
        operands: [.init(name: "STATEFILE", help: "the network's state file")])

    static func parse(_ arguments: [String]) -> Result<IntegrityCheck, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            return IntegrityCheck(stateFile: parsed.operands.first ?? "")
        }
    }

    func run(now: UnixTime) -> NagiosCheck {
        switch StateFileReading.read(stateFile, key: "verification_failures", now: now) {
        case .failure(let reason):
            NagiosCheck(service: Self.service, state: .unknown, text: reason.text)
        case .success(let file): Self.result(file.verificationFailures)
        }
    }

    static func result(_ failures: [EdgeName]) -> NagiosCheck {
        let names = failures.map(\.text).joined(separator: ",")
        let text =
            failures.isEmpty
            ? "All edges returning successfully"
            : "\(failures.count.counted("edge")) returning other content"
        return NagiosCheck(
            service: service, state: failures.isEmpty ? .ok : .crit, text: text,
            performance: "notok=\(failures.count) badedges=\(names)")
    }
}
