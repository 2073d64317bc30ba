internal import EdgeCore
internal import HTTPTypes
internal import Hummingbird

/// The part of `/api/v1` that only tells.
struct ReadRoutes: Sendable {
    let daemon: any APIFace
    private let recall = Recall()

    private static let after = APIParameter(
        name: "after", kind: .text(most: 255),
        summary: "Only what comes after this name: the \"next\" of the answer before")

    init(daemon: any APIFace) {
        self.daemon = daemon
    }

    var routes: [APIRoute] {
        [health, networks, status, edges, edge, edgeUptime, uptime, zones, zone]
            + [generations, difference, events, alarms]
    }

    private func telling(
        _ path: String, _ name: String, _ summary: String, query: [APIParameter] = [],
        answer: String, others: [Int: String] = [:],
        _ serve: @escaping @Sendable (APICall) async throws -> Response
    ) -> APIRoute {
        APIRoute(
            method: .get, path: path, name: name, summary: summary, query: query, answer: answer,
            others: others, serve: serve)
    }

    // MARK: The daemon

    private var health: APIRoute {
        telling(
            "health", "getHealth",
            "How the daemon itself is; 503 when rounds do not come or a configuration is refused",
            answer: "Health", others: [503: "Health"]
        ) { _ in
            let health = daemon.health
            return try Answer.json(health, status: health.isWell ? .ok : .serviceUnavailable)
        }
    }

    private var networks: APIRoute {
        telling(
            "networks", "listNetworks", "The networks, in the configuration's order",
            answer: "Networks"
        ) { _ in
            try Answer.json(NetworksView(networks: daemon.health.networks))
        }
    }

    // MARK: A network

    private var status: APIRoute {
        telling(
            "networks/{network}", "getNetwork", "What `status --json` prints of a network",
            answer: "Status"
        ) { call in
            try Answer.json(try await status(of: call))
        }
    }

    private var edges: APIRoute {
        telling(
            "networks/{network}/edges", "listEdges", "Its edges and canaries by name",
            query: [.limit(100), Self.after], answer: "Edges"
        ) { call in
            let status = try await status(of: call)
            let page = Page(
                of: status.edges.sorted { ($0.edge, $0.role) < ($1.edge, $1.role) }, call,
                name: \.edge)
            return try Answer.json(
                EdgesView(network: status.network, edges: page.items, next: page.next))
        }
    }

    private var uptime: APIRoute {
        telling(
            "networks/{network}/uptime", "listUptime",
            "How its edges did over 1 h, 24 h, 7 d and 30 d",
            query: [.limit(100), Self.after], answer: "Uptimes"
        ) { call in
            let view = try await read("uptime", call) { try daemon.uptime(of: $0) }
            let page = Page(of: view.edges.sorted { $0.edge < $1.edge }, call, name: \.edge)
            return try Answer.json(
                UptimesView(
                    network: view.network, asOf: view.asOf, edges: page.items, next: page.next))
        }
    }

    private var generations: APIRoute {
        telling(
            "networks/{network}/generations", "listGenerations",
            "What was published, newest first", query: [.limit(20, most: 100)],
            answer: "Generations"
        ) { call in
            let limit = call.integer("limit") ?? 20
            return try Answer.json(
                try await read("generations\n\(limit)", call) {
                    try daemon.generations(of: $0, limit: limit)
                })
        }
    }

    private var difference: APIRoute {
        telling(
            "networks/{network}/generations/{generation}", "getDifference",
            "What a generation changed, record by record: its zones by name",
            query: [.limit(100), Self.after], answer: "Difference"
        ) { call in
            guard let number = Int(call.segment("generation")), number > 0 else {
                throw APIFailure.unknown("generations are counted from 1")
            }
            let view = try await read("difference\n\(number)", call) {
                try daemon.difference(of: $0, generation: number)
            }
            let page = Page(of: view.zones, call, name: \.zone)
            return try Answer.json(DifferenceView(view, zones: page.items, next: page.next))
        }
    }

    private var events: APIRoute {
        telling(
            "networks/{network}/events", "listEvents",
            "The audit log: every decision and command, the newest ones, oldest first",
            query: [
                APIParameter(
                    name: "since", kind: .integer(0...APIParameter.latest),
                    summary: "Unix time: not what was before"),
                APIParameter(
                    name: "kind", kind: .word(AuditEvent.Kind.allCases.map(\.rawValue)),
                    summary: "Only this kind"),
                APIParameter(
                    name: "edge", kind: .text(most: 255),
                    summary: "Only what is about this edge or zone"),
                .limit(100),
            ], answer: "Events"
        ) { call in
            let since = call.integer("since").map { UnixTime(seconds: Int64($0)) }
            let filter = EventFilter(
                subject: call.text("edge"),
                kind: call.text("kind").flatMap { AuditEvent.Kind(rawValue: $0) },
                since: since, limit: call.integer("limit") ?? 100)
            return try Answer.json(
                try await read("events\n\(filter)", call) {
                    try daemon.events(of: $0, filter)
                })
        }
    }

    private var alarms: APIRoute {
        telling(
            "networks/{network}/alarms", "listAlarms",
            "What fires, the worst first, who was told, and what waits", query: [.limit(100)],
            answer: "Alarms"
        ) { call in
            var view = try await read("alarms", call) { try daemon.alarms(of: $0) }
            view.alarms = Array(view.alarms.prefix(call.integer("limit") ?? 100))
            return try Answer.json(view)
        }
    }

    // MARK: An edge or zone

    private var edge: APIRoute {
        telling(
            "networks/{network}/edges/{edge}", "getEdge",
            "What `explain EDGE --json` prints: every rule with its number, limit and verdict",
            answer: "Explanation"
        ) { call in
            let (network, edge) = try await pageEdge(call)
            return try Answer.json(
                ExplainView(network: network, asOf: edge.hour.end, edge: edge.explained))
        }
    }

    private var edgeUptime: APIRoute {
        telling(
            "networks/{network}/edges/{edge}/uptime", "getEdgeUptime",
            "How an edge did over 1 h, 24 h, 7 d and 30 d", answer: "EdgeUptime"
        ) { call in
            let edge = try await pageEdge(call).edge
            guard let uptime = edge.uptime else {
                throw APIFailure.unknown("nothing is summed up of \(edge.explained.edge) yet")
            }
            return try Answer.json(uptime)
        }
    }

    private var zones: APIRoute {
        telling(
            "networks/{network}/zones", "listZones", "Its published zones by name",
            query: [.limit(100), Self.after], answer: "Zones"
        ) { call in
            let zones = try await zones(of: call)
            let page = Page(of: zones, call, name: \.name)
            return try Answer.json(
                ZonesView(
                    network: call.segment("network"),
                    zones: page.items.map(ZonesView.Zone.init), next: page.next))
        }
    }

    private var zone: APIRoute {
        telling(
            "networks/{network}/zones/{zone}", "getZone", "One published zone", answer: "Zone"
        ) { call in
            let name = ZoneName(call.segment("zone"))?.text
            guard let zone = try await zones(of: call).first(where: { $0.name == name }) else {
                throw APIFailure.unknown(
                    "network \(call.segment("network")) publishes no such zone")
            }
            return try Answer.json(ZonesView.Zone(zone))
        }
    }
}

extension ReadRoutes {
    /// Reads something of the network that a call is about, unless it was read just now.
    private func read<Value: Sendable>(
        _ what: String, _ call: APICall,
        _ reading: @escaping @Sendable (NetworkName) throws -> Value?
    ) async throws -> Value {
        guard let network = NetworkName(call.segment("network")),
            let stamp = daemon.stamp(of: network),
            let value = try await recall.value(
                "\(network)\n\(what)", stamp: stamp, reading: { try reading(network) })
        else { throw OrderRoutes.noNetwork(daemon.networks) }
        return value
    }

    private func status(of call: APICall) async throws -> StatusView {
        try await read("status", call) { try daemon.status(of: $0) }
    }

    private func zones(of call: APICall) async throws -> [PageZone] {
        try await read("zones", call) { try daemon.pageZones($0) }
    }

    private func pageEdge(_ call: APICall) async throws -> (network: NetworkName, edge: PageEdge) {
        guard let network = NetworkName(call.segment("network")),
            let stamp = daemon.stamp(of: network)
        else { throw OrderRoutes.noNetwork(daemon.networks) }
        guard let name = EdgeName(call.segment("edge")),
            let edge = try await recall.value(
                "\(network)\nedge\n\(name)", stamp: stamp,
                reading: { try daemon.pageEdge(name, of: network) })
        else {
            throw APIFailure.unknown(
                "network \(network) has no such edge, or had no round yet")
        }
        return (network, edge)
    }

    /// A part of a list that is sorted by name.
    private struct Page<Item> {
        var items: [Item]
        /// The name after which the next part begins; nil: this is the last one.
        var next: String?

        init(of all: [Item], _ call: APICall, name: (Item) -> String) {
            let limit = call.integer("limit") ?? 100
            let after = call.text("after") ?? ""
            let rest = all.filter { name($0) > after }
            items = Array(rest.prefix(limit))
            next = rest.count > limit ? items.last.map(name) : nil
        }
    }
}
