internal import EdgeCore

/// The arguments of `edge_conf`: the mode of one edge.
struct EdgeConfOptions: Hashable, Sendable {
    var network: NetworkName
    var configuration: String
    var mode: Mode
    var comment: String?
    /// As given: whether there is such an edge is found out later.
    var edge: String
    var usesSyslog: Bool
    /// Set the mode even if too few edges could then be live.
    var insists: Bool

    /// What is asked for.
    var change: ModeChange {
        ModeChange(edge: edge, mode: mode, comment: comment, insists: insists)
    }

    static let parser = OptionParser(
        command: .edgeConf, summary: "Sets an edge's mode.",
        options: [
            CommonOptions.network,
            .init(
                letter: "m", name: "mode", value: "MODE",
                help: "available, unavailable, force or blindforce", isRequired: true),
            .init(
                letter: "C", name: "comment", value: "COMMENT",
                help: "why; required for every mode but available"),
            CommonOptions.configuration,
            .init(name: "no-syslog", help: "do not log the change to syslog"),
            .init(
                name: "insist",
                help: "set the mode even if fewer than min_live edges could then be live"),
        ], operands: [.init(name: "EDGE", help: "the edge's name, as in the edge list")])

    static func parse(_ arguments: [String]) -> Result<EdgeConfOptions, UsageError> {
        Result { () throws(UsageError) in
            let parsed = try parser.parse(arguments).get()
            let mode = try CommonOptions.choice("mode", of: CommonOptions.modes, parsed, parser)
            return EdgeConfOptions(
                network: try CommonOptions.network(parsed, parser),
                configuration: parsed["config"] ?? CommonOptions.defaultConfiguration,
                mode: mode ?? .available, comment: parsed["comment"],
                edge: parsed.operands.first ?? "", usesSyslog: !parsed.has("no-syslog"),
                insists: parsed.has("insist"))
        }
    }
}
