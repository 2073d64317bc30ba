internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore

/// How everything below `/api` is answered, whatever it is: in JSON, with one shape for what went wrong; 404, 405 with
/// `Allow` and `OPTIONS` by the table of routes.
struct APIManners: RouterMiddleware {
    let routes: [APIRoute]

    func handle(
        _ request: Request, context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let segments = request.uri.path.split(separator: "/")
        guard segments.first == "api" else { return try await next(request, context) }
        var response: Response
        do {
            if let known = try direction(request, segments) {
                response = known
            } else {
                response = try await next(request, context)
            }
        } catch {
            response = try Self.answer(to: error)
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// What is answered without asking a route; nil: there is one.
    private func direction(_ request: Request, _ segments: [Substring]) throws -> Response? {
        let here =
            segments.starts(with: ["api", "v1"])
            ? routes.filter { $0.matches(Array(segments.dropFirst(2))) } : []
        guard !here.isEmpty else {
            return try Answer.failure(
                .notFound, "there is no such path: /api/v1/openapi.json lists those that are",
                code: "no-path")
        }
        var methods = here.map(\.method.rawValue)
        if methods.contains("GET") { methods.append("HEAD") }
        let allowed = (methods + ["OPTIONS"]).sorted().joined(separator: ", ")
        if request.method == .options {
            return Response(
                status: .noContent, headers: [.allow: allowed, .cacheControl: "no-store"])
        }
        guard !methods.contains(request.method.rawValue) else { return nil }
        var response = try Answer.failure(
            .methodNotAllowed, "this path takes \(allowed)", code: "method")
        response.headers[.allow] = allowed
        return response
    }

    private static func answer(to error: any Error) throws -> Response {
        switch error {
        case let failure as APIFailure:
            return try Answer.failure(failure.status, failure.message, code: failure.code)
        case let refusal as OrderRefusal: return try refusal.response()
        case let error as any HTTPResponseError where error.status.code == 413:
            return try Answer.failure(
                .contentTooLarge, "a body may have 64 KiB at most", code: "too-large")
        case let error as any HTTPResponseError:
            return try Answer.failure(error.status, "\(error)", code: "http")
        default:
            return try Answer.failure(.internalServerError, "\(error)", code: "failed")
        }
    }
}
