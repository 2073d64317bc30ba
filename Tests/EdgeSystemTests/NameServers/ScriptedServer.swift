import NIOCore
import NIOPosix
import Synchronization

/// A name server over TCP that answers as a test says.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let channel: any Channel

    /// - Parameter answer: makes the answer of a message, the connections being counted from 1; nil closes
    ///   the connection, an empty one says nothing.
    init(
        port: UInt16 = 0, _ answer: @escaping @Sendable (Int, [UInt8]) -> [UInt8]?
    ) async throws {
        let connections = Mutex(0)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                let number = connections.withLock { count in
                    count += 1
                    return count
                }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { answer(number, $0) })
                }
            }
            .bind(host: "127.0.0.1", port: Int(port)).get()
        self.port = UInt16(channel.localAddress?.port ?? 0)
    }

    func stop() async throws { try await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: @Sendable ([UInt8]) -> [UInt8]?
        private var received: [UInt8] = []
        private var isClosed = false

        init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += Array(buffer: unwrapInboundIn(data))
            while received.count >= 2, !isClosed {
                let length = Int(received[0]) << 8 | Int(received[1])
                guard received.count >= length + 2 else { return }
                let message = Array(received[2..<(length + 2)])
                received.removeFirst(length + 2)
                guard let bytes = answer(message) else {
                    // Closed with something unread it would be a reset; the rest is read and passed over.
                    isClosed = true
                    return context.close(mode: .output, promise: nil)
                }
                guard !bytes.isEmpty else { continue }
                var buffer = context.channel.allocator.buffer(capacity: bytes.count + 2)
                buffer.writeInteger(UInt16(bytes.count))
                buffer.writeBytes(bytes)
                context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            }
        }
    }
}

/// A name server over UDP that answers as a test says.
final class ScriptedDatagrams: Sendable {
    let port: UInt16
    private let channel: any Channel

    /// - Parameter answer: makes the answers of a message.
    init(_ answer: @escaping @Sendable ([UInt8]) -> [[UInt8]]) async throws {
        channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = UInt16(channel.localAddress?.port ?? 0)
    }

    func stop() async throws { try await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        private let answer: @Sendable ([UInt8]) -> [[UInt8]]

        init(_ answer: @escaping @Sendable ([UInt8]) -> [[UInt8]]) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            for bytes in answer(Array(buffer: envelope.data)) {
                let buffer = context.channel.allocator.buffer(bytes: bytes)
                context.write(
                    wrapOutboundOut(
                        AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: buffer)),
                    promise: nil)
            }
            context.flush()
        }
    }
}

/// A question as a scripted server sees it, and answers to it.
struct ScriptedQuestion: Sendable {
    let message: [UInt8]
    /// In presentation form, absolute.
    let name: String
    let type: UInt16
    /// Where the question section ends.
    let end: Int

    init(_ message: [UInt8]) {
        self.message = message
        var name = ""
        var place = 12
        while place < message.count, message[place] > 0 {
            let next = place + 1 + Int(message[place])
            name += String(decoding: message[(place + 1)..<next], as: UTF8.self) + "."
            place = next
        }
        self.name = name
        type = UInt16(message[place + 1]) << 8 | UInt16(message[place + 2])
        end = place + 5
    }

    var hasOPT: Bool { message[11] > 0 }
    /// The zone, all names being a zone of two labels or below one.
    var zone: String { name.split(separator: ".").suffix(2).joined(separator: ".") }

    /// An answer with these flags and one record with these data behind the question.
    func answer(flags: UInt16 = 0x8400, data: [UInt8]? = nil, ttl: UInt8 = 60) -> [UInt8] {
        var bytes = Array(message[0..<2]) + [UInt8(flags >> 8), UInt8(flags & 0xFF)]
        bytes += [0, 1, 0, data == nil ? 0 : 1, 0, 0, 0, 0] + message[12..<end]
        guard let data else { return bytes }
        bytes += [0xC0, 12, UInt8(type >> 8), UInt8(type & 0xFF), 0, 1, 0, 0, 0, ttl]
        return bytes + [0, UInt8(data.count)] + data
    }

    /// What a good server answers: serial 100, one IPv4 address, none of IPv6.
    var goodAnswer: [UInt8] {
        switch type {
        case 6: answer(data: [0, 0] + [0, 0, 0, 100] + [UInt8](repeating: 1, count: 16))
        case 1: answer(data: [192, 0, 2, 1])
        default: answer()
        }
    }
}
