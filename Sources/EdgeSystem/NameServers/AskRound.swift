internal import EdgeCore
internal import NIOCore
internal import NIOPosix

/// One server's questions on one event loop: what is in flight, what is asked again, when it ends.
///
/// A question keeps its ID until it is settled, so that a late answer is an answer too. It holds a place in
/// the window for `firstPause` only: one that is never answered holds up no other.
final class AskRound {
    /// The most questions in flight.
    static let widest = 128
    /// In flight before the server answered anything: a dead one is not flooded.
    static let narrowest = 8
    /// How long a question has a place in the window, and the pause before it is asked again; the pauses
    /// after it are doubled, three times at most.
    static let firstPause: TimeAmount = .milliseconds(250)
    /// With more unanswered questions than this, those that wait to be asked again give their IDs up.
    static let mostIDs = 16_384

    /// A question on its way to be asked.
    private struct Ticket {
        var item: Int
        var tries = 0
        /// Its ID, from its first sending on.
        var id: UInt16?
    }

    private struct Query {
        var item: Int
        var tries: Int
        var hasOPT: Bool
        /// Whether it has a place in the window.
        var isInFlight = true
    }

    private struct Slot {
        var id: UInt16
        var item: Int
        var tries: Int
        var end: NIODeadline
    }

    private let server: NameServerSettings
    private let loop: any EventLoop
    private let done: EventLoopPromise<AskSheet.Answers>
    private let end: NIODeadline
    private var sheet: AskSheet
    private var open: Int
    /// The first item that was not asked yet.
    private var next = 0
    /// What is to be asked again, behind all that was not asked yet.
    private var again = CircularBuffer<Ticket>()
    private var resting: [(due: NIODeadline, ticket: Ticket)] = []
    private var queries = MessageIDs<Query>()
    /// Places in the window, in the order in which they end.
    private var slots = CircularBuffer<Slot>()
    private var inFlight = 0
    private var window = AskRound.narrowest
    /// Items to be asked without OPT, and whether all are, for the server speaks no EDNS.
    private var plain: Set<Int> = []
    private var isPlain = false
    private var random = SystemRandomNumberGenerator()
    private var channel: (any Channel)?
    private var overTCP: AskOverTCP?
    private var timer: Scheduled<Void>?
    private var isOver = false
    private var hasAnswered = false

    init(
        _ questions: [ZoneQuestion], server: NameServerSettings, patience: Duration,
        loop: any EventLoop, done: EventLoopPromise<AskSheet.Answers>
    ) {
        self.server = server
        self.loop = loop
        self.done = done
        // In no order, so that zones that are not answered for stand between others.
        sheet = AskSheet(questions.shuffled(using: &random))
        open = sheet.items.count
        end = .now() + .nanoseconds(max(0, patience.inNanoseconds))
    }

    func begin() {
        guard open > 0 else { return finish() }
        let address: SocketAddress
        do {
            address = try SocketAddress(
                ipAddress: server.address.description, port: Int(server.port))
        } catch {
            return finish(.unreachable(reason: "\(error)"))
        }
        let handler = NIOLoopBound(self, eventLoop: loop)
        // Connected: the system drops what comes from anywhere else (RFC 5452 §9.1).
        DatagramBootstrap(group: loop)
            .channelOption(.socketOption(.so_rcvbuf), value: 1 << 20)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AskDatagramHandler(round: handler.value))
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    guard !self.isOver else {
                        channel.close(promise: nil)
                        return
                    }
                    self.channel = channel
                    self.fill()
                    self.tick()
                case .failure(let error):
                    self.finish(.unreachable(reason: MessageStream.words(error)))
                }
            }
    }

    /// Asks everything over TCP.
    func beginOverTCP() {
        guard open > 0 else { return finish() }
        timer = loop.assumeIsolated().scheduleTask(deadline: end) { self.finish() }
        for item in sheet.items.indices where !isOver {
            askOverTCP(Query(item: item, tries: 0, hasOPT: true))
        }
    }

    // MARK: Asking

    private func fill() {
        guard let channel, !isOver else { return }
        var hasWritten = false
        while inFlight < window, let ticket = nextTicket() {
            if sheet.isSettled(ticket.item) {
                drop(ticket)
            } else {
                send(ticket, over: channel)
                hasWritten = true
            }
        }
        if hasWritten { channel.flush() }
        finishIfDone()
    }

    private func nextTicket() -> Ticket? {
        if next < sheet.items.count {
            defer { next += 1 }
            return Ticket(item: next)
        }
        while let ticket = again.popFirst() {
            guard let id = ticket.id else { return ticket }
            // Otherwise it was answered meanwhile, and the ID may be another question's.
            if let query = queries[id], query.item == ticket.item, !query.isInFlight {
                return ticket
            }
        }
        return nil
    }

    private func send(_ ticket: Ticket, over channel: any Channel) {
        guard let id = ticket.id ?? queries.free(using: &random) else {
            again.append(ticket)
            return
        }
        let hasOPT = !isPlain && !plain.contains(ticket.item)
        queries[id] = Query(item: ticket.item, tries: ticket.tries, hasOPT: hasOPT)
        slots.append(
            Slot(
                id: id, item: ticket.item, tries: ticket.tries, end: .now() + Self.firstPause))
        inFlight += 1
        let bytes = sheet.items[ticket.item].question.message(id: id, hasOPT: hasOPT)
        channel.write(channel.allocator.buffer(bytes: bytes), promise: nil)
    }

    /// A question whose zone is known to be at fault needs no answer.
    private func drop(_ ticket: Ticket) {
        if let id = ticket.id { queries[id] = nil }
        sheet.fail(ticket.item, .silent)
        open -= 1
    }

    /// Asks again what was not answered in time; fewer at once, for it was too much.
    private func tick() {
        guard !isOver else { return }
        let now = NIODeadline.now()
        guard now < end else { return finish() }
        endSlots(now)
        resting.removeAll { rest in
            guard rest.due <= now else { return false }
            again.append(rest.ticket)
            return true
        }
        fill()
        guard !isOver else { return }
        let pause = min(.milliseconds(50), end - now)
        timer = loop.assumeIsolated().scheduleTask(in: pause) { self.tick() }
    }

    /// Frees the places of what was not answered in time.
    private func endSlots(_ now: NIODeadline) {
        var isLate = false
        while let slot = slots.first, slot.end <= now {
            slots.removeFirst()
            guard var query = queries[slot.id], query.item == slot.item,
                query.tries == slot.tries, query.isInFlight
            else { continue }
            query.isInFlight = false
            inFlight -= 1
            isLate = isLate || slot.tries == 0
            var ticket = Ticket(item: slot.item, tries: slot.tries + 1, id: slot.id)
            if queries.count > Self.mostIDs {
                queries[slot.id] = nil
                ticket.id = nil
            } else {
                queries[slot.id] = query
            }
            let pause = Self.firstPause * ((1 << min(slot.tries, 3)) - 1)
            resting.append((due: slot.end + pause, ticket: ticket))
        }
        if isLate { window = max(Self.narrowest, window / 2) }
    }

    // MARK: Answers

    /// An answer over UDP; anything that is none to an open question is dropped. One that can't be read is
    /// noted only: it may be forged, and the right one still come.
    func received(_ bytes: [UInt8]) {
        guard !isOver, let id = DNSReply.id(of: bytes), let query = queries[id] else { return }
        let reply: DNSReply
        do throws(DNSReply.Fault) {
            reply = try DNSReply(bytes, to: sheet.items[query.item].question, id: id)
        } catch {
            if case .malformed(let fault) = error {
                hasAnswered = true
                sheet.doubt(query.item, reason: "it \(fault.reason)")
            }
            return
        }
        queries[id] = nil
        if query.isInFlight { inFlight -= 1 }
        hasAnswered = true
        window = min(Self.widest, window + 4)
        if reply.refusesEDNS, query.hasOPT {
            // Under another ID: a second copy of this answer must not settle it.
            plain.insert(query.item)
            again.append(Ticket(item: query.item))
        } else {
            isPlain = isPlain || (!query.hasOPT && !reply.refusesEDNS)
            if reply.isTruncated {
                askOverTCP(query)
            } else {
                settle(query.item, .success(reply))
            }
        }
        fill()
    }

    private func settle(_ item: Int, _ answer: Result<DNSReply, ServedFault>) {
        switch answer {
        case .success(let reply): sheet.take(reply, for: item)
        case .failure(let fault): sheet.fail(item, fault)
        }
        open -= 1
    }

    /// The system reports that nobody listens there.
    func refused(_ error: any Error) {
        guard !isOver, !hasAnswered else { return }
        finish(.unreachable(reason: MessageStream.words(error)))
    }

    private func askOverTCP(_ query: Query) {
        let overTCP =
            overTCP
            ?? AskOverTCP(server: server, loop: loop) { [self] item, answer in
                guard !isOver else { return }
                settle(item, answer)
                finishIfDone()
            }
        self.overTCP = overTCP
        overTCP.ask(
            AskOverTCP.Ticket(
                item: query.item, question: sheet.items[query.item].question,
                hasOPT: query.hasOPT))
    }

    private func finishIfDone() {
        if open == 0 { finish() }
    }

    /// Ends the round; zones with questions left are silent, or what `fault` says.
    func finish(_ fault: ServedFault = .silent) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        overTCP?.close()
        let answers = sheet.answers(unfinished: fault)
        guard let channel else { return done.succeed(answers) }
        channel.close(promise: nil)
        done.succeed(answers)
    }
}

/// Hands datagrams to their round.
private final class AskDatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = ByteBuffer

    private let round: AskRound

    init(round: AskRound) {
        self.round = round
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        round.received(Array(buffer: unwrapInboundIn(data).data))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        round.refused(error)
    }
}
