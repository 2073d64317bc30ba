internal import EdgeCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/api/v1`: its routes, and the document that is made of them.
struct API: Sendable {
    let routes: [APIRoute]
    /// The OpenAPI document as it is served and kept in docs/openapi.json.
    let document: String

    init(_ daemon: any APIFace) throws {
        let told = ReadRoutes(daemon: daemon).routes + OrderRoutes(daemon: daemon).routes
        let text = try OpenAPI.text(of: told + [Self.documentRoute(text: "")])
        document = text
        routes = told + [Self.documentRoute(text: text)]
    }

    private static func documentRoute(text: String) -> APIRoute {
        APIRoute(
            method: .get, path: "openapi.json", name: "getDocument",
            summary: "This document", answer: "Document",
            serve: { _ in
                Answer.bytes(ByteBuffer(string: text), type: "application/json")
            })
    }

    func add(to router: Router<ServerContext>) {
        let group = router.group("api/v1")
        for route in routes {
            let path = route.segments.map { segment in
                segment.hasPrefix("{") ? ":\(segment.dropFirst().dropLast())" : String(segment)
            }
            group.on(RouterPath(path.joined(separator: "/")), method: route.method) {
                request, context in
                let query = try APIParameter.read(request.uri.query, as: route.query)
                let body =
                    try await route.body?.read(request, upTo: context.maxUploadSize) ?? [:]
                return try await route.serve(
                    APICall(context: context, query: query, body: body))
            }
        }
    }
}
