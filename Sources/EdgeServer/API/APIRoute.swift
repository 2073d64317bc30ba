internal import EdgeCore
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// One method of one path of `/api/v1`: what it takes, what it answers, and what its document says of it, so that
/// the document can't tell of other routes than there are.
struct APIRoute: Sendable {
    var method: HTTPRequest.Method
    /// Below `/api/v1`, as in the document: `networks/{network}/edges`.
    var path: String
    /// The operation's name in the document.
    var name: String
    var summary: String
    var query: [APIParameter] = []
    var body: APIBody?
    /// The schema of its answer.
    var answer: String
    /// Further answers, with the schema of each; refusals in general are not listed here.
    var others: [Int: String] = [:]
    var serve: @Sendable (APICall) async throws -> Response

    /// The path's segments; a parameter begins with `{`.
    var segments: [Substring] { path.split(separator: "/") }

    /// Whether only those who may give orders may ask for it.
    var isOrder: Bool { method != .get }

    /// Whether a path is this one.
    func matches(_ asked: [Substring]) -> Bool {
        let own = segments
        return own.count == asked.count
            && zip(own, asked).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}

/// A request of a route, read.
struct APICall: Sendable {
    var context: ServerContext
    var query: [String: APIParameter.Value]
    var body: [String: APIBody.Value]

    /// A segment of the path.
    func segment(_ name: String) -> String {
        let text = context.parameters.get(name) ?? ""
        return text.removingPercentEncoding ?? text
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let number) = query[name] { number } else { nil }
    }

    func text(_ name: String) -> String? {
        if case .text(let text) = query[name] { text } else { nil }
    }

    func bodyText(_ name: String) -> String? {
        if case .text(let text) = body[name] { text } else { nil }
    }

    func bodyFlag(_ name: String) -> Bool {
        if case .flag(let flag) = body[name] { flag } else { false }
    }
}

/// Why a request gets no answer but a sentence.
struct APIFailure: Error {
    var status: HTTPResponse.Status
    var code: String
    var message: String

    init(_ status: HTTPResponse.Status, _ message: String, code: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The request itself is wrong.
    static func malformed(_ message: String) -> APIFailure {
        APIFailure(.badRequest, message, code: OrderRefusal.Kind.malformed.rawValue)
    }

    static func unknown(_ message: String) -> APIFailure {
        APIFailure(.notFound, message, code: OrderRefusal.Kind.unknown.rawValue)
    }
}
