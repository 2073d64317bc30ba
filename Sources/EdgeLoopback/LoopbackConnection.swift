internal import Glibc
internal import NIOCore
internal import NIOPosix

/// One accepted connection: reads the request's header, then does what the edge is told.
final class LoopbackConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest request that is read.
    private static let requestLimit = 64 * 1024

    private let edge: LoopbackEdge
    private var request: [UInt8] = []
    private var steps: ArraySlice<AnswerStep> = []
    private var isAnswering = false

    init(edge: LoopbackEdge) {
        self.edge = edge
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswering else { return }
        request.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        guard request.count <= Self.requestLimit else { return context.close(promise: nil) }
        guard request.suffix(4).elementsEqual([13, 10, 13, 10]) else { return }
        isAnswering = true
        steps = edge.answer(to: request)[...]
        request = []
        proceed(context)
    }

    /// Takes the next steps until one of them has to wait.
    private func proceed(_ context: ChannelHandlerContext) {
        while let step = steps.popFirst(), context.channel.isActive {
            switch step {
            case .send(let bytes): send(bytes, context)
            case .pause(let time):
                return context.eventLoop.assumeIsolated()
                    .scheduleTask(in: TimeAmount(time)) { self.proceed(context) }.forget()
            case .forever(let bytes): return sendForever(bytes, context)
            case .close: return context.close(promise: nil)
            case .reset: return reset(context)
            }
        }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Sends the next piece when the last has gone.
    private func sendForever(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: sent)
        sent.futureResult.assumeIsolated().whenSuccess {
            context.eventLoop.assumeIsolated().execute { self.sendForever(bytes, context) }
        }
    }

    /// Lingering for no time turns the close into a reset.
    private func reset(_ context: ChannelHandlerContext) {
        guard let socket = context.channel as? any SocketOptionProvider else { return }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated()
            .whenComplete { _ in context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

extension Scheduled {
    /// Lets it run; nobody waits.
    fileprivate func forget() {}
}
