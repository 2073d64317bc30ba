/// A network's state at a time in the past: what a replay of the kept samples comes to, with the places, modes and
/// zones that the database remembers of that time.
public struct PastState: Sendable {
    public private(set) var state: NetworkState
    /// That time, by the replay's clocks.
    public let now: Moment

    /// - Parameters:
    ///   - replay: after the last round that is not later than `time`.
    ///   - spans: when edges were live.
    ///   - modes: those of that time.
    ///   - contents: what was published then; nil: no more kept.
    public init(
        _ replay: inout Replay, at time: UnixTime, spans: [LiveSpan],
        modes: [EdgeName: ModeRecord], contents: GenerationContents?
    ) {
        (state, now) = replay.state(at: time)
        state.modes = modes
        state.holds = []
        state.generation = contents?.generation.number ?? 0
        let published = Dictionary(
            (contents?.generation.live ?? []).map { ($0.name, $0.addresses) },
            uniquingKeysWith: { first, _ in first })
        var live = Set(spans.filter { $0.contains(time) }.map(\.edge))
        // Versions that kept no spans published generations.
        if live.isEmpty { live = Set(published.keys) }
        state.live = live.sorted().map {
            LiveEdge(name: $0, addresses: published[$0] ?? EdgeAddresses())
        }
        let now = now
        state.substitutions = spans.compactMap { span in
            guard let ended = span.ended, ended <= time,
                time.since(ended) < RotationBudget.window
            else { return nil }
            let age = time.since(ended)
            let moment = Moment(
                wall: ended, sinceBoot: now.sinceBoot - age, bootID: now.bootID)
            return Substitution(moment: moment, edge: span.edge, byOperator: false)
        }.sorted { $0.moment.wall < $1.moment.wall }
        state.zones = (contents?.zones ?? [:]).mapValues {
            PublishedZone(
                serial: $0.serial, contentKey: $0.contentKey, includeRevision: $0.includeRevision,
                canary: $0.canary, canaryReplaces: $0.canaryReplaces)
        }
    }
}
