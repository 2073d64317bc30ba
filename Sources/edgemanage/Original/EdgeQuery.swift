internal import EdgeCore
internal import EdgeShell

/// `edge_query`: lists edges from the database, which is only read.
enum EdgeQuery {
    /// One edge as it is shown.
    struct Row: Hashable, Sendable {
        var edge: EdgeName
        var mode: Mode
        var isLive: Bool
        var health: Health
        /// Whole seconds since the last mode change; -1 if there was none.
        var duration: Int64
        var comment: String

        var state: String { isLive ? "in" : "out" }
    }

    /// Reads the state and formats it.
    static func run(
        _ options: EdgeQueryOptions, store: any StateStore, settings: NetworkSettings,
        edges: [EdgeName], now: Moment
    ) -> OriginalOutcome {
        do {
            let state = try store.load(options.network, judge: settings.judge, now: now)
            let found = rows(edges: edges, state: state, now: now.wall).filter(options.matches)
            return OriginalOutcome(output: format(found, options))
        } catch {
            return OriginalOutcome(status: 1, errors: "edge_query: \(error)\n")
        }
    }

    /// Every edge in the list's order; one that was never probed is available, out, and pass.
    static func rows(edges: [EdgeName], state: NetworkState, now: UnixTime) -> [Row] {
        let live = Set(state.live.map(\.name))
        return edges.map { edge in
            let record = state.modes[edge] ?? ModeRecord()
            let duration = record.changed.map { max(0, now.since($0).components.seconds) }
            return Row(
                edge: edge, mode: record.mode, isLive: live.contains(edge),
                health: state.primaryRecord(of: edge)?.health ?? .pass, duration: duration ?? -1,
                comment: record.comment)
        }
    }

    /// The rows as text, every line ended.
    static func format(_ rows: [Row], _ options: EdgeQueryOptions) -> String {
        guard !rows.isEmpty else { return "" }
        let line: (Row) -> String =
            switch options.format {
            case .flat: { fields($0, options.detail).map(flat).joined(separator: "\t") }
            case .csv: { fields($0, options.detail).map(csv).joined(separator: ",") }
            case .json: { json($0, options.detail) }
            }
        var lines = rows.map(line)
        let columns = columns(options.detail)
        switch options.format {
        case .flat where options.showsHeader: lines.insert(columns.joined(separator: "\t"), at: 0)
        case .csv where options.showsHeader: lines.insert(columns.joined(separator: ","), at: 0)
        case .flat, .csv, .json: break
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func columns(_ detail: EdgeQueryOptions.Detail) -> [String] {
        switch detail {
        case .quiet: ["edgename"]
        case .normal: ["edgename", "duration"]
        case .verbose: ["mode", "state", "health", "edgename", "duration", "comment"]
        }
    }

    private static func fields(_ row: Row, _ detail: EdgeQueryOptions.Detail) -> [String] {
        switch detail {
        case .quiet: [row.edge.text]
        case .normal: [row.edge.text, String(row.duration)]
        case .verbose:
            [
                row.mode.rawValue, row.state, row.health.rawValue, row.edge.text,
                String(row.duration), row.comment,
            ]
        }
    }

    /// Control characters would break the columns or reach the terminal: they become spaces.
    private static func flat(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
                }))
    }

    /// RFC 4180 §2: quotes around a field that holds a comma, a quote or a line break, and quotes
    /// in it doubled.
    private static func csv(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    private static func json(_ row: Row, _ detail: EdgeQueryOptions.Detail) -> String {
        var members = [("edge", row.edge.text)]
        switch detail {
        case .quiet: break
        case .normal: members.append(("time_since_state_change", String(row.duration)))
        case .verbose:
            members += [
                ("health", row.health.rawValue), ("state", row.state),
                ("time_since_state_change", String(row.duration)),
            ]
        }
        var bytes: [UInt8] = []
        for (index, member) in members.enumerated() {
            bytes += index == 0 ? "{".utf8 : ", ".utf8
            JSONValue.append(member.0, to: &bytes)
            bytes += ": ".utf8
            JSONValue.append(member.1, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self) + "}"
    }
}

extension EdgeQueryOptions {
    /// Whether a row passes all filters.
    func matches(_ row: EdgeQuery.Row) -> Bool {
        let healthFits =
            switch health {
            case nil: true
            case .passing: row.health.isPassing
            case .exactly(let health): row.health == health
            }
        return healthFits && isLive.map { $0 == row.isLive } ?? true
            && mode.map { $0 == row.mode } ?? true
    }
}

extension NetworkState {
    /// What is known of the edge's primary address: the live one's, else IPv4 where it was ever
    /// judged.
    func primaryRecord(of edge: EdgeName) -> TargetRecord? {
        let record = { (family: AddressFamily) in
            targets[ProbeTarget(role: .edge, name: edge, family: family)]
        }
        if let member = live.first(where: { $0.name == edge }) {
            return record(member.addresses.primary)
        }
        if let first = record(.ipv4), first.health != nil { return first }
        return record(.ipv6) ?? record(.ipv4)
    }
}
