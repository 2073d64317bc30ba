internal import NIOCore

/// What an edge sends for a request, as steps.
enum AnswerStep {
    /// Sends these bytes.
    case send([UInt8])
    /// Waits.
    case pause(Duration)
    /// Sends these bytes again and again, until the connection is closed from the other side.
    case forever([UInt8])
    /// Closes in good order.
    case close
    /// Closes with a reset.
    case reset
}

extension LoopbackBehaviour {
    /// The steps that answer a request for `object`.
    func steps(object: [UInt8]) -> [AnswerStep] {
        let half = object.count / 2
        switch self {
        case .serve: return Self.whole(object)
        case .delay(let time): return [.pause(time)] + Self.whole(object)
        case .refuse, .blackHole, .silent, .stallInHandshake: return []
        case .resetMidBody:
            return [.send(Self.head(length: object.count) + object[..<half]), .reset]
        case .dripHeaders(let time):
            return Self.dripped(Self.head(length: object.count), time) + [.send(object), .close]
        case .dripBody(let time):
            return [.send(Self.head(length: object.count))] + Self.dripped(object, time) + [.close]
        case .endlessHeaders:
            return [.send(Array("HTTP/1.1 200 OK\r\n".utf8)), .forever(Self.line("X-A: b", 100))]
        case .endlessBody:
            let head = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
            return [.send(head + object), .forever(Array(repeating: 0x61, count: 4096))]
        case .gzip:
            let bomb: [UInt8] =
                [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Array(repeating: 0, count: 1000)
            return [
                .send(Self.head(length: bomb.count, fields: "Content-Encoding: gzip\r\n")),
                .send(bomb), .close,
            ]
        case .wrongContent: return Self.whole(object.map { $0 ^ 1 })
        case .olderObject(let older): return Self.whole(older)
        case .errorPage: return Self.whole(Array("<h1>502 Bad Gateway</h1>".utf8))
        case .status, .redirect, .redirectLoop, .interimStorm, .garbage, .closeWithoutAnswer:
            return refusal
        case .conflictingLength:
            let fields = "Content-Length: \(object.count + 1)\r\n"
            return [.send(Self.head(length: object.count, fields: fields) + object), .close]
        case .closeDelimited:
            return [.send(Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + object), .close]
        case .chunked: return Self.chunks(object)
        case .inTurn(let turns): return turns.first?.steps(object: object) ?? []
        }
    }

    /// The answers without the object.
    private var refusal: [AnswerStep] {
        switch self {
        case .status(let code):
            return [
                .send(Array("HTTP/1.1 \(code) Told so\r\nContent-Length: 0\r\n\r\n".utf8)), .close,
            ]
        case .redirect(let target):
            let head = "HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
            return [.send(Array(head.utf8)), .close]
        case .redirectLoop: return Self.redirect("/object").refusal
        case .interimStorm: return [.forever(Self.line("HTTP/1.1 100 Continue\r\n", 1))]
        case .garbage: return [.send(Array("\u{1}\u{2}SSH-2.0-garbage\r\n\r\n".utf8)), .close]
        default: return [.close]
        }
    }

    private static func whole(_ object: [UInt8]) -> [AnswerStep] {
        [.send(head(length: object.count) + object), .close]
    }

    private static func head(length: Int, fields: String = "") -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\(fields)\r\n".utf8)
    }

    private static func line(_ text: String, _ times: Int) -> [UInt8] {
        Array(String(repeating: text + "\r\n", count: times).utf8)
    }

    private static func dripped(_ bytes: [UInt8], _ time: Duration) -> [AnswerStep] {
        bytes.flatMap { [AnswerStep.send([$0]), .pause(time)] }
    }

    private static func chunks(_ object: [UInt8]) -> [AnswerStep] {
        var bytes = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        var rest = object[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(1000)
            bytes += Array("\(String(chunk.count, radix: 16));a=b\r\n".utf8) + chunk + [13, 10]
            rest = rest.dropFirst(1000)
        }
        return [.send(bytes + Array("0\r\nX-Trailer: yes\r\n\r\n".utf8)), .close]
    }
}
