internal import EdgeCore
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// One TCP connection to a name server that carries messages, each behind its length (RFC 1035 §4.2.2,
/// RFC 7766 §8): what is in flight on it is its owner's to know.
final class MessageStream {
    /// How long a connection may take to come about.
    static let connectPatience: TimeAmount = .seconds(5)

    private let loop: any EventLoop
    private var channel: (any Channel)?
    private var received: (([UInt8]) -> Void)?
    private var ended: ((String) -> Void)?

    init(loop: any EventLoop) {
        self.loop = loop
    }

    /// Connects to a name server.
    ///
    /// - Parameters:
    ///   - ready: called once when it is connected.
    ///   - received: called with every message that comes.
    ///   - ended: called once, when it can't be connected or is closed by somebody else, with the reason;
    ///     nothing is called afterwards.
    func open(
        to server: NameServerSettings, ready: @escaping () -> Void,
        received: @escaping ([UInt8]) -> Void, ended: @escaping (String) -> Void
    ) {
        self.received = received
        self.ended = ended
        let address: SocketAddress
        do {
            address = try SocketAddress(
                ipAddress: server.address.description, port: Int(server.port))
        } catch {
            return loop.assumeIsolated().execute { self.end("\(error)") }
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(Self.connectPatience)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(LengthPrefixedDecoder()),
                        MessageStreamHandler(stream: bound.value))
                }
            }
            .connect(to: address)
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
                case .failure(let error): self.end(Self.words(error))
                }
            }
    }

    /// Queues a message of 65,535 bytes at most; `flush` sends what is queued.
    func send(_ bytes: [UInt8]) {
        guard let channel else { return }
        var buffer = channel.allocator.buffer(capacity: bytes.count + 2)
        buffer.writeInteger(UInt16(truncatingIfNeeded: bytes.count))
        buffer.writeBytes(bytes)
        channel.write(buffer, promise: nil)
    }

    func flush() { channel?.flush() }

    /// Closes it; nothing is called afterwards.
    func close() {
        ended = nil
        received = nil
        channel?.close(promise: nil)
    }

    fileprivate func take(_ bytes: [UInt8]) { received?(bytes) }

    fileprivate func end(_ reason: String) {
        let ended = ended
        self.ended = nil
        received = nil
        ended?(reason)
    }

    /// What the system says of a failed connection.
    static func words(_ error: any Error) -> String {
        if case .connectTimeout(let time)? = error as? ChannelError {
            return "no connection came about within \(time.nanoseconds / 1_000_000_000) s"
        }
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode)).lowercased()
    }
}

private final class MessageStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let stream: MessageStream

    init(stream: MessageStream) {
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        stream.take(Array(buffer: unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        stream.end("the connection was closed")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        stream.end(MessageStream.words(error))
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
