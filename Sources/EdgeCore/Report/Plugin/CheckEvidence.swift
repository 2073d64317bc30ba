/// Reads a plugin's measures off what `status` shows.
struct CheckEvidence {
    var view: StatusView
    var certificates: [String: UnixTime]?
    var checksCertificates: Bool

    /// The edges, canaries left out.
    var edges: [StatusView.StatusEdge] { view.edges.filter { $0.state != nil } }

    private var live: [StatusView.StatusEdge] { edges.filter { $0.state == "in" } }

    private static let doubts: Set<String> = ["sick_monitor", "all_mismatch"]

    /// `3 of 3 live, last round 12 s ago`.
    var summary: String { "\(view.count.words), \(age.words)" }

    /// A measure's value and words; nil when the network has no such thing.
    func reading(_ measure: NetworkMeasure) -> (value: Double?, words: String)? {
        switch measure {
        case .live: count
        case .age: age
        case .sick: sick
        case .held: held
        case .refused: (view.lastFailure == nil ? 0 : 1, view.lastFailure ?? "no run was refused")
        case .lag: lag
        case .down: down
        case .latency: latency
        case .certificate: certificate
        case .troubles: troubles
        }
    }

    private var count: (value: Double?, words: String) {
        let passing = view.count.passing
        let failing = live.filter { !$0.isPassing }.map(\.edge)
        let who = failing.isEmpty ? "" : " (not passing: \(failing.fewWords))"
        let nothing = view.generation == 0 ? "nothing is published yet, " : ""
        return (Double(passing), "\(nothing)\(passing) of \(view.wanted) live and passing\(who)")
    }

    private var age: (value: Double?, words: String) {
        guard let seconds = view.secondsSinceLastRun else { return (nil, "no round has run yet") }
        let ago = max(0, seconds)
        return (Double(ago), "last round \(ago) s ago")
    }

    private func seconds(since time: Int64) -> Int64 { max(0, view.asOf - time) }

    private var sick: (value: Double?, words: String) {
        let doubts = view.holds.filter { Self.doubts.contains($0.kind) }
        guard let oldest = doubts.min(by: { $0.since < $1.since }) else {
            return (0, "the monitor is not in doubt")
        }
        // One that began in this very second counts.
        let length = max(1, seconds(since: oldest.since))
        return (Double(length), "in doubt for \(length) s: \(oldest.message)")
    }

    private var held: (value: Double?, words: String) {
        let waiting = view.holds.filter { !Self.doubts.contains($0.kind) && !$0.approved }
        let first = waiting.first.map { ": \($0.message)" } ?? ""
        let verb = waiting.count == 1 ? "waits" : "wait"
        return (Double(waiting.count), "\(waiting.count.counted("plan")) \(verb)\(first)")
    }

    private var lag: (value: Double?, words: String)? {
        guard !view.servers.isEmpty else { return nil }
        let behind = view.servers.compactMap { server in
            server.since.map { (seconds(since: $0), server) }
        }
        guard let (length, worst) = behind.max(by: { $0.0 < $1.0 }) else {
            return (0, "name servers serve what was published")
        }
        let more = (behind.count - 1).furtherWords("name server")
        let verb = worst.state == "silent" ? "does not answer" : "lags"
        return (Double(length), "name server \(worst.server) \(verb) for \(length) s\(more)")
    }

    private var down: (value: Double?, words: String) {
        let failing = edges.filter {
            $0.health == Health.fail.rawValue && $0.mode != Mode.unavailable.rawValue
        }
        let names = failing.isEmpty ? "" : ": " + failing.map(\.edge).fewWords
        let verb = failing.count == 1 ? "fails" : "fail"
        return (Double(failing.count), "\(failing.count.counted("edge")) \(verb)\(names)")
    }

    private var latency: (value: Double?, words: String) {
        let times = live.compactMap { edge in edge.fetchSeconds.map { ($0, edge.edge) } }
        guard let (time, edge) = times.max(by: { $0.0 < $1.0 }) else {
            return (nil, "no live edge has a fetch time")
        }
        return (time, "the slowest live edge, \(edge), took \(Duration.seconds(time).shortSeconds)")
    }

    private var certificate: (value: Double?, words: String)? {
        guard checksCertificates else { return nil }
        guard let (edge, end) = certificates?.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        else {
            return (
                nil, "nothing is known of certificates: they are read from the file metrics.file"
            )
        }
        let days = end.since(UnixTime(seconds: view.asOf)).inSeconds / 86_400
        let length = PluginNumber.text((days.magnitude * 10).rounded(.down) / 10)
        let words = days < 0 ? "ended \(length) days ago" : "ends in \(length) days"
        return ((days * 100).rounded(.down) / 100, "the certificate of \(edge) \(words)")
    }

    private var troubles: (value: Double?, words: String) {
        // What another measure tells already is not told twice.
        let told = Set([view.lastFailure, view.overdue].compactMap { $0 } + view.degraded)
            .union(view.servers.compactMap(\.trouble))
        let rest = view.troubles.filter { !told.contains($0) }
        let things = rest.count.counted("thing")
        return (Double(rest.count), "\(things) to look at" + (rest.first.map { ": \($0)" } ?? ""))
    }

    /// One edge's line for who looks closer.
    static func line(_ edge: StatusView.StatusEdge) -> String {
        let place = edge.state.map { $0 == "in" ? "live" : "not live" } ?? "canary"
        return "\(edge.edge) \(place), \(edge.mode), \(edge.shownHealth): \(edge.detail)"
    }
}
