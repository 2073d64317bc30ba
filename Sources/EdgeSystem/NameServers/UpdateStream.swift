internal import EdgeCore
internal import NIOCore
internal import NIOPosix

/// One TCP connection that carries updates, each message behind its length (RFC 1035 §4.2.2).
final class UpdateStream {
    struct Flight {
        var index: Int
        var message: UpdateMessage
        /// Counts up, to tell the oldest.
        var order: Int
    }

    private let server: NameServerSettings
    private let loop: any EventLoop
    private var channel: (any Channel)?
    private var sent = 0
    private(set) var waiting: [UInt16: Flight] = [:]
    private(set) var hasAnswered = false
    private var answered: (([UInt8]) -> Void)?
    private var ended: ((String) -> Void)?

    init(server: NameServerSettings, loop: any EventLoop) {
        self.server = server
        self.loop = loop
    }

    /// The one that waits longest.
    var oldest: UInt16? { waiting.min { $0.value.order < $1.value.order }?.key }

    func open(
        ready: @escaping () -> Void, answered: @escaping ([UInt8]) -> Void,
        ended: @escaping (String) -> Void
    ) {
        self.answered = answered
        self.ended = ended
        let bound = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(LengthPrefixedDecoder()),
                        UpdateStreamHandler(stream: bound.value))
                }
            }
            .connect(host: server.address.description, port: Int(server.port))
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    guard self.ended != nil else {
                        channel.close(promise: nil)
                        return
                    }
                    self.channel = channel
                    ready()
                case .failure(let error): self.end(AskStream.words(error))
                }
            }
    }

    func send(_ message: UpdateMessage, for index: Int) {
        guard let channel else { return }
        sent += 1
        waiting[message.id] = Flight(index: index, message: message, order: sent)
        var buffer = channel.allocator.buffer(capacity: message.bytes.count + 2)
        buffer.writeInteger(UInt16(truncatingIfNeeded: message.bytes.count))
        buffer.writeBytes(message.bytes)
        channel.write(buffer, promise: nil)
    }

    func flush() { channel?.flush() }

    func take(_ id: UInt16) -> Flight? { waiting.removeValue(forKey: id) }

    fileprivate func received(_ bytes: [UInt8]) {
        hasAnswered = true
        answered?(bytes)
    }

    fileprivate func end(_ reason: String) {
        let ended = ended
        self.ended = nil
        answered = nil
        ended?(reason)
    }

    func close() {
        ended = nil
        answered = nil
        channel?.close(promise: nil)
    }
}

private final class UpdateStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let stream: UpdateStream

    init(stream: UpdateStream) {
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
