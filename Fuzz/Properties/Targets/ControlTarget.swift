import EdgeCore
import EdgeShell

@testable import EdgeSystemNameServers

extension FuzzTarget {
    /// What name servers' own commands print.
    static let control = [
        FuzzTarget("control") { bytes in
            guard bytes.count >= 2 else { return nil }
            let kinds: [NameServerKind] = [.bind, .knot, .nsd, .powerdns, .other]
            let kind = kinds[Int(bytes[0]) % kinds.count]
            let endings: [CommandResult.Ending] = [
                .exited(status: 0), .exited(status: 1), .signalled(9), .timedOut,
                .notStarted(reason: "it is missing"),
            ]
            let result = CommandResult(
                ending: endings[Int(bytes[1]) % endings.count],
                output: String(decoding: bytes.dropFirst(2), as: UTF8.self))
            return ControlProperties.violation(result, kind)
        }
    ]
}

/// What must hold of the reading of commands' output.
enum ControlProperties {
    /// Nobody is refused who was not asked about, every refusal has words, and a server that could not be
    /// told refuses no single zone.
    static func violation(_ result: CommandResult, _ kind: NameServerKind) -> String? {
        guard let name = ServerName("ns1"), let address = IPAddress("127.0.0.1") else { return nil }
        let settings = NameServerSettings(
            name: name, kind: kind, address: address, control: ["tool"])
        let dialect = ControlDialect(server: settings, directory: "/zones")
        let zones = ["example.test", "ample.test", "b.example.test"].compactMap { ZoneName($0) }
        var report = ControlReport()
        dialect.take(result, of: zones, into: &report)
        for (zone, words) in report.refused {
            if !zones.contains(zone) { return "\(zone) was not asked about" }
            if words.isEmpty { return "\(zone) is refused without a word" }
            if dialect.sentence(words).isEmpty { return "no sentence for \(words)" }
        }
        if report.failure != nil, !report.refused.isEmpty { return "one failure told twice" }
        if report.failure?.isEmpty == true { return "a failure without a word" }
        if result.succeeded, report.failure != nil { return "a success that failed" }
        if result.succeeded, kind != .powerdns, dialect.addFailure(result) != nil {
            return "a success not added"
        }
        if !result.succeeded, kind == .bind, report == ControlReport() {
            return "a failed command that counts as taken"
        }
        return violation(ofStatus: result)
    }

    private static func violation(ofStatus result: CommandResult) -> String? {
        switch BINDZoneStatus.keeping(result) {
        case .unasked(let reason):
            if reason.isEmpty { return "not asked, without a reason" }
            return result.succeeded ? "asked and not asked" : nil
        case .unknown: return result.succeeded ? "found and unknown" : nil
        case .file, .dynamic, .secondary:
            return result.succeeded ? nil : "nobody said how the zone is kept"
        }
    }
}
