internal import EdgeCore
internal import EdgeSystemReport

/// `check_edgemanage_latency`: how long the slowest live edge took.
struct LatencyCheck: Hashable, Sendable {
    var network: NetworkName
    var configuration: String
    var warning: Double
    var critical: Double
    /// Edges that are out count too.
    var countsAll: Bool
    var isVerbose: Bool

    static let service = "ACTIVE_EDGE_LATENCY"

    static let parser = OptionParser(
        command: .checkLatency,
        summary: "Nagios check: how long the slowest live edge took to return the test object.",
        options: [
            CommonOptions.network, CommonOptions.configuration,
            .init(
                letter: "w", name: "warning", value: "SECONDS",
                help: "warn above this fetch time (default: 2.0)"),
            .init(
                letter: "C", name: "critical", value: "SECONDS",
                help: "critical above this fetch time (default: 4.0)"),
            .init(letter: "a", name: "all", help: "edges that are out count too"),
            .init(letter: "v", name: "verbose", help: "name every edge's fetch time"),
        ])

    static func parse(_ arguments: [String]) -> Result<LatencyCheck, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            return LatencyCheck(
                network: try CommonOptions.network(parsed, parser),
                configuration: parsed["config"] ?? CommonOptions.defaultConfiguration,
                warning: try CommonOptions.number("warning", default: 2, parsed, parser),
                critical: try CommonOptions.number("critical", default: 4, parsed, parser),
                countsAll: parsed.has("all"), isVerbose: parsed.has("verbose"))
        }
    }

    /// The last that is known of an edge.
    struct Reading: Hashable, Sendable {
        var edge: EdgeName
        var isLive: Bool
        /// The last fetch time, a failed probe counting as the timeout; nil when unknown.
        var latest: Duration?
        /// Why it is unknown.
        var problem: String?
    }

    /// Readings from the database; nil when it does not know the network.
    static func readings(of edges: [EdgeName], state: NetworkState) -> [Reading]? {
        guard !state.live.isEmpty || !state.targets.isEmpty else { return nil }
        let live = Set(state.live.map(\.name))
        return edges.map { edge in
            Reading(
                edge: edge, isLive: live.contains(edge),
                latest: state.primaryRecord(of: edge)?.lastSample, problem: nil)
        }
    }

    /// Readings from the original's edgestore files, while there is no database yet.
    static func readings(
        of edges: [EdgeName], in directory: String, now: UnixTime
    ) -> [Reading] {
        edges.compactMap { edge in
            let path = OriginalFileReader.edgeStorePath(of: edge, in: directory)
            let loading = OriginalFileReader.load(path) { (bytes) throws(JSONError) in
                try EdgeStoreFile.decode(bytes, now: now)
            }
            switch loading {
            case .missing: return nil
            case .unreadable(let reason):
                return Reading(edge: edge, isLive: true, latest: nil, problem: reason)
            case .corrupt(let problem):
                return Reading(
                    edge: edge, isLive: true, latest: nil, problem: "\(path) is damaged: \(problem)"
                )
            case .read(let decoded):
                return Reading(
                    edge: edge, isLive: decoded.value.isLive,
                    latest: decoded.value.fetchTimes.last?.duration, problem: nil)
            }
        }
    }

    /// Judges the slowest; an edge without data makes an otherwise good result unknown.
    func result(_ readings: [Reading]) -> NagiosCheck {
        let counted = readings.filter { countsAll || $0.isLive }
        let kind = countsAll ? "edge" : "active edge"
        let known = counted.compactMap { reading in reading.latest.map { (reading.edge, $0) } }
        guard let slowest = known.max(by: { $0.1 < $1.1 }) else {
            let reason = counted.compactMap(\.problem).first
            return unknown(reason ?? "no \(kind) of network \(network) has a fetch time yet")
        }
        let state = NagiosCheck.state(
            of: slowest.1.inSeconds, warning: warning, critical: critical)
        let silent = counted.first { $0.latest == nil }
        if state == .ok, let silent {
            return unknown(silent.problem ?? "\(kind) \(silent.edge) has no fetch time yet")
        }
        let time = DecimalSeconds.sixDecimals(slowest.1)
        var text = "Slowest \(kind) responded in \(time)"
        if isVerbose {
            let all = known.map { "\($0.0) \(DecimalSeconds.sixDecimals($0.1))" }
            text += " (\(all.joined(separator: ", ")))"
        }
        return NagiosCheck(
            service: Self.service, state: state, text: text,
            performance: "slowestactive=\(time) edge=\(slowest.0)")
    }

    /// The check's answer when there is nothing to judge by.
    func unknown(_ reason: String) -> NagiosCheck {
        NagiosCheck(service: Self.service, state: .unknown, text: reason)
    }
}
