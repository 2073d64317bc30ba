/// What `status` shows of edges besides how they are: since when they are in or out, and the last hour.
public struct StatusPast: Sendable {
    /// In how many parts the last hour is shown.
    public static let cells = 12

    private var since: [String: Int64] = [:]
    private var hours: [String: Sparkline] = [:]

    /// Nothing is known.
    public init() {}

    /// - Parameters:
    ///   - hour: what each part of the last hour came to, by target.
    ///   - spans: when edges were live.
    public init(hour: [ProbeTarget: [FetchSummary]], spans: [LiveSpan]) {
        // IPv4 decides where there is one.
        for (target, parts) in hour where target.role != .reference {
            let isSecond = target.family == .ipv6 && hours[target.name.text] != nil
            if !isSecond { hours[target.name.text] = Sparkline(parts) }
        }
        for span in spans {
            since[span.edge.text] = max(
                since[span.edge.text] ?? .min, (span.ended ?? span.began).seconds)
        }
    }

    func complete(_ edge: StatusView.StatusEdge) -> StatusView.StatusEdge {
        var edge = edge
        edge.since = edge.state == nil ? nil : since[edge.edge]
        edge.hour = hours[edge.edge]
        return edge
    }
}
