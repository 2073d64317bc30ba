internal import EdgeCore
internal import HTTPTypes
internal import Hummingbird

/// The part of `/api/v1` that changes something.
struct OrderRoutes: Sendable {
    let daemon: any DaemonFace

    private static let length = APIBody.Member(
        name: "for", kind: .length,
        summary: "How long, such as 30m or 2h; without it, until changed")

    private static let modeBody = APIBody(
        name: "ModeOrder",
        members: [
            .init(
                name: "mode", kind: .word(Mode.allCases.map(\.rawValue)), isRequired: true,
                summary: "The mode; every one but available needs a comment"),
            .init(name: "comment", kind: .line, summary: "Why: one line, 1000 bytes at most"),
            length,
            .init(
                name: "insist", kind: .flag,
                summary: "Even if fewer than min_live edges are left"),
        ],
        // An edge is available by itself, and without an end.
        rest: [
            "anyOf": [
                ["properties": ["mode": ["enum": ["available"]]]], ["required": ["comment"]],
            ],
            "not": [
                "properties": ["mode": ["enum": ["available"]]], "required": ["mode", "for"],
            ],
        ])

    private static let holdBody = APIBody(
        name: "HoldOrder",
        members: [
            .init(
                name: "reason", kind: .line, isRequired: true,
                summary: "Why: one line, 1000 bytes at most"), length,
        ])

    private static let approveBody = APIBody(
        name: "ApproveOrder",
        members: [
            .init(name: "zone", kind: .text, summary: "Only what concerns this zone")
        ])

    var routes: [APIRoute] {
        let network = "networks/{network}"
        return [
            APIRoute(
                method: .post, path: "reload", name: "reload",
                summary: "Reads the configuration anew, and asks all edges", answer: "Reply",
                serve: { _ in
                    try await reply { () throws(OrderRefusal) in
                        try await daemon.reload()
                        return OrderReply(
                            done: ["the configuration was read anew"], isApplied: true)
                    }
                }),
            order(
                .post, "\(network)/edges/{edge}/mode", "setMode",
                "Sets an edge's mode, and returns when it is in effect", Self.modeBody
            ) { (call) throws(OrderRefusal) in
                .mode(
                    edge: call.segment("edge"),
                    Mode(rawValue: call.bodyText("mode") ?? "") ?? .available,
                    comment: call.bodyText("comment"), length: Self.length(call),
                    insists: call.bodyFlag("insist"))
            },
            order(
                .post, "\(network)/hold", "hold", "Holds the network's rotations", Self.holdBody
            ) { call in
                .hold(reason: call.bodyText("reason") ?? "", length: Self.length(call))
            },
            order(.delete, "\(network)/hold", "resume", "Lets rotations go on", nil) { _ in
                .resume
            },
            order(
                .post, "\(network)/approve", "approve",
                "Lets held plans through: all, or what concerns one zone", Self.approveBody
            ) { call in
                .approve(zone: call.bodyText("zone"))
            },
            order(.post, "\(network)/round", "round", "Asks the edges now", nil) { _ in .round },
        ]
    }

    private func order(
        _ method: HTTPRequest.Method, _ path: String, _ name: String, _ summary: String,
        _ body: APIBody?, _ order: @escaping @Sendable (APICall) throws(OrderRefusal) -> Order
    ) -> APIRoute {
        APIRoute(
            method: method, path: path, name: name, summary: summary, body: body, answer: "Reply",
            serve: { call in
                guard let network = NetworkName(call.segment("network")),
                    daemon.networks.contains(network)
                else { throw Self.noNetwork(daemon.networks) }
                return try await reply { () throws(OrderRefusal) in
                    try await daemon.obey(
                        try order(call), of: network, by: call.context.actor ?? "somebody")
                }
            })
    }

    private func reply(
        _ body: () async throws(OrderRefusal) -> OrderReply
    ) async throws -> Response {
        let reply: OrderReply
        do throws(OrderRefusal) {
            reply = try await body()
        } catch {
            return try error.response()
        }
        return try Answer.json(reply)
    }

    private static func length(_ call: APICall) -> Duration? {
        call.bodyText("for").flatMap { DurationText.parse($0) }
    }

    /// What a request of another network gets: the command writes the order down itself then.
    static func noNetwork(_ networks: [NetworkName]) -> APIFailure {
        APIFailure(
            .notFound,
            "this daemon runs no such network: it runs "
                + networks.map(\.text).joined(separator: ", "),
            code: "no-network")
    }
}
