internal import EdgeCore
internal import NIOCore
internal import NIOPosix

/// One TCP connection for answers that did not fit into a datagram: pipelined, each message behind its
/// length (RFC 7766 §6.2.1.1, §8).
final class AskStream {
    private struct Waiting {
        var question: DNSQuestion
        var body: (DNSReply) -> Void
    }

    private let server: NameServerSettings
    private let loop: any EventLoop
    private var channel: (any Channel)?
    private var waiting: [UInt16: Waiting] = [:]
    private var unsent: [UInt16] = []
    private var ended: ((String, Bool) -> Void)?

    init(server: NameServerSettings, loop: any EventLoop) {
        self.server = server
        self.loop = loop
    }

    /// Connects; `ended` is called once, when the connection fails or is closed, with the reason and
    /// whether questions were open.
    func open(_ ended: @escaping (String, Bool) -> Void) {
        self.ended = ended
        let bound = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(LengthPrefixedDecoder()),
                        AskStreamHandler(stream: bound.value))
                }
            }
            .connect(host: server.address.description, port: Int(server.port))
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    self.channel = channel
                    for id in self.unsent { self.send(id) }
                    self.unsent = []
                    channel.flush()
                case .failure(let error): self.end(Self.words(error))
                }
            }
    }

    /// What the system says of a connection that failed.
    static func words(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError, let first = error.connectionErrors.first {
            return AskRound.words(first.error)
        }
        return AskRound.words(error)
    }

    func ask(
        _ question: DNSQuestion, using random: inout some RandomNumberGenerator,
        _ body: @escaping (DNSReply) -> Void
    ) {
        var id = UInt16.random(in: .min ... .max, using: &random)
        while waiting[id] != nil { id = id &+ 1 }
        waiting[id] = Waiting(question: question, body: body)
        guard let channel else {
            unsent.append(id)
            return
        }
        send(id)
        channel.flush()
    }

    private func send(_ id: UInt16) {
        guard let channel, let waiting = waiting[id] else { return }
        let bytes = waiting.question.message(id: id)
        var buffer = channel.allocator.buffer(capacity: bytes.count + 2)
        buffer.writeInteger(UInt16(bytes.count))
        buffer.writeBytes(bytes)
        channel.write(buffer, promise: nil)
    }

    fileprivate func received(_ bytes: [UInt8]) {
        guard let id = DNSReply.id(of: bytes), let found = waiting[id],
            let reply = try? DNSReply(bytes, to: found.question, id: id)
        else { return }
        waiting[id] = nil
        found.body(reply)
    }

    fileprivate func end(_ reason: String) {
        let ended = ended
        self.ended = nil
        ended?(reason, !waiting.isEmpty)
    }

    func close() {
        ended = nil
        channel?.close(promise: nil)
    }
}

private final class AskStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let stream: AskStream

    init(stream: AskStream) {
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        stream.received(Array(buffer: unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        stream.end("the connection was closed")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        stream.end(AskRound.words(error))
        context.close(promise: nil)
    }
}

/// Cuts a stream into messages by their two length bytes (RFC 1035 §4.2.2).
struct LengthPrefixedDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    mutating func decode(
        context: ChannelHandlerContext, buffer: inout ByteBuffer
    ) throws -> DecodingState {
        guard let message = buffer.readLengthPrefixedSlice(as: UInt16.self) else {
            return .needMoreData
        }
        context.fireChannelRead(wrapInboundOut(message))
        return .continue
    }
}
