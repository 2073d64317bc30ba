internal import EdgeCore
internal import NIOCore

/// One server's updates on one event loop, over a few connections, several in flight on each.
final class UpdateRound {
    /// How many connections are used at most.
    static let width = 4
    /// How many updates are in flight on each: a server may answer them in any order.
    static let depth = 8
    /// How often a lost connection is opened anew.
    static let mostConnections = 12

    private let updates: [ZoneUpdate]
    private let key: TSIGKey
    private let server: NameServerSettings
    private let now: UnixTime
    private let started = NIODeadline.now()
    private let loop: any EventLoop
    private let done: EventLoopPromise<[ZoneName: UpdateFault?]>
    private let end: NIODeadline
    private var faults: [ZoneName: UpdateFault?] = [:]
    private var next = 0
    private var streams: [ObjectIdentifier: UpdateStream] = [:]
    private var opened = 0
    private var random = SystemRandomNumberGenerator()
    private var timer: Scheduled<Void>?
    private var isOver = false

    init(
        _ updates: [ZoneUpdate], key: TSIGKey, server: NameServerSettings, now: UnixTime,
        patience: Duration, loop: any EventLoop,
        done: EventLoopPromise<[ZoneName: UpdateFault?]>
    ) {
        self.updates = updates
        self.key = key
        self.server = server
        self.now = now
        self.loop = loop
        self.done = done
        end = .now() + .nanoseconds(max(0, patience.inNanoseconds))
    }

    func begin() {
        timer = loop.assumeIsolated().scheduleTask(deadline: end) { self.finish() }
        for _ in 0..<min(Self.width, updates.count) { openStream() }
    }

    private func openStream() {
        guard !isOver, opened < Self.mostConnections else { return }
        opened += 1
        let stream = UpdateStream(server: server, loop: loop)
        streams[ObjectIdentifier(stream)] = stream
        stream.open(
            ready: { [self] in fill(stream) },
            answered: { [self] in answered($0, by: stream) },
            ended: { [self] in ended(stream, because: $0) })
    }

    /// Puts as many updates on a connection as may be in flight.
    private func fill(_ stream: UpdateStream) {
        guard !isOver else { return }
        while stream.waiting.count < Self.depth, next < updates.count {
            let index = next
            next += 1
            var id = UInt16.random(in: .min ... .max, using: &random)
            while stream.waiting[id] != nil { id = id &+ 1 }
            do throws(UpdateFault) {
                let message = try UpdateMessage(updates[index], id: id, key: key)
                stream.send(message, for: index)
            } catch {
                faults[updates[index].zone] = .some(error)
            }
        }
        stream.flush()
        finishIfDone()
    }

    private func answered(_ bytes: [UInt8], by stream: UpdateStream) {
        guard !isOver else { return }
        // An answer that nobody asked for is held against the one that waits longest: it is owed one.
        guard
            let id = DNSReply.id(of: bytes).flatMap({ stream.waiting[$0] == nil ? nil : $0 })
                ?? stream.oldest, let flight = stream.take(id)
        else { return }
        let passed = Duration.nanoseconds((NIODeadline.now() - started).nanoseconds)
        let fault = flight.message.fault(in: bytes, now: now.adding(passed))
        faults[updates[flight.index].zone] = .some(fault)
        fill(stream)
    }

    /// What was in flight on a lost connection may have been done; the rest goes over another one.
    private func ended(_ stream: UpdateStream, because reason: String) {
        streams[ObjectIdentifier(stream)] = nil
        guard !isOver else { return }
        for flight in stream.waiting.values {
            faults[updates[flight.index].zone] = .some(.unreachable(reason: reason))
        }
        if next < updates.count, stream.hasAnswered {
            openStream()
        } else if next < updates.count, streams.isEmpty {
            for update in updates[next...] {
                faults[update.zone] = .some(.unreachable(reason: reason))
            }
            next = updates.count
        }
        finishIfDone()
    }

    private func finishIfDone() {
        if next == updates.count, streams.values.allSatisfy({ $0.waiting.isEmpty }) { finish() }
    }

    /// Ends the round; what was not answered for is silent: it may have been done.
    func finish() {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        for stream in streams.values { stream.close() }
        for update in updates where faults[update.zone] == nil {
            faults[update.zone] = .some(.silent)
        }
        done.succeed(faults)
    }
}
