internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// How long the server waits for whoever is at the other end of a connection: connections are few, and somebody who
/// takes nothing, or sends a request byte by byte, must neither keep one for ever nor hold up the daemon's end.
struct ConnectionPatience: Hashable, Sendable {
    /// How long bytes may wait to be taken without one of them being taken.
    var taking: Duration = .seconds(60)
    /// How long a request may take from its first byte to its last.
    var sending: Duration = .seconds(30)
    /// How long a connection goes on when the server ends.
    var ending: Duration = .seconds(5)
}

/// HTTP/1.1, with an end to the patience.
struct PatientChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let channel: HTTP1Channel
    let patience: ConnectionPatience

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let added = channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(PatienceHandler(patience))
        }
        let http = self.channel
        return added.flatMap { http.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async {
        await channel.handle(value: value, logger: logger)
    }
}

/// Stands next to the network and counts bytes: what they mean is others' business.
final class PatienceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let patience: ConnectionPatience
    private var check: RepeatedTask?
    private var end: Scheduled<Void>?
    /// Bytes that were to be written so far, and how many of them were taken when it was last looked.
    private var (queued, taken) = (0, 0)
    /// When the last byte was taken that is known of.
    private var progress = NIODeadline.now()
    /// When the first byte came after the last that was written; nil: none did.
    private var begun: NIODeadline?

    init(_ patience: ConnectionPatience) {
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let pause = TimeAmount(patience.taking / 6)
        check = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            let (handler, context) = here.value
            handler.look(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        check?.cancel()
        end?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        check?.cancel()
        end?.cancel()
        context.fireChannelInactive()
    }

    /// Closes a connection of which nothing is taken.
    private func look(_ context: ChannelHandlerContext) {
        let waiting =
            (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let now = NIODeadline.now()
        if waiting == 0 || queued - waiting > taken {
            taken = queued - waiting
            progress = now
        } else if now - progress >= TimeAmount(patience.taking) {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = NIODeadline.now()
        let begun = begun ?? now
        self.begun = begun
        guard now - begun < TimeAmount(patience.sending) else {
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        queued += unwrapOutboundIn(data).readableBytes
        begun = nil
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, end == nil {
            let here = NIOLoopBound(context, eventLoop: context.eventLoop)
            end = context.eventLoop.scheduleTask(in: TimeAmount(patience.ending)) {
                here.value.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
