internal import EdgeCore
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The page: what an operator sees in a browser.
struct PageRoutes {
    let daemon: any PageFace
    private let renderer: PageRenderer
    private let book: PageBook

    /// How many zones stand on one page.
    static let zonesAPage = 100

    /// - Throws: when a template is none.
    init(_ daemon: any PageFace) throws {
        self.daemon = daemon
        let health = daemon.health
        renderer = try PageRenderer(
            program: health.version, configuration: health.configuration)
        book = PageBook(
            daemon, renderer: renderer, epoch: Int(health.since) &* 100_000 &+ Int(health.process))
    }

    func add(to router: Router<ServerContext>) {
        let pages = router.group().add(middleware: PageHeaders())
            .add(middleware: PageFailures { unreadable($0) })
        pages.get("") { request, _ in
            await overview(finding: request.uri.queryParameters["find"].map(String.init) ?? "")
        }
        pages.get("parts") { request, _ in
            try Answer.json(
                await book.changes(
                    since: request.uri.queryParameters["since"].map(String.init) ?? ""))
        }
        pages.get("actor") { _, context in
            try Answer.json(["actor": context.actor])
        }
        pages.get("events") { _, context in
            guard let changes = daemon.bulletin.listen() else {
                var response = try Answer.failure(
                    .serviceUnavailable, "too many listen to events already, or the daemon ends",
                    code: "busy")
                response.headers[.retryAfter] = "10"
                return response
            }
            let channel = context.channel
            return EventFeed(changes: changes) { channel.close(promise: nil) }.response()
        }
        for asset in [renderer.assets.style, renderer.assets.script] {
            pages.get(RouterPath(asset.path)) { _, _ in
                var response = Answer.bytes(ByteBuffer(string: asset.text), type: asset.type)
                response.headers[.cacheControl] = "public, max-age=31536000, immutable"
                return response
            }
        }
        addNetworks(to: pages.group("networks/:network"))
    }

    private func addNetworks(to network: RouterGroup<ServerContext>) {
        network.get("edges/:edge") { _, context in
            guard let (name, edge) = edge(context),
                let view = try await book.edge(edge, of: name)
            else { return missing(context) }
            let path = "/networks/\(name)/edges/\(PageText.segment(edge.text))/parts"
            let parts = renderer.edge(view, of: name).map(\.html)
            return page(
                title: "\(edge) in \(name): edgemanage",
                main: renderer.html(
                    "edge", ["network": name.text, "parts": parts] as [String: Any]),
                parts: path)
        }
        network.get("edges/:edge/parts") { _, context in
            guard let (name, edge) = edge(context),
                let view = try await book.edge(edge, of: name)
            else { return missing(context) }
            return try Answer.json(
                PageBook.Changes(
                    release: renderer.assets.release, version: "",
                    networks: daemon.networks.map(\.text), rows: [:],
                    parts: renderer.edge(view, of: name)))
        }
        network.get("edges/:edge/forecast") { _, context in
            guard let (name, edge) = edge(context),
                let drain = try await book.edge(edge, of: name)?.explained.drain
            else { return missing(context) }
            return try Answer.json(Forecast(safe: drain.isSafe, words: drain.words))
        }
        network.get("zones") { request, context in
            guard let name = NetworkName(Self.parameter("network", context)),
                let zones = try await book.zones(of: name)
            else { return missing(context) }
            let query = request.uri.queryParameters
            return page(
                title: "Zones of \(name): edgemanage",
                main: renderer.zones(
                    zones, of: name, finding: query["find"].map(String.init) ?? "",
                    page: query["page"].flatMap { Int($0) } ?? 1, size: Self.zonesAPage))
        }
    }

    private struct Forecast: Encodable {
        var safe: Bool
        var words: [String]
    }

    private func overview(finding text: String) async -> Response {
        let found = await book.overview(finding: text)
        let networks = found.networks.map {
            ["name": $0.name, "head": $0.head, "rows": $0.rows, "rest": $0.rest]
        }
        return page(
            title: "edgemanage",
            main: renderer.html(
                "overview",
                ["health": found.health, "networks": networks, "find": text] as [String: Any]),
            parts: "/parts", version: found.version)
    }

    private func page(
        title: String, main: String, parts: String = "", version: String = "",
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let html = renderer.page(
            title: title, main: main, networks: daemon.networks,
            now: UnixTime(seconds: Int64(Date.now.timeIntervalSince1970)), parts: parts,
            version: version)
        return Answer.bytes(
            ByteBuffer(string: html), type: "text/html; charset=utf-8", status: status)
    }

    private func missing(_ context: ServerContext) -> Response {
        let network = Self.parameter("network", context)
        let edge = Self.parameter("edge", context)
        let sentence =
            daemon.networks.contains { $0.text == network }
            ? "Network \(network) has no edge \(edge): it may have been taken off its list."
            : "This daemon runs no network \(network)."
        let main = renderer.html(
            "failure", ["title": "Not here", "sentence": sentence])
        return page(title: "Not here: edgemanage", main: main, status: .notFound)
    }

    /// What is shown when the database can't be read.
    private func unreadable(_ error: any Error) -> Response {
        let main = renderer.html(
            "failure", ["title": "This can't be read now", "sentence": "\(error)"])
        return page(
            title: "Not readable: edgemanage", main: main, status: .internalServerError)
    }

    private func edge(_ context: ServerContext) -> (NetworkName, EdgeName)? {
        guard let network = NetworkName(Self.parameter("network", context)),
            let edge = EdgeName(Self.parameter("edge", context))
        else { return nil }
        return (network, edge)
    }

    private static func parameter(_ name: String, _ context: ServerContext) -> String {
        let text = context.parameters.get(name) ?? ""
        return text.removingPercentEncoding ?? text
    }
}

/// Says in words what went wrong, instead of an empty answer.
struct PageFailures: RouterMiddleware {
    typealias Context = ServerContext

    private let answer: @Sendable (any Error) -> Response

    init(_ answer: @escaping @Sendable (any Error) -> Response) { self.answer = answer }

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            if error is any HTTPResponseError { throw error }
            return answer(error)
        }
    }
}

/// What browsers are told of every answer of the page: nothing from elsewhere, and nothing in a frame.
struct PageHeaders: RouterMiddleware {
    static let policy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[HTTPField.Name("Referrer-Policy")!] = "no-referrer"
        response.headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] = "same-origin"
        return response
    }
}
