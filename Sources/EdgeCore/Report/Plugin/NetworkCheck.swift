/// One network as a monitoring plugin sees it: every measure with its value, its limits and its words.
public struct NetworkCheck: Hashable, Sendable {
    /// A measure that was taken.
    public struct Reading: Hashable, Sendable {
        public var measure: NetworkMeasure
        /// nil: there is nothing to tell it by.
        public var value: Double?
        public var limits: MeasureLimits
        /// What is so, in words that follow the network's name and a colon.
        public var words: String
        public var state: PluginState
        public var maximum: Double?
    }

    public var network: String
    public var readings: [Reading]
    /// `3 of 3 live, last round 12 s ago`.
    public var summary: String
    /// More lines: what status says is to be looked at; the edges, when asked for.
    public var notes: [String]

    /// The worst of all readings.
    public var state: PluginState { readings.map(\.state).max() ?? .unknown }

    /// - Parameters:
    ///   - view: what is known of the network.
    ///   - given: limits from the command line; a measure that has one and no value is unknown.
    ///   - certificates: when each edge's certificate ends; nil: not known.
    ///   - listsEdges: whether every edge has a line of its own.
    public init(
        _ view: StatusView, settings: NetworkSettings,
        given: [NetworkMeasure: MeasureLimits] = [:], certificates: [String: UnixTime]? = nil,
        listsEdges: Bool = false
    ) {
        network = view.network
        let evidence = CheckEvidence(
            view: view, certificates: certificates,
            checksCertificates: settings.object.scheme == .https)
        readings = NetworkMeasure.allCases.compactMap { measure in
            guard let (value, words) = evidence.reading(measure) else { return nil }
            let usual = measure.usualLimits(
                view, interval: settings.interval, patience: settings.publish.patience)
            let own = given[measure]
            let limits = MeasureLimits(
                warning: own?.warning ?? usual.warning, critical: own?.critical ?? usual.critical)
            return Reading(
                measure: measure, value: value, limits: limits, words: words,
                state: value.map(limits.state) ?? (own == nil ? .ok : .unknown),
                maximum: measure == .live ? Double(evidence.edges.count) : nil)
        }
        summary = evidence.summary
        notes = view.troubles + [view.rotationHold].compactMap { $0 }
        if listsEdges { notes += view.edges.map(CheckEvidence.line) }
    }

    /// For graphs: the label begins with the network's name, with one network too.
    public var performance: [PerformanceDatum] {
        readings.map { reading in
            PerformanceDatum(
                label: "\(network) \(reading.measure.rawValue)", value: reading.value,
                unit: reading.measure.unit, warning: reading.limits.warning,
                critical: reading.limits.critical,
                minimum: reading.measure == .certificate ? nil : 0, maximum: reading.maximum)
        }
    }
}

extension NetworkCheck {
    /// A plugin's answer for networks together, and for those of which nothing could be read.
    ///
    /// - Parameter unreadable: each with its reason.
    public static func report(
        _ checks: [NetworkCheck], unreadable: [(network: String, reason: String)] = []
    ) -> PluginReport {
        let lost: PluginState? = unreadable.isEmpty ? nil : .unknown
        let state = (checks.map(\.state) + [lost].compactMap { $0 }).max() ?? .unknown
        let bad = checks.filter { $0.state != .ok }.sorted { $0.state > $1.state }
        var parts = bad.map { check in
            let told = check.readings.filter { $0.state != .ok }.sorted { $0.state > $1.state }
            return "\(check.network): \(told.map(\.words).joined(separator: ", "))"
        }
        let reasons = unreadable.map { "\($0.network): \($0.reason)" }
        parts.insert(contentsOf: reasons, at: bad.prefix { $0.state == .critical }.count)
        let well = checks.filter { $0.state == .ok }
        if parts.isEmpty {
            parts = well.prefix(5).map { "\($0.network) \($0.summary)" }
            if well.count > 5 { parts.append("\(well.count - 5) more are well") }
        } else if !well.isEmpty {
            let others = well.count.counted("other network")
            parts.append("\(others) \(well.count == 1 ? "is" : "are") well")
        }
        // A reason that is the whole headline is not said twice.
        let details = (reasons == parts ? [] : reasons) + (bad + well).flatMap(\.lines)
        return PluginReport(
            state: state, headline: parts.joined(separator: "; "), details: details,
            performance: checks.flatMap(\.performance))
    }

    /// Each reading that is not well with its limit, then the notes.
    private var lines: [String] {
        let told = readings.filter { $0.state != .ok }.sorted { $0.state > $1.state }
        let findings = told.map { reading in
            let limits = reading.limits
            let limit = reading.state == .critical ? limits.critical : limits.warning
            let range = reading.state == .unknown ? nil : limit
            return "\(reading.state.word) \(network): \(reading.words)"
                + (range.map { " (\(reading.measure.rawValue) range \($0))" } ?? "")
        }
        return findings + notes.map { "\(network): \($0)" }
    }
}
