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

    init(_ settings: NameServerSettings, state known: ServerState?) {
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
