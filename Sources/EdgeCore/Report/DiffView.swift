/// What changed between two generations, record by record; `diff` prints it as text and JSON.
public struct DiffView: Sendable, Encodable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    /// 0: nothing was published yet.
    public var from: Int
    public var to: Int
    public var edgesOut: [String]
    public var edgesIn: [String]
    public var zones: [PlanView.PlannedZone]
    /// What the comparison leaves out; absent: nothing.
    public var note: String?

    /// One side of a comparison.
    public struct Side: Sendable {
        public var number: Int
        public var live: [LiveEdge]
        /// Which template rendered each zone; those of the built-in text are not here.
        public var templates: [ZoneName: String] = [:]
        /// Each zone's serial, records and causes.
        public var zones: [ZoneName: (serial: SOASerial, records: [DNSRecord], causes: [ZoneCause])]

        public init(
            number: Int, live: [LiveEdge] = [],
            zones: [ZoneName: (serial: SOASerial, records: [DNSRecord], causes: [ZoneCause])] = [:]
        ) {
            self.number = number
            self.live = live
            self.zones = zones
        }
    }

    /// - Parameter zone: the only zone that is compared; nil: all.
    public init(network: NetworkName, from old: Side, to new: Side, zone: ZoneName? = nil) {
        self.network = network.text
        from = old.number
        to = new.number
        let (before, after) = (Set(old.live.map(\.name)), Set(new.live.map(\.name)))
        edgesOut = before.subtracting(after).sorted().map(\.text)
        edgesIn = after.subtracting(before).sorted().map(\.text)
        note = Self.note(old, new, zone: zone)
        let names = Set(old.zones.keys).union(new.zones.keys).sorted()
        zones = names.filter { zone == nil || $0 == zone }.compactMap { name in
            let (left, right) = (old.zones[name], new.zones[name])
            let removed = Set((left?.records ?? []).map { PlanView.line($0) })
            let added = Set((right?.records ?? []).map { PlanView.line($0) })
            guard removed != added else { return nil }
            return PlanView.PlannedZone(
                zone: name.text,
                action: left == nil ? "new" : right == nil ? "gone" : "changed",
                causes: (right?.causes ?? []).map(\.words),
                serial: (right ?? left)?.serial.value ?? 0, previousSerial: left?.serial.value,
                removed: removed.subtracting(added).sorted(),
                added: added.subtracting(removed).sorted())
        }
    }

    /// Templates are not kept, so that nobody can say what an old one added.
    private static func note(_ old: Side, _ new: Side, zone: ZoneName?) -> String? {
        let count = old.zones.keys.count { name in
            (zone == nil || name == zone) && new.zones[name] != nil
                && old.templates[name] != new.templates[name]
        }
        guard count > 0 else { return nil }
        return
            "the zone template of \(count.counted("zone")) changed: what templates add is not kept with "
            + "generations, and not shown here"
    }

    /// The difference as text.
    public func text() -> [String] {
        var lines = ["network \(network), generation \(from) -> \(to)"]
        lines += edgesOut.map { "  - \($0)" } + edgesIn.map { "  + \($0)" }
        lines += PlanView.lines(of: zones)
        lines += [note].compactMap { $0 }
        if note == nil, zones.isEmpty, edgesOut.isEmpty, edgesIn.isEmpty {
            lines.append("no difference")
        }
        return lines
    }
}
