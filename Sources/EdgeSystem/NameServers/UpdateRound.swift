internal import EdgeCore
internal import NIOCore

/// One server's updates on one event loop, over a few connections, several in flight on each.
///
/// As long as answers come, a connection that is lost is followed by another one; what was in flight on it
/// is sent again, since the prerequisites let it be done only once. A server that takes connections and
/// answers nothing is given up soon.
final class UpdateRound {
    /// How many connections are used at most.
    static let width = 4
    /// How many updates are in flight on each: a server may answer them in any order.
    static let deepest = 8
    /// How many connections in a row may end without an answer on any.
    static let mostFruitless = 4
    /// How often one update is sent at most.
    static let mostSendings = 3

    private struct Flight {
        var index: Int
        var message: UpdateMessage
        /// Counts up, to tell the oldest.
        var order: Int
    }

    /// One connection and what is in flight on it.
    private final class Lane {
        let stream: MessageStream
        var flights = MessageIDs<Flight>()
        var isConnected = false
        var sent = 0
        var answered = 0

        init(stream: MessageStream) {
            self.stream = stream
        }
    }

    /// What a round is asked to do.
    struct Order {
        var updates: [ZoneUpdate]
        var key: TSIGKey
        var server: NameServerSettings
        /// Now, by which messages are signed.
        var now: UnixTime
        var patience: Duration
        /// Whether no newer plan was published: asked right before each message is sent (I5).
        var isCurrent: @Sendable () throws -> Bool
    }

    private let order: Order
    private let started = NIODeadline.now()
    private let loop: any EventLoop
    private let done: EventLoopPromise<[ZoneName: UpdateFault?]>
    private var faults: [ZoneName: UpdateFault?] = [:]
    /// The first update that was not sent yet.
    private var next = 0
    /// Updates that were in flight on lost connections.
    private var again = CircularBuffer<Int>()
    private var sendings: [Int]
    private var lanes: [ObjectIdentifier: Lane] = [:]
    private var depth = UpdateRound.deepest
    /// How many updates are sent on one connection: some servers answer only so many.
    private var quota = Int.max
    private var fruitless = 0
    private var sent = 0
    /// Why nothing is sent any more.
    private var giveUp: UpdateFault?
    private var random = SystemRandomNumberGenerator()
    private var timer: Scheduled<Void>?
    private var isOver = false

    init(
        _ order: Order, loop: any EventLoop, done: EventLoopPromise<[ZoneName: UpdateFault?]>
    ) {
        self.order = order
        self.loop = loop
        self.done = done
        sendings = Array(repeating: 0, count: order.updates.count)
    }

    private var updates: [ZoneUpdate] { order.updates }
    private var waits: Int { updates.count - next + again.count }

    /// Now, by the clock that nobody sets.
    private var now: UnixTime {
        order.now.adding(.nanoseconds((NIODeadline.now() - started).nanoseconds))
    }

    func begin() {
        let end = started + .nanoseconds(max(0, order.patience.inNanoseconds))
        timer = loop.assumeIsolated().scheduleTask(deadline: end) { self.finish() }
        for _ in 0..<min(Self.width, updates.count) { openLane() }
    }

    // MARK: Sending

    private func openLane() {
        let lane = Lane(stream: MessageStream(loop: loop))
        lanes[ObjectIdentifier(lane)] = lane
        lane.stream.open(
            to: order.server,
            ready: { [self] in
                lane.isConnected = true
                fill(lane)
            },
            received: { [self] in received($0, on: lane) },
            ended: { [self] in ended(lane, because: $0) })
    }

    /// Puts as many updates on a connection as may be in flight.
    private func fill(_ lane: Lane) {
        guard !isOver, lane.isConnected else { return }
        while waits > 0, lane.flights.count < depth, lane.sent < quota,
            let id = lane.flights.free(using: &random)
        {
            if let fault = staleness() {
                stop(fault)
                break
            }
            let index = again.popFirst() ?? next
            if index == next { next += 1 }
            do throws(UpdateFault) {
                let message = try UpdateMessage(
                    updates[index], id: id, key: order.key, time: now)
                sent += 1
                lane.sent += 1
                sendings[index] += 1
                lane.flights[id] = Flight(index: index, message: message, order: sent)
                lane.stream.send(message.bytes)
            } catch {
                faults[updates[index].zone] = .some(error)
            }
        }
        lane.stream.flush()
        finishIfDone()
    }

    /// Why nothing may be sent any more; nil: the plan is the newest one.
    private func staleness() -> UpdateFault? {
        do {
            return try order.isCurrent() ? nil : .superseded
        } catch {
            return .unconfirmed(reason: "\(error)")
        }
    }

    /// Sends nothing more; what is in flight may still be answered.
    private func stop(_ fault: UpdateFault) {
        giveUp = fault
        while let index = again.popFirst() { faults[updates[index].zone] = .some(fault) }
        for update in updates[next...] { faults[update.zone] = .some(fault) }
        next = updates.count
    }

    // MARK: Answers

    private func received(_ bytes: [UInt8], on lane: Lane) {
        guard !isOver else { return }
        // An answer that nobody asked for is held against the one that waits longest: it is owed one.
        let oldest = lane.flights.all.min { $0.order < $1.order }?.message.id
        guard
            let id = DNSReply.id(of: bytes).flatMap({ lane.flights[$0] == nil ? nil : $0 })
                ?? oldest, let flight = lane.flights[id]
        else { return }
        lane.flights[id] = nil
        lane.answered += 1
        fruitless = 0
        faults[updates[flight.index].zone] = .some(flight.message.fault(in: bytes, now: now))
        proceed(on: lane)
    }

    /// Goes on over a connection, or over a new one when it has carried what it may.
    private func proceed(on lane: Lane) {
        if waits > 0, lane.sent >= quota, lane.flights.isEmpty {
            lanes[ObjectIdentifier(lane)] = nil
            lane.stream.close()
            openLane()
        } else {
            fill(lane)
        }
    }

    private func ended(_ lane: Lane, because reason: String) {
        lanes[ObjectIdentifier(lane)] = nil
        guard !isOver else { return }
        let fault = UpdateFault.unreachable(reason: reason)
        if lane.answered == 0 { fruitless += 1 }
        let lost = lane.flights.removeAll().sorted { $0.order < $1.order }
        // One that was alone on a connection without an answer is what ended it.
        let isCulprit = lost.count == 1 && lane.answered == 0
        for flight in lost {
            if isCulprit || giveUp != nil || sendings[flight.index] >= Self.mostSendings {
                faults[updates[flight.index].zone] = .some(fault)
            } else {
                again.append(flight.index)
            }
        }
        if lane.answered > 0, !lost.isEmpty { quota = min(quota, lane.answered) }
        let isLastTry = lost.contains { sendings[$0.index] >= Self.mostSendings - 1 }
        if !lost.isEmpty, lane.answered == 0 || isLastTry {
            // One by one, until it shows which of them ends connections.
            depth = 1
        }
        if waits > 0 {
            if fruitless >= Self.mostFruitless || (!lane.isConnected && lanes.isEmpty) {
                stop(fault)
            } else if lane.isConnected, lanes.count < min(Self.width, waits) {
                openLane()
            } else {
                for other in Array(lanes.values) { proceed(on: other) }
            }
        }
        finishIfDone()
    }

    private func finishIfDone() {
        if waits == 0, lanes.values.allSatisfy({ $0.flights.isEmpty }) { finish() }
    }

    /// Ends the round; what was not answered for is silent: it may have been done.
    func finish() {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        for lane in lanes.values { lane.stream.close() }
        lanes = [:]
        for update in updates where faults[update.zone] == nil {
            faults[update.zone] = .some(.silent)
        }
        done.succeed(faults)
    }
}
