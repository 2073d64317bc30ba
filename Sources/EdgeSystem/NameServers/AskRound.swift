internal import EdgeCore
internal import NIOCore
internal import NIOPosix

/// One server's questions on one event loop: what is in flight, what is asked again, when it ends.
final class AskRound {
    /// The most questions in flight.
    static let widest = 128
    /// In flight before the server answered anything: a dead one is not flooded.
    static let narrowest = 8
    /// The pause before a question is asked again; doubled each time.
    static let firstPause: TimeAmount = .milliseconds(250)

    private struct Flight {
        var item: Int
        var tries: Int
        var deadline: NIODeadline
    }

    private let server: NameServerSettings
    private let loop: any EventLoop
    private let done: EventLoopPromise<AskSheet.Answers>
    private let end: NIODeadline
    private var sheet: AskSheet
    private var next = 0
    private var open: Int
    private var flights: [UInt16: Flight] = [:]
    private var window = AskRound.narrowest
    private var random = SystemRandomNumberGenerator()
    private var channel: (any Channel)?
    private var stream: AskStream?
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
        sheet = AskSheet(questions)
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
                case .failure(let error): self.finish(.unreachable(reason: Self.words(error)))
                }
            }
    }

    /// What the system says of a failed connection.
    static func words(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode)).lowercased()
    }

    // MARK: Asking

    private func fill() {
        guard let channel, !isOver else { return }
        var hasWritten = false
        while flights.count < window, next < sheet.items.count {
            let item = next
            next += 1
            if sheet.isSettled(item) {
                skip(item)
                continue
            }
            send(Flight(item: item, tries: 0, deadline: .now()), over: channel)
            hasWritten = true
        }
        if hasWritten { channel.flush() }
        finishIfDone()
    }

    private func send(_ flight: Flight, over channel: any Channel) {
        var id = UInt16.random(in: .min ... .max, using: &random)
        while flights[id] != nil { id = id &+ 1 }
        var flight = flight
        flight.deadline = .now() + Self.firstPause * (1 << min(flight.tries, 3))
        flights[id] = flight
        let bytes = sheet.items[flight.item].question.message(id: id)
        channel.write(channel.allocator.buffer(bytes: bytes), promise: nil)
    }

    private func skip(_ item: Int) {
        sheet.fail(item, .silent)
        open -= 1
    }

    /// Asks again what was not answered in time; fewer at once, for it was too much.
    private func tick() {
        guard !isOver else { return }
        let now = NIODeadline.now()
        guard now < end else { return finish() }
        let late = flights.filter { $0.value.deadline <= now }
        if !late.isEmpty, let channel {
            window = max(Self.narrowest, window / 2)
            for (id, flight) in late.sorted(by: { $0.value.item < $1.value.item }) {
                flights[id] = nil
                if sheet.isSettled(flight.item) {
                    skip(flight.item)
                } else {
                    send(
                        Flight(item: flight.item, tries: flight.tries + 1, deadline: now),
                        over: channel)
                }
            }
            channel.flush()
            fill()
        }
        guard !isOver else { return }
        let pause = min(.milliseconds(50), end - now)
        timer = loop.assumeIsolated().scheduleTask(in: pause) { self.tick() }
    }

    // MARK: Answers

    /// An answer over UDP; anything that is none to a question in flight is dropped.
    func received(_ bytes: [UInt8]) {
        guard !isOver, let id = DNSReply.id(of: bytes), let flight = flights[id],
            let reply = try? DNSReply(bytes, to: sheet.items[flight.item].question, id: id)
        else { return }
        flights[id] = nil
        hasAnswered = true
        window = min(Self.widest, window + 4)
        if reply.isTruncated {
            askOverTCP(flight.item)
        } else {
            settle(flight.item, reply)
        }
        fill()
    }

    private func settle(_ item: Int, _ reply: DNSReply) {
        sheet.take(reply, for: item)
        open -= 1
    }

    /// The system reports that nobody listens there.
    func refused(_ error: any Error) {
        guard !isOver, !hasAnswered else { return }
        finish(.unreachable(reason: Self.words(error)))
    }

    private func askOverTCP(_ item: Int) {
        if stream == nil {
            let stream = AskStream(server: server, loop: loop)
            self.stream = stream
            stream.open { [self] in streamEnded($0, hasOpen: $1) }
        }
        stream?.ask(sheet.items[item].question, using: &random) { [self] reply in
            guard !isOver else { return }
            settle(item, reply)
            finishIfDone()
        }
    }

    /// What was waited for over TCP gets no answer; an idle connection may close.
    private func streamEnded(_ failure: String, hasOpen: Bool) {
        stream = nil
        guard !isOver, hasOpen else { return }
        finish(.unreachable(reason: "over TCP: \(failure)"))
    }

    private func finishIfDone() {
        if open == 0 { finish() }
    }

    /// Ends the round; zones with questions left are silent, or what `fault` says.
    func finish(_ fault: ServedFault = .silent) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        stream?.close()
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
