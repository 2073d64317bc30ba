internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Makes responses.
enum Answer {
    /// A value as JSON, keys in a fixed order.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return bytes(
            ByteBuffer(bytes: try encoder.encode(value)), type: "application/json", status: status)
    }

    /// Bytes of a media type.
    static func bytes(
        _ buffer: ByteBuffer, type: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: buffer))
    }

    /// What went wrong, in one sentence.
    static func failure(
        _ status: HTTPResponse.Status, _ message: String, code: String
    ) throws -> Response {
        try json(Failure(error: message, code: code), status: status)
    }

    private struct Failure: Encodable {
        var error: String
        var code: String
    }
}

extension OrderRefusal {
    /// The refusal as a response.
    func response() throws -> Response {
        let status: HTTPResponse.Status =
            switch kind {
            case .malformed: .badRequest
            case .unknown: .notFound
            case .refused: .conflict
            case .failed: .internalServerError
            case .stopping: .serviceUnavailable
            }
        return try Answer.failure(status, message, code: kind.rawValue)
    }
}
