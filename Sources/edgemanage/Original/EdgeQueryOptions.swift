internal import EdgeCore

/// The arguments of `edge_query`: which edges, and how to show them.
struct EdgeQueryOptions: Hashable, Sendable {
    enum Format: String, Hashable, Sendable, CaseIterable {
        case flat, csv, json
    }

    enum HealthFilter: Hashable, Sendable {
        /// `allpass`: every class but fail.
        case passing
        case exactly(Health)
    }

    enum Detail: Hashable, Sendable {
        case quiet, normal, verbose
    }

    var network: NetworkName
    var configuration: String
    var health: HealthFilter?
    /// `in` or `out`.
    var isLive: Bool?
    var mode: Mode?
    var format: Format
    /// `-v` wins over `-q`.
    var detail: Detail
    var showsHeader: Bool

    static let parser = OptionParser(
        command: .edgeQuery, summary: "Lists a network's edges.",
        options: [
            CommonOptions.network,
            .init(
                letter: "H", name: "health", value: "HEALTH",
                help: "only edges of this health: allpass, "
                    + Health.allCases.map(\.rawValue).joined(separator: ", ")),
            .init(
                letter: "s", name: "state", value: "STATE", help: "only edges that are in or out"),
            .init(letter: "m", name: "mode", value: "MODE", help: "only edges in this mode"),
            .init(
                letter: "f", name: "format", value: "FORMAT",
                help: "flat (tab-separated, the default), csv or json (one object a line)"),
            .init(letter: "q", name: "quiet", help: "names alone"),
            .init(
                letter: "v", name: "verbose",
                help: "mode, state, health, name, duration and comment"),
            .init(name: "header", help: "a first line naming the columns, when there are rows"),
            CommonOptions.configuration,
        ])

    static func parse(_ arguments: [String]) -> Result<EdgeQueryOptions, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            let healths: [(String, HealthFilter)] =
                [("allpass", .passing)] + Health.allCases.map { ($0.rawValue, .exactly($0)) }
            let formats = Format.allCases.map { ($0.rawValue, $0) }
            return EdgeQueryOptions(
                network: try CommonOptions.network(parsed, parser),
                configuration: parsed["config"] ?? CommonOptions.defaultConfiguration,
                health: try CommonOptions.choice("health", of: healths, parsed, parser),
                isLive: try CommonOptions.choice(
                    "state", of: [("in", true), ("out", false)], parsed, parser),
                mode: try CommonOptions.choice("mode", of: CommonOptions.modes, parsed, parser),
                format: try CommonOptions.choice("format", of: formats, parsed, parser) ?? .flat,
                detail: parsed.has("verbose") ? .verbose : parsed.has("quiet") ? .quiet : .normal,
                showsHeader: parsed.has("header"))
        }
    }
}
