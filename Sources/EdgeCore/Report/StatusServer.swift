/// One name server as `status` shows it.
public struct StatusServer: Sendable, Encodable {
    public var server: String
    public var kind: String
    /// Where it is asked.
    public var address: String
    /// `ok`, `lags` or `silent`; `unasked` before the first run.
    public var state: String
    /// Zones that it does not serve as published, as of the last run.
    public var owed: Int
    /// Unix time since when the oldest of them is owed, or since when it is silent.
    public var since: Int64?
    /// What it says of the first of them.
    public var example: String?
    /// Why telling it failed the last time; absent when it never was told, when that did not fail, and when
    /// it serves what was published all the same.
    public var failure: String?
    public var lastTold: Int64?
    /// What is to be looked at: it is silent, or behind for longer than it is given.
    public var trouble: String?

    init(
        _ settings: NameServerSettings, state known: ServerState?, patience: Duration,
        now: UnixTime
    ) {
        server = settings.name.text
        kind = settings.kind.rawValue
        address = "\(settings.address) port \(settings.port)"
        owed = known?.owed.count ?? 0
        let first = known?.owed.min { $0.key < $1.key }
        example = first.map { zone, owed in
            let vain = owed.rewrites > 1 ? ", published anew \(owed.rewrites) times in vain" : ""
            return "zone \(zone): \(owed.difference ?? "not asked since")\(vain)"
        }
        since = (known?.silentSince ?? known?.owed.values.map(\.since).min())?.seconds
        lastTold = known?.lastControl?.time.seconds
        if known?.silentSince != nil {
            state = "silent"
        } else if owed > 0 {
            state = "lags"
        } else {
            state = known == nil ? "unasked" : "ok"
        }
        failure = state == "ok" ? nil : known?.lastControl?.failure
        trouble = known.flatMap { Self.trouble(server, $0, patience: patience, now: now) }
    }

    private static func trouble(
        _ server: String, _ known: ServerState, patience: Duration, now: UnixTime
    ) -> String? {
        if let since = known.silentSince {
            let ago = max(0, now.seconds - since.seconds)
            return "name server \(server) does not answer for \(ago) s"
        }
        guard let oldest = known.owed.values.map(\.since).min(), now.since(oldest) > patience
        else { return nil }
        let zones = known.owed.count.counted("zone")
        return "name server \(server) does not serve \(zones) as published"
    }

    /// One line for the board.
    func line(now: Int64) -> String {
        let ago = since.map { " for \(max(0, now - $0)) s" } ?? ""
        let more = (owed - 1).furtherWords("zone")
        let words =
            switch state {
            case "silent":
                "does not answer\(ago)"
                    + (owed > 0 ? ", and owes \(owed.counted("zone"))" : "")
            case "lags": "lags\(ago): \(example ?? "")\(more)"
            case "ok": "serves what was published"
            default: "not asked yet"
            }
        return "\(server) (\(kind), \(address)): \(words)"
            + (failure.map { "; last told in vain: \($0)" } ?? "")
    }
}
