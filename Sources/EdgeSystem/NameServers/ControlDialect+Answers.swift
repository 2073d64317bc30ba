internal import EdgeCore
internal import EdgeShell

/// What control commands answer, as seen of rndc 9.18, knotc 3.2, nsd-control 4.6 and pdns_control 4.7.
extension ControlDialect {
    /// What a failed command says, with the command's name.
    func words(_ result: CommandResult) -> String {
        let command = server.control?.first ?? ""
        let said = result.output.split(whereSeparator: \.isNewline).suffix(2)
            .joined(separator: "; ")
        return switch result.ending {
        case .exited(let status):
            "\(command) ended with status \(status)" + (said.isEmpty ? "" : ": \(said)")
        case .signalled(let signal): "\(command) was ended by signal \(signal)"
        case .timedOut: "\(command) did not end in time and was stopped"
        case .notStarted(let reason): reason
        }
    }

    /// Takes one command's result in: each zone that was not taken gets its words; a failure for no zone
    /// of these is the server's.
    func take(_ result: CommandResult, of zones: [ZoneName], into report: inout ControlReport) {
        let refused = refusals(in: result, of: zones)
        report.refused.merge(refused) { _, last in last }
        if !result.succeeded, refused.isEmpty {
            report.failure = report.failure ?? words(result)
        }
    }

    /// The zones that a command was not carried out for, with the line that says so.
    private func refusals(in result: CommandResult, of zones: [ZoneName]) -> [ZoneName: String] {
        let lines = result.output.split(whereSeparator: \.isNewline)
        switch server.kind {
        case .bind, .nsd:
            guard !result.succeeded, zones.count == 1, let zone = zones.first,
                let first = lines.first,
                server.kind == .bind ? Self.isOfOneZoneByBIND(first) : Self.isOfOneZoneByNSD(first)
            else { return [:] }
            return [zone: String(first)]
        case .knot, .powerdns:
            if server.kind == .powerdns, zones.count == 1, let zone = zones.first,
                let line = lines.first(where: { $0.hasPrefix("Failed to add to the queue") })
            {
                return [zone: String(line)]
            }
            let asked = Set(zones)
            var refused: [ZoneName: String] = [:]
            for line in lines {
                guard let zone = refusedZone(in: line), asked.contains(zone) else { continue }
                refused[zone] = String(line)
            }
            return refused
        case .other: return [:]
        }
    }

    /// `rndc: 'reload' failed: dynamic zone` is about the zone; a server that can't be reached, or lets
    /// nobody command it, says it otherwise.
    private static func isOfOneZoneByBIND(_ line: Substring) -> Bool {
        let reasons = ["permission denied", "shutting down", "out of memory"]
        return line.hasPrefix("rndc: '") && line.contains("' failed: ")
            && !reasons.contains { line.hasSuffix("' failed: \($0)") }
    }

    /// `error zone a.test not configured`; of the server it says `error: connect (…): …`.
    private static func isOfOneZoneByNSD(_ line: Substring) -> Bool {
        line.hasPrefix("error zone ") || line.hasPrefix("error cannot parse zone")
    }

    /// The zone that a line refuses: `error: [a.test] (no such zone found)` by Knot DNS; by PowerDNS
    /// `a.test no such domain`, or `a.test: [rejected]` and why.
    private func refusedZone(in line: Substring) -> ZoneName? {
        if server.kind == .knot {
            let begin = "error: ["
            guard line.hasPrefix(begin) else { return nil }
            return ZoneName(line.dropFirst(begin.count).prefix { $0 != "]" })
        }
        let name = line.prefix { $0 != ":" && $0 != " " }
        let rest = line.dropFirst(name.count)
        guard rest == " no such domain" || rest.hasPrefix(": [rejected]") else { return nil }
        return ZoneName(name)
    }

    /// Whether a zone was refused because the server does not know it.
    func isUnknown(_ words: String) -> Bool {
        switch server.kind {
        case .bind: Self.isUnknownToBIND(words)
        case .knot: words.hasSuffix("(no such zone found)")
        case .nsd: words.hasPrefix("error zone ") && words.hasSuffix(" not configured")
        case .powerdns: words.hasSuffix(" no such domain")
        case .other: false
        }
    }

    /// Whether `rndc` says, in its first line, that there is no such zone; `file not found` is something
    /// else.
    static func isUnknownToBIND(_ output: String) -> Bool {
        let first = output.prefix { !$0.isNewline }
        return first.hasPrefix("rndc: '") && first.hasSuffix("' failed: not found")
    }

    /// A refusal as an operator reads it, behind the server's name: what it says, and what to do.
    func sentence(_ words: String) -> String {
        if isUnknown(words) { return "does not know it: \(advice)" }
        if server.kind == .bind, words.hasSuffix("' failed: dynamic zone") {
            return "takes updates of it and does not read its file: publish by updates "
                + "(publish.method), or take the zone's update-policy away"
        }
        return "refuses it: \(words)"
    }

    private var advice: String {
        switch server.kind {
        case .bind: "add it to named.conf and run rndc reconfig, or set new_zones"
        case .knot: "add it to knot.conf and run knotc reload, or use a catalog zone"
        case .nsd: "add it to nsd.conf and run nsd-control reconfig, or set new_zones"
        case .powerdns: "add it to the bind backend's file and run pdns_control rediscover"
        case .other: "add it to its configuration"
        }
    }

    /// Why a zone could not be added; nil: it was, or was there already.
    func addFailure(_ result: CommandResult) -> String? {
        // PowerDNS says by words alone that it did not.
        let isRefused = server.kind == .powerdns && result.output.contains("Unable to load zone")
        if result.succeeded, !isRefused { return nil }
        if server.kind == .bind, result.output.contains("' failed: already exists") { return nil }
        return words(result)
    }
}
