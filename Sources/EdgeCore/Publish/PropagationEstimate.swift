/// How long a full rotation takes to reach all secondaries: primaries tell them of changed zones, and
/// secondaries ask for them, at a limited rate.
public struct PropagationEstimate: Hashable, Sendable {
    /// What BIND waits before it notifies a zone again (`notify-delay`), in seconds.
    public static let bindDelay = 5
    /// How many zones a second BIND notifies (`notify-rate`) and, as a secondary, asks about
    /// (`serial-query-rate`).
    public static let bindRate = 20

    /// The zones of a full rotation.
    public var zones: Int
    /// The slowest server, and how many zones it passes on in a second.
    public var server: ServerName
    public var rate: Int
    /// Before the first zone is passed on.
    public var delay: Duration
    /// Whether the slowest is a secondary.
    public var isSecondary: Bool

    /// The estimate for a network; nil when no server has a known limit.
    public init?(zones: Int, servers: [NameServerSettings]) {
        let limited = servers.compactMap { server -> (NameServerSettings, Int)? in
            let usual = server.kind == .bind ? Self.bindRate : nil
            return (server.rate ?? usual).map { (server, $0) }
        }
        guard servers.count > 1, let slowest = limited.min(by: { $0.1 < $1.1 }) else { return nil }
        self.zones = zones
        server = slowest.0.name
        rate = slowest.1
        isSecondary = slowest.0.control == nil && slowest.0.update == nil
        let hasBIND = servers.contains { $0.kind == .bind }
        delay = .seconds(hasBIND ? Self.bindDelay : 0)
    }

    /// How long it takes.
    public var duration: Duration {
        delay + .milliseconds((Int64(zones) * 1000 + Int64(rate) - 1) / Int64(rate))
    }

    /// The arithmetic in one sentence; what to change when it is longer than a round.
    public func sentence(interval: Duration) -> String {
        let seconds = Int((duration.inSeconds).rounded(.up))
        let text =
            "a rotation of all \(zones) zones takes about \(seconds) s to reach every name server: "
            + "\(server) passes on \(rate) a second"
            + (delay > .zero ? ", after BIND's notify-delay of \(Self.bindDelay) s" : "")
        guard duration > interval else { return text }
        let key = isSecondary ? "serial-query-rate" : "notify-rate"
        return text
            + "; that is longer than the \(Int(interval.inSeconds)) s between rounds: raise its "
            + "\(key) (and the other's), then say so with \"rate\""
    }

    /// Whether rotations may follow each other faster than they spread.
    public func isSlow(interval: Duration) -> Bool { duration > interval }
}
