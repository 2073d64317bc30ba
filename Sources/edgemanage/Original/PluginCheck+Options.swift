internal import EdgeCore

extension PluginCheck {
    static let parser = OptionParser(
        command: .check,
        summary:
            "Nagios check: whether networks have enough live edges and are published.",
        options: [
            .init(
                letter: "A", name: "dnet", value: "NETWORK",
                help: "a network; may be given several times (default: all)"),
            CommonOptions.configuration,
            .init(
                letter: "t", name: "timeout", value: "SECONDS",
                help: "UNKNOWN when there is no answer by then (default: 10)"),
        ] + NetworkMeasure.allCases.flatMap(limits) + [
            .init(letter: "v", name: "verbose", help: "a line for each edge"),
            .init(letter: "V", name: "version", help: "print the version"),
        ])

    private static let levels = ["warning", "critical"]

    /// The two options of a measure.
    private static func limits(of measure: NetworkMeasure) -> [OptionParser.Option] {
        levels.map { level in
            OptionParser.Option(
                name: "\(measure.rawValue)-\(level)", value: "RANGE",
                help: level == "warning" ? warningHelp(measure) : criticalHelp(measure))
        }
    }

    private static func warningHelp(_ measure: NetworkMeasure) -> String {
        switch measure {
        case .live: "edges that are live and pass (default: as many as wanted, N:)"
        case .age: "seconds since the last round (default: three intervals, at least 60)"
        case .sick: "seconds that the monitor has been in doubt (default: 0)"
        case .held: "plans that wait (default: 0)"
        case .refused: "1 when the last run could not be (default: 0)"
        case .lag: "seconds that a name server is behind or silent (default: publish.wait)"
        case .down: "edges that fail, live or not (default: none)"
        case .latency: "seconds that the slowest live edge took (default: none)"
        case .certificate: "days before a certificate ends (default: 14:)"
        case .troubles: "what else status says is to be looked at (default: 0)"
        }
    }

    private static func criticalHelp(_ measure: NetworkMeasure) -> String {
        switch measure {
        case .live: "default: the fewest that may be live, N:"
        case .age: "default: five intervals, at least 300"
        case .sick: "default: 300"
        case .lag: "default: five times publish.wait, at least 300"
        case .certificate: "default: 2:"
        case .held, .refused, .down, .latency, .troubles: "default: none"
        }
    }

    static func parse(_ arguments: [String]) -> Result<PluginCheck, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            var networks: [NetworkName] = []
            for text in parsed.all("dnet") {
                let name = try CommonOptions.network(text, parser)
                if !networks.contains(name) { networks.append(name) }
            }
            var limits: [NetworkMeasure: MeasureLimits] = [:]
            for measure in NetworkMeasure.allCases {
                let warning = try range("\(measure.rawValue)-warning", parsed)
                let critical = try range("\(measure.rawValue)-critical", parsed)
                guard warning != nil || critical != nil else { continue }
                limits[measure] = MeasureLimits(warning: warning, critical: critical)
            }
            return PluginCheck(
                configuration: parsed["config"] ?? CommonOptions.defaultConfiguration,
                networks: networks, limits: limits, timeout: try timeout(parsed),
                listsEdges: parsed.has("verbose"))
        }
    }

    private static func range(
        _ name: String, _ parsed: ParsedOptions
    ) throws(UsageError) -> ThresholdRange? {
        guard let text = parsed[name] else { return nil }
        guard let range = ThresholdRange(text) else {
            throw parser.invalid(
                name,
                "'\(text)' is no range: 10, 10:, ~:10, 10:20 or @10:20, the end not below the start"
            )
        }
        return range
    }

    private static func timeout(_ parsed: ParsedOptions) throws(UsageError) -> UInt32 {
        guard let text = parsed["timeout"] else { return 10 }
        guard let seconds = UInt32(text), (1...3600).contains(seconds) else {
            throw parser.invalid("timeout", "'\(text)' is no number of seconds from 1 to 3600")
        }
        return seconds
    }
}
