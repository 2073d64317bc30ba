/// The kept generations as `history` prints them, newest first.
public struct HistoryView: Sendable, Encodable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    public var generations: [Row]

    /// One generation.
    public struct Row: Sendable, Encodable {
        public var generation: Int
        /// Unix time.
        public var time: Int64
        public var actor: String
        /// `round`, `apply FILE` or `rollback GENERATION`.
        public var cause: String
        public var live: [String]
        public var added: [Change]
        public var removed: [Change]
        /// Edges that would have left, and what kept them.
        public var keptBack: [Change]
        /// How many zones it changed, by cause.
        public var zones: Int
        public var causes: [String: Int]
        /// What of it the database can't read; absent: it is whole.
        public var damage: String?
    }

    /// One edge that went in or out or was kept back, and why.
    public struct Change: Sendable, Encodable {
        public var edge: String
        public var reason: String
    }

    public init(network: NetworkName, generations: [Generation]) {
        self.network = network.text
        self.generations = generations.map { generation in
            func change(_ name: EdgeName) -> Change {
                Change(edge: name.text, reason: generation.reasons[name] ?? "")
            }
            var causes: [String: Int] = [:]
            for zone in generation.zones.values {
                for cause in zone.causes { causes[cause.rawValue, default: 0] += 1 }
            }
            let stayed = generation.live.map(\.name).filter { !generation.added.contains($0) }
            return Row(
                generation: generation.number, time: generation.time.seconds,
                actor: generation.actor, cause: generation.cause.text,
                live: generation.live.map(\.name.text), added: generation.added.map(change),
                removed: generation.removed.map(change),
                keptBack: stayed.filter { generation.reasons[$0] != nil }.map(change),
                zones: generation.zones.count, causes: causes, damage: generation.damage)
        }
    }

    /// The list as text.
    ///
    /// - Parameter clock: how a Unix time is written.
    public func text(clock: (Int64) -> String) -> [String] {
        guard !generations.isEmpty else {
            return ["network \(network) has published nothing yet"]
        }
        return generations.flatMap { row -> [String] in
            let zones = row.zones.counted("zone")
            let why = row.causes.sorted { $0.key < $1.key }
                .compactMap { ZoneCause(rawValue: $0.key)?.words(of: $0.value) }
                .joined(separator: ", ")
            let who = row.actor + (row.cause == "round" ? "" : " (\(row.cause))")
            return [
                "\(row.generation)  \(clock(row.time))  \(who): \(zones)"
                    + (why.isEmpty ? "" : " because \(why)")
            ]
                + row.removed.map { "    - \($0.edge)  \($0.reason)" }
                + row.added.map { "    + \($0.edge)  \($0.reason)" }
                + row.keptBack.map { "    ! \($0.edge)  \($0.reason)" }
                + [row.damage.map { "    damaged: \($0)" }].compactMap { $0 }
        }
    }
}
