/// What a round would do, or did, record by record with reasons; `plan` prints it as text and JSON.
public struct PlanView: Sendable, Encodable {
    /// The version of this shape; it grows when a field changes its meaning.
    public var schema = 1
    public var network: String
    /// The generation that the plan starts from.
    public var generation: Int
    /// Whether a run would change a zone or the live set.
    public var changes: Bool
    public var wanted: Int
    public var live: [String]
    public var edges: [PlannedEdge]
    public var zones: [PlannedZone]
    public var holds: [PlannedHold]
    public var warnings: [String]
    public var failures: [String]

    /// One edge with its place and the reason for it.
    public struct PlannedEdge: Sendable, Encodable {
        public var edge: String
        /// `stays`, `in`, `out` (it leaves) or `spare`.
        public var place: String
        public var health: String?
        public var mode: String
        public var reason: String
        /// The probe's outcome in one word; nil for an edge that left the list.
        public var outcome: String?
        /// Seconds by phase, as far as the probe came: resolve, connect, tls, processing, transfer.
        public var phases: [String: Double]

        /// The class as the text shows it.
        var shownHealth: String {
            outcome == Verdict.blockedWord ? Verdict.blockedWord : health ?? ""
        }
    }

    /// One zone that would be written.
    public struct PlannedZone: Sendable, Encodable {
        public var zone: String
        /// `write`, `adopt` or `hold`.
        public var action: String
        public var causes: [String]
        public var serial: UInt32
        public var previousSerial: UInt32?
        public var removed: [String]
        public var added: [String]
    }

    /// One thing that waits.
    public struct PlannedHold: Sendable, Encodable {
        public var message: String
        /// Whether `edgemanage approve` lets it through.
        public var approvable: Bool
    }

    public init(
        network: NetworkName, state: NetworkState, wanted: Int, decision: RoundDecision,
        edges: [EdgeReport], observations: [Observation], settlements: [ZoneSettlement],
        before: [ZoneName: ExistingZone],
        report: RoundReport, failures: [ZoneName: String], troubles: [String] = []
    ) {
        self.network = network.text
        self.wanted = wanted
        generation = state.generation
        live = decision.live.map(\.name.text)
        let selection = decision.selection
        let (added, removed) = (Set(selection.added), Set(selection.removed))
        let listed = edges.filter { !$0.isCanary }
        let probes = Dictionary(
            observations.filter { $0.target.role == .edge }.map { ($0.target.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let gone = removed.subtracting(listed.map(\.name)).sorted()
        self.edges =
            listed.map { edge in
                PlannedEdge(
                    edge: edge.name.text,
                    place: removed.contains(edge.name)
                        ? "out"
                        : added.contains(edge.name) ? "in" : edge.isLive ? "stays" : "spare",
                    health: edge.health.rawValue, mode: edge.mode.mode.rawValue,
                    reason: selection.reasons[edge.name].map { "\($0)" } ?? "",
                    outcome: probes[edge.name].map {
                        decision.verdicts[$0.target]?.word(for: $0.outcome) ?? $0.outcome.word
                    },
                    phases: probes[edge.name]?.phases.seconds ?? [:])
            }
            + gone.map { name in
                PlannedEdge(
                    edge: name.text, place: "out", health: nil, mode: Mode.available.rawValue,
                    reason: selection.reasons[name].map { "\($0)" } ?? "", outcome: nil, phases: [:]
                )
            }
        zones = settlements.compactMap { PlannedZone($0, before: before[$0.step.zone]) }
        holds = report.holds.map {
            PlannedHold(message: "\($0)", approvable: $0.approvalKey != nil)
        }
        warnings = report.warnings
        self.failures =
            failures.sorted { $0.key < $1.key }.map { "zone \($0.key): \($0.value)" } + troubles
        changes =
            !added.isEmpty || !removed.isEmpty || settlements.contains { $0.action == .write }
    }
}

extension PlanView.PlannedZone {
    init?(_ settlement: ZoneSettlement, before: ExistingZone?) {
        switch settlement.action {
        case .note: return nil
        case .adopt: action = "adopt"
        case .write: action = "write"
        case .hold: action = "hold"
        }
        let step = settlement.step
        zone = step.zone.text
        causes = step.causes.map(\.words)
        serial = settlement.serial.value
        previousSerial = before?.serial.value
        // The serial has its own place; the SOA is shown only when something else in it changes.
        let old = Set((before?.records ?? []).map { PlanView.line($0) })
        let new = Set(settlement.records.map { PlanView.line($0) })
        removed = action == "adopt" ? [] : old.subtracting(new).sorted()
        added = action == "adopt" ? [] : new.subtracting(old).sorted()
    }
}

extension PlanView {
    /// A record as one line, an SOA without its serial.
    static func line(_ record: DNSRecord) -> String {
        var data = record.data
        if record.type == "SOA" {
            var fields = data.split(separator: " ").map(String.init)
            if fields.count == 7 { fields[2] = "(serial)" }
            data = fields.joined(separator: " ")
        }
        return "\(record.owner) \(record.ttl) \(record.type) \(data)"
    }

    /// The plan as text: first the edges, then the zones, equal changes together, then what waits.
    public func text() -> [String] {
        var lines = ["network \(network), from generation \(generation)", ""]
        lines.append("live set: \(live.count) of \(wanted) wanted")
        var table = TextTable()
        let signs = ["stays": "=", "in": "+", "out": "-", "spare": " "]
        for edge in edges {
            table.add([signs[edge.place] ?? "?", edge.edge, edge.shownHealth, edge.reason])
        }
        lines += table.lines(indent: "  ")
        lines += Self.lines(of: zones)
        if !holds.isEmpty {
            lines += ["", "held:"] + holds.map { "  \($0.message)" }
        }
        if !failures.isEmpty { lines += ["", "failed:"] + failures.map { "  \($0)" } }
        if !warnings.isEmpty { lines += ["", "warnings:"] + warnings.map { "  \($0)" } }
        return lines + ["", summary()]
    }

    private func summary() -> String {
        let written = zones.count { $0.action == "write" }
        guard changes || !holds.isEmpty else { return "nothing would change" }
        let edges =
            "\(edges.count { $0.place == "in" }) in, \(edges.count { $0.place == "out" }) out"
        return
            "\(edges); \(written.counted("zone")) would be written; \(holds.count) held"
    }

    /// Zones with their changes, those that change alike together.
    static func lines(of zones: [PlannedZone]) -> [String] {
        var groups: [[String]: [PlannedZone]] = [:]
        var order: [[String]] = []
        for zone in zones {
            let key = zone.relativeChange
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(zone)
        }
        return order.flatMap { key -> [String] in
            guard let group = groups[key], let first = group.first else { return [] }
            let previous = first.previousSerial.map { "serial \($0) -> " } ?? "serial "
            var lines = [
                "",
                "zone \(first.zone)  \(previous)\(first.serial)  "
                    + "(\(first.action): \(first.causes.joined(separator: ", ")))",
            ]
            lines += first.removed.map { "  - \($0)" } + first.added.map { "  + \($0)" }
            if group.count > 1 {
                let others = (group.count - 1).counted("more zone")
                lines.append(
                    "  and \(others) alike (--json lists \(group.count == 2 ? "it" : "them"))")
            }
            return lines
        }
    }
}

extension PlanView.PlannedZone {
    /// The change told relative to the apex, by which zones that change alike are put together.
    fileprivate var relativeChange: [String] {
        func relative(_ line: String) -> String {
            line.split(separator: " ", maxSplits: 1).enumerated().map { index, part in
                guard index == 0 else { return String(part) }
                let apex = "\(zone)."
                return part == apex
                    ? "@"
                    : part.hasSuffix("." + apex) ? String(part.dropLast(apex.count)) : String(part)
            }.joined(separator: " ")
        }
        return [action] + causes + removed.map { "-" + relative($0) }
            + added.map { "+" + relative($0) }
    }
}
