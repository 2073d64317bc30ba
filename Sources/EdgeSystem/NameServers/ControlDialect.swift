internal import EdgeCore
internal import EdgeShell

/// What each kind of name server is told, and what its answers mean.
struct ControlDialect: Sendable {
    let server: NameServerSettings
    /// Where the zone files stand.
    let directory: String

    /// One command and the zones that it is about.
    struct Batch: Sendable {
        var arguments: [String]
        var zones: [ZoneName]
    }

    /// The command for everything at once.
    var reloadTogether: [String]? {
        switch server.kind {
        case .bind, .nsd: ["reload"]
        case .knot: ["zone-reload"]
        case .powerdns, .other: nil
        }
    }

    /// The commands for single zones: BIND and NSD take one name, the others many.
    func reloadCommands(_ zones: [ZoneName]) -> [Batch] {
        switch server.kind {
        case .bind, .nsd:
            return zones.map { Batch(arguments: ["reload", $0.text], zones: [$0]) }
        case .knot, .powerdns:
            let verb = server.kind == .knot ? ["-b", "zone-reload"] : ["bind-reload-now"]
            let size = ServerCommands.mostNames
            return stride(from: 0, to: zones.count, by: size).map { start in
                let part = Array(zones[start..<min(start + size, zones.count)])
                return Batch(arguments: verb + part.map(\.text), zones: part)
            }
        case .other: return []
        }
    }

    /// The commands that have secondaries notified again: Knot DNS takes many names, the others one.
    func notifyCommands(_ zones: [ZoneName]) -> [Batch] {
        switch server.kind {
        case .bind, .nsd, .powerdns:
            zones.map { Batch(arguments: ["notify", $0.text], zones: [$0]) }
        case .knot:
            zones.isEmpty
                ? [] : [Batch(arguments: ["zone-notify"] + zones.map(\.text), zones: zones)]
        case .other: []
        }
    }

    func addCommand(_ zone: ZoneName) -> [String]? {
        guard let pattern = server.newZones?.pattern else { return nil }
        let file = "\(directory)/\(zone).zone"
        let filled = pattern.replacing("{zone}", with: zone.text).replacing("{file}", with: file)
        return switch server.kind {
        case .nsd: ["addzone", zone.text, filled]
        case .bind: ["addzone", zone.text, filled]
        case .powerdns: ["bind-add-zone", zone.text, file]
        case .knot, .other: nil
        }
    }

    func removeCommand(_ zone: ZoneName) -> [String]? {
        switch server.kind {
        case .nsd, .bind: ["delzone", zone.text]
        case .knot, .powerdns, .other: nil
        }
    }

    // MARK: Answers

    /// Why the server as a whole could not be told; nil: it could.
    func serverFailure(_ result: CommandResult) -> String? {
        guard !result.succeeded else { return nil }
        return isAboutZone(result.output) ? nil : words(result)
    }

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

    private func isAboutZone(_ output: String) -> Bool {
        switch server.kind {
        case .bind: output.contains("' failed: ")
        case .knot: output.contains("[")
        case .nsd: output.contains("not configured") || output.contains("zone")
        case .powerdns, .other: false
        }
    }

    /// Takes one command's result in: each zone that was not taken gets its words.
    func take(_ result: CommandResult, of zones: [ZoneName], into report: inout ControlReport) {
        if let failure = serverFailure(result) {
            report.failure = report.failure ?? failure
            return
        }
        let known = report.refused.count
        defer {
            // It failed for some zone, and for none that can be named.
            if !result.succeeded, report.refused.count == known {
                report.failure = report.failure ?? words(result)
            }
        }
        switch server.kind {
        case .bind, .nsd:
            guard !result.succeeded, let zone = zones.first else { return }
            report.refused[zone] = Self.firstLine(result.output)
        case .knot, .powerdns:
            for line in result.output.split(whereSeparator: \.isNewline) {
                guard let zone = zones.first(where: { mentions($0, in: line) }),
                    isRefusal(line)
                else { continue }
                report.refused[zone] = String(line)
            }
        case .other: return
        }
    }

    private static func firstLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it failed"
    }

    private func mentions(_ zone: ZoneName, in line: Substring) -> Bool {
        server.kind == .knot
            ? line.contains("[\(zone).]") || line.contains("[\(zone)]")
            : line.hasPrefix("\(zone):") || line.hasPrefix("\(zone) ")
                || line.contains(" \(zone) ") || line.hasSuffix(" \(zone)")
    }

    private func isRefusal(_ line: Substring) -> Bool {
        server.kind == .knot
            ? line.contains("error")
            : line.contains("[rejected]") || line.contains("no such domain")
                || line.contains("no such")
    }

    /// Whether a zone was refused because the server does not know it.
    func isUnknown(_ words: String) -> Bool {
        switch server.kind {
        case .bind: words.contains("not found") || words.contains("no matching zone")
        case .knot: words.contains("no such zone")
        case .nsd: words.contains("not configured")
        case .powerdns: words.contains("no such domain")
        case .other: false
        }
    }

    /// A refusal as an operator reads it: what it says, and what to do.
    func sentence(_ words: String, zone: ZoneName) -> String {
        let name = server.name
        if isUnknown(words) {
            return "\(name) does not know zone \(zone): \(advice)"
        }
        if words.contains("dynamic zone") {
            return
                "\(name) takes updates of zone \(zone) and does not read its file: publish by updates "
                + "(publish.method), or take the zone's update-policy away"
        }
        return "\(name) refuses zone \(zone): \(words)"
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
        if result.succeeded { return nil }
        let output = result.output
        if output.contains("already exists") || output.contains("already") { return nil }
        return words(result)
    }
}

/// Reads `rndc zonestatus`.
enum BINDZoneStatus {
    static func keeping(_ result: CommandResult) -> ZoneKeeping {
        guard result.succeeded else {
            if result.output.contains("no matching zone") || result.output.contains("not found") {
                return .unknown
            }
            let said = result.output.split(whereSeparator: \.isNewline).first.map(String.init)
            return .unasked(reason: said ?? "rndc zonestatus failed")
        }
        var fields: [Substring: Substring] = [:]
        for line in result.output.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
        }
        if fields["type"] == "secondary" || fields["type"] == "slave" { return .secondary }
        let isSigned = fields["inline signing"] == "yes"
        if fields["dynamic"] == "yes", !isSigned { return .dynamic }
        return .file(isSigned: isSigned)
    }
}
