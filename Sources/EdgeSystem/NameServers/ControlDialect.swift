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
}

/// Reads `rndc zonestatus`.
enum BINDZoneStatus {
    static func keeping(_ result: CommandResult) -> ZoneKeeping {
        guard result.succeeded else {
            if ControlDialect.isUnknownToBIND(result.output) { return .unknown }
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
