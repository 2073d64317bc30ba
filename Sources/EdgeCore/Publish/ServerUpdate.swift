extension ServerUpdate {
    /// Takes answers to what is owed in: what is served as planned is settled.
    ///
    /// - Parameters:
    ///   - expected: what was asked for; a zone without an answer stays as it was.
    ///   - generation: the one that has to be served.
    public mutating func take(
        _ answers: ServerSurvey.Answers, expected: [ServedExpectation], generation: Int,
        now: Moment
    ) {
        var isThere = false
        for expectation in expected {
            let zone = expectation.zone
            switch answers[zone] {
            case .success(let served):
                isThere = true
                let difference = expectation.difference(from: served)
                if difference == nil {
                    owed[zone] = nil
                    settled.insert(zone)
                } else {
                    owed[
                        zone, default: OwedZone(generation: generation, since: now.wall)
                    ].difference = difference
                }
            case .failure(let fault):
                isThere = isThere || fault.isAnswer
                if fault.isAnswer, owed[zone] == nil {
                    owed[zone] = OwedZone(generation: generation, since: now.wall)
                }
                let known = owed[zone]?.difference
                owed[zone]?.difference = known ?? "\(fault)"
            case nil: continue
            }
        }
        silentSince = isThere || expected.isEmpty ? nil : silentSince ?? now.wall
    }

    /// What is still owed, in a few words; nil: nothing.
    public var lag: ServerLag? { lag { _, _ in true } }

    /// What is still owed of the zones that a test picks, in a few words; nil: nothing.
    public func lag(where isMeant: (ZoneName, OwedZone) -> Bool) -> ServerLag? {
        let owed = owed.filter { isMeant($0.key, $0.value) }
        guard let first = owed.min(by: { $0.key < $1.key }) else { return nil }
        let since = owed.values.map(\.since).min() ?? first.value.since
        return ServerLag(
            server: server, zones: owed.count, since: since,
            example: "zone \(first.key): \(server) \(first.value.difference ?? "was not asked yet")"
        )
    }
}

/// A name server that does not serve what was published.
public struct ServerLag: Hashable, Sendable {
    public var server: ServerName
    /// How many zones it owes.
    public var zones: Int
    /// The longest any of them is owed.
    public var since: UnixTime
    /// The first zone by name, and what the server says of it.
    public var example: String

    public init(server: ServerName, zones: Int, since: UnixTime, example: String) {
        self.server = server
        self.zones = zones
        self.since = since
        self.example = example
    }
}
