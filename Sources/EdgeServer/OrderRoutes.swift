internal import EdgeCore
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The part of `/api/v1` that changes something.
struct OrderRoutes {
    let daemon: any DaemonFace

    func add(to api: RouterGroup<ServerContext>) {
        api.post("reload") { request, context in
            do throws(OrderRefusal) {
                try await daemon.reload()
            } catch {
                return try error.response()
            }
            return try Answer.json(
                OrderReply(done: ["the configuration was read anew"], isApplied: true))
        }
        let network = api.group("networks/:network")
        network.post("edges/:edge/mode") { request, context in
            try await obey(request, context) { (body: ModeBody) throws(OrderRefusal) in
                try body.order(edge: context.parameters.get("edge") ?? "")
            }
        }
        network.post("hold") { request, context in
            try await obey(request, context) { (body: HoldBody) throws(OrderRefusal) in
                .hold(
                    reason: body.reason,
                    length: try body.length.map { (text) throws(OrderRefusal) in
                        try Self.length(text)
                    })
            }
        }
        network.delete("hold") { request, context in
            try await obey(.resume, context)
        }
        network.post("approve") { request, context in
            try await obey(request, context) { (body: ApproveBody) throws(OrderRefusal) in
                .approve(zone: body.zone)
            }
        }
        network.post("round") { request, context in
            try await obey(.round, context)
        }
    }

    private func obey<Body: Decodable>(
        _ request: Request, _ context: ServerContext,
        _ order: (Body) throws(OrderRefusal) -> Order
    ) async throws -> Response {
        var request = request
        let buffer = try await request.collectBody(upTo: context.maxUploadSize)
        let bytes = buffer.readableBytes > 0 ? Data(buffer.readableBytesView) : Data("{}".utf8)
        let body: Body
        do {
            body = try JSONDecoder().decode(Body.self, from: bytes)
        } catch {
            return try OrderRefusal(.malformed, Self.words(of: error)).response()
        }
        let asked: Order
        do throws(OrderRefusal) {
            asked = try order(body)
        } catch {
            return try error.response()
        }
        return try await obey(asked, context)
    }

    private func obey(_ order: Order, _ context: ServerContext) async throws -> Response {
        let name = context.parameters.get("network") ?? ""
        guard let network = NetworkName(name), daemon.networks.contains(network) else {
            return try Answer.failure(
                .notFound, Self.noNetwork(daemon.networks), code: Self.noNetworkCode)
        }
        do throws(OrderRefusal) {
            let reply = try await daemon.obey(
                order, of: network, by: context.actor ?? "somebody")
            return try Self.response(reply)
        } catch {
            return try error.response()
        }
    }

    /// What a request of another network gets.
    static let noNetworkCode = "no-network"

    static func noNetwork(_ networks: [NetworkName]) -> String {
        "this daemon runs no such network: it runs "
            + networks.map(\.text).joined(separator: ", ")
    }

    private static func response(_ reply: OrderReply) throws(OrderRefusal) -> Response {
        do {
            return try Answer.json(reply)
        } catch {
            throw OrderRefusal(.failed, "\(error)")
        }
    }

    static func length(_ text: String) throws(OrderRefusal) -> Duration {
        guard let length = DurationText.parse(text), length > .zero else {
            throw OrderRefusal(
                .malformed, "\"for\" takes a time such as 30m or 2h, not \"\(text)\"")
        }
        return length
    }

    /// What is wrong with a body, in one sentence.
    private static func words(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _):
            "the body has no \"\(key.stringValue)\""
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of the wrong "
                + "type"
        default: "the body is no JSON object that this knows"
        }
    }
}

/// `POST …/edges/EDGE/mode`.
private struct ModeBody: Decodable {
    var mode: String
    var comment: String?
    var length: String?
    var insist: Bool?

    enum CodingKeys: String, CodingKey {
        case mode, comment, insist
        case length = "for"
    }

    func order(edge: String) throws(OrderRefusal) -> Order {
        guard let word = Mode(rawValue: mode) else {
            throw OrderRefusal(
                .malformed,
                "\"\(mode)\" is no mode: say available, unavailable, force or blindforce")
        }
        var time: Duration?
        if let length { time = try OrderRoutes.length(length) }
        return .mode(
            edge: edge, word, comment: comment, length: time, insists: insist ?? false)
    }
}

/// `POST …/hold`.
private struct HoldBody: Decodable {
    var reason: String
    var length: String?

    enum CodingKeys: String, CodingKey {
        case reason
        case length = "for"
    }
}

/// `POST …/approve`.
private struct ApproveBody: Decodable {
    var zone: String?
}
