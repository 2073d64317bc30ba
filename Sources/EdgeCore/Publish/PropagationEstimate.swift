/// How long a full rotation takes to reach all secondaries: primaries tell them of changed zones
/// (NOTIFY, RFC 1996), and secondaries ask for them, at a limited rate.
///
/// Both go on at once, so the slower of the two decides; what BIND waits before its first NOTIFY
/// comes before. Zones are small: the transfers themselves are not reckoned with. Servers of other
/// kinds than BIND have no such limit unless one is given (`rate`).
public struct PropagationEstimate: Hashable, Sendable {
    /// What BIND waits before it notifies a zone again (`notify-delay`), in seconds.
    public static let bindDelay = 5
    /// How many NOTIFY messages BIND sends in a second (`notify-rate`), and for how many zones it
    /// asks as a secondary (`serial-query-rate`).
    public static let bindRate = 20

    /// The zones of a full rotation.
    public var zones: Int
    /// The slowest server.
    public var server: ServerName
    /// How many messages it sends in a second.
    public var rate: Int
    /// How many it sends for the whole rotation: a primary one for each zone and secondary, a
    /// secondary one for each zone.
    public var messages: Int
    /// Before the first zone is passed on.
    public var delay: Duration
    /// Whether the slowest is a secondary.
    public var isSecondary: Bool
    /// The servers that learn of changes from others.
    public var secondaries: Int
    /// After how long a secondary that missed the NOTIFY asks by itself: the SOA's refresh.
    public var refresh: Duration

    /// The estimate for a network; nil when every name server is told directly, or no server has a
    /// known limit.
    ///
    /// - Parameters: - nameServers: how many NS records the zones have: where only told servers
    ///   are configured, those
    ///     that are not configured are taken for their secondaries.
    ///   - refresh: the SOA's, in seconds.
    public init?(
        zones: Int, servers: [NameServerSettings], nameServers: Int = 0, refresh: UInt32 = 43_200
    ) {
        let told = servers.filter { $0.control != nil || $0.update != nil }
        let listed = servers.filter { $0.control == nil && $0.update == nil }
        let waiting = listed.isEmpty ? max(0, nameServers - told.count) : listed.count
        guard waiting > 0, zones > 0 else { return nil }
        let stages =
            told.map { Stage(server: $0, isSecondary: false, messages: zones * waiting) }
            + listed.map { Stage(server: $0, isSecondary: true, messages: zones) }
        guard let slowest = stages.filter({ $0.rate != nil }).max(by: { $0.time < $1.time }),
            let rate = slowest.rate
        else { return nil }
        self.zones = zones
        secondaries = waiting
        self.rate = rate
        server = slowest.server.name
        messages = slowest.messages
        isSecondary = slowest.isSecondary
        delay = .seconds(told.contains { $0.kind == .bind } ? Self.bindDelay : 0)
        self.refresh = .seconds(Int64(refresh))
    }

    /// One server's part.
    private struct Stage {
        var server: NameServerSettings
        var isSecondary: Bool
        var messages: Int

        /// What is given, else what is usual; nil: there is no limit.
        var rate: Int? {
            server.rate ?? (server.kind == .bind ? PropagationEstimate.bindRate : nil)
        }

        var time: Duration { PropagationEstimate.time(messages, rate: rate ?? .max) }
    }

    private static func time(_ messages: Int, rate: Int) -> Duration {
        let (whole, part) = messages.quotientAndRemainder(dividingBy: rate)
        return .seconds(whole) + .milliseconds((part * 1000 + rate / 2) / rate)
    }

    /// How long it takes.
    public var duration: Duration { delay + Self.time(messages, rate: rate) }

    /// The arithmetic in one sentence; what to change when it is longer than a round.
    public func sentence(interval: Duration) -> String {
        let seconds = Int((duration.inSeconds).rounded(.up))
        let what =
            isSecondary
            ? "\(server) asks for \(rate.counted("zone")) a second"
            : "\(server) sends \(rate.counted("NOTIFY message")) a second, \(messages) for "
                + secondaries.counted("secondary", plural: "secondaries")
        let text =
            "a rotation of \(zones == 1 ? "1 zone" : "all \(zones) zones") takes about \(seconds) s to reach every name server: "
            + what + (delay > .zero ? ", after BIND's notify-delay of \(Self.bindDelay) s" : "")
            + "; a secondary that misses its NOTIFY asks by itself after \(DurationText.text(refresh))"
        guard isSlow(interval: interval) else { return text }
        let key = isSecondary ? "serial-query-rate" : "notify-rate"
        let limit = hasUsualLimit ? "its \(key)" : "its limit (BIND's \(key))"
        return text
            + "; that is longer than the \(Int(interval.inSeconds)) s between rounds: raise \(limit), "
            + "then say so with \"rate\""
    }

    private var hasUsualLimit: Bool { rate == Self.bindRate }

    /// Whether rotations may follow each other faster than they spread.
    public func isSlow(interval: Duration) -> Bool { duration > interval }
}
