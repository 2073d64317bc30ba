internal import Crypto
internal import EdgeCore
internal import HTTPTypes
internal import Hummingbird

/// Who may ask for what (I37).
public enum Gate: Sendable {
    /// The Unix socket: the kernel says who asks.
    case peers(group: String?)
    /// An address: reading for all who reach it, orders with a token.
    case network(hosts: Set<String>, token: String?)
}

/// Lets requests in or refuses them, before any of them is looked at; finds out who asks.
struct Gatekeeper: RouterMiddleware {
    typealias Context = ServerContext

    let gate: Gate

    /// The header in which a trusted peer says whom it speaks for, as `edgemanage` does under sudo.
    static let actorHeader = HTTPField.Name("X-Edgemanage-Actor")!

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        switch gate {
        case .peers(let group):
            guard let peer = await Peer.of(context.channel),
                peer.isTrusted || group.map(peer.isMember) ?? false
            else {
                return try Answer.failure(
                    .forbidden,
                    "only root, the daemon's own user and members of server.group may give orders "
                        + "here", code: "forbidden")
            }
            let claimed = peer.isTrusted ? request.headers[Self.actorHeader] : nil
            context.actor = claimed.flatMap(Self.plain) ?? peer.name
        case .network(let hosts, let token):
            guard let host = request.head.authority, Self.isOurs(host, hosts) else {
                return try Answer.failure(
                    .misdirectedRequest,
                    "this name is not one of the server's own: add it to server.hosts",
                    code: "host")
            }
            if let token, Self.isBearer(of: token, request) { context.actor = "token" }
        }
        return try await next(request, context)
    }

    /// Whether a name is one of ours. A foreign page that has its own name lead here can't ask by an address.
    private static func isOurs(_ authority: String, _ hosts: Set<String>) -> Bool {
        var host = authority.lowercased()[...]
        if let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber) {
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return hosts.contains(String(host)) || IPAddress(host) != nil
    }

    /// Compared as hashes, so that the time taken tells nothing of the token.
    private static func isBearer(of token: String, _ request: Request) -> Bool {
        guard let field = request.headers[.authorization], field.hasPrefix("Bearer ") else {
            return false
        }
        let given = SHA256.hash(data: Array(field.dropFirst(7).utf8))
        return given == SHA256.hash(data: Array(token.utf8))
    }

    /// A name that can stand in a comment's brackets.
    private static func plain(_ name: String) -> String? {
        let scalars = name.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }
        let text = String(String.UnicodeScalarView(scalars.filter { $0 != "[" && $0 != "]" }))
        return text.isEmpty ? nil : String(text.prefix(64))
    }
}

/// Lets orders in or refuses them: whatever is not reading alone. Comes after the Gatekeeper.
struct OrderKeeper: RouterMiddleware {
    typealias Context = ServerContext

    let gate: Gate

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        if case .network(_, let token) = gate, request.method != .get, request.method != .head,
            let refusal = try refusal(of: request, context, hasToken: token != nil)
        {
            return refusal
        }
        return try await next(request, context)
    }

    /// Why a request that would change something may not; nil: it may.
    private func refusal(
        of request: Request, _ context: ServerContext, hasToken: Bool
    ) throws -> Response? {
        guard context.actor != nil else {
            var response = try Answer.failure(
                .unauthorized,
                hasToken
                    ? "orders need the token, as Authorization: Bearer TOKEN"
                    : "this address is for reading only: server.token is not configured",
                code: "unauthorized")
            response.headers[.wwwAuthenticate] = "Bearer realm=\"edgemanage\""
            return response
        }
        // A foreign page has no token; should it have one all the same, its own name gives it away.
        if let origin = request.headers[.origin], let host = request.head.authority,
            origin != "http://\(host)", origin != "https://\(host)"
        {
            return try Answer.failure(
                .forbidden, "orders come from the server's own page only", code: "origin")
        }
        return nil
    }
}
