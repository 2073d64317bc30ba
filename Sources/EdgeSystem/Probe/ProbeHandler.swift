internal import EdgeCore
internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// One attempt: from connecting to the verdict, as a state machine on one channel.
final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let round: ProbeRound
    private let index: Int
    private let start: NIODeadline
    private var phaseStart: NIODeadline
    private let requestText: ByteBuffer?
    private let security: TLSProbe?
    private var parser: ResponseParser
    private var channel: (any Channel)?

    /// Which part is going on.
    private(set) var phase = ProbePhase.connect
    /// How long the parts that have ended took.
    private(set) var phases = ProbePhases()
    /// When the certificate that was shown ends; nil: none was.
    private(set) var certificateExpiry: UnixTime?

    init(
        round: ProbeRound, index: Int, start: NIODeadline, requestText: ByteBuffer?,
        security: TLSProbe?
    ) {
        self.round = round
        self.index = index
        self.start = start
        self.requestText = requestText
        self.security = security
        phaseStart = start
        parser = ResponseParser(expected: round.plan.expectedBody)
    }

    /// Becomes part of a channel that is about to connect.
    func install(in channel: any Channel) throws {
        self.channel = channel
        let pipeline = channel.pipeline.syncOperations
        if let security { try pipeline.addHandler(security.handler) }
        try pipeline.addHandler(self)
    }

    /// Closes the connection at once: TLS's own parting words would keep the descriptor.
    func close() {
        guard let channel else { return }
        self.channel = nil
        let pipeline = channel.pipeline.syncOperations
        if let security, let context = try? pipeline.context(handler: security.handler) {
            context.close(mode: .all, promise: nil)
        } else {
            channel.close(mode: .all, promise: nil)
        }
    }

    // MARK: Events

    func channelActive(context: ChannelHandlerContext) {
        phases.connect = endPhase(at: round.clock.now())
        guard let requestText else { return settle(.ok(fetchTime: phases.connect ?? .zero)) }
        if security == nil {
            ask(requestText, context)
        } else {
            phase = .tls
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard phase == .tls, case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent,
            let requestText
        else { return context.fireUserInboundEventTriggered(event) }
        phases.tls = endPhase(at: round.clock.now())
        if let security, let reason = security.complaint() {
            certificateExpiry = security.certificateExpiry
            return settle(.tls(reason: reason))
        }
        ask(requestText, context)
        // The request is on its way: what this takes is in nobody's measurement.
        certificateExpiry = security?.certificateExpiry
    }

    private func ask(_ text: ByteBuffer, _ context: ChannelHandlerContext) {
        phase = .processing
        context.writeAndFlush(wrapOutboundOut(text), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard channel != nil else { return }
        let verdict = unwrapInboundIn(data).withUnsafeReadableBytes { parser.read($0) }
        if phase == .processing && parser.hasStatusLine {
            phases.processing = endPhase(at: round.clock.now())
            phase = .transfer
        }
        if let verdict { end(verdict) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch phase {
        case .resolve, .connect: break
        case .tls: settle(.tls(reason: "closed during the handshake"))
        case .processing, .transfer: end(parser.readEnd())
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .resolve, .connect: break
        case .tls:
            certificateExpiry = security?.certificateExpiry
            settle(tlsOutcome(of: error))
        case .processing, .transfer:
            // An answer may end without TLS's parting words: it is compared byte for byte anyhow.
            if case NIOSSLError.uncleanShutdown = error { return end(parser.readEnd()) }
            settle(outcome(of: error))
        }
    }

    // MARK: Outcomes

    private func endPhase(at now: NIODeadline) -> Duration {
        defer { phaseStart = now }
        return Duration(now - phaseStart)
    }

    private func end(_ verdict: ResponseVerdict) {
        let now = round.clock.now()
        if phase == .transfer { phases.transfer = endPhase(at: now) }
        switch verdict {
        case .object: settle(.ok(fetchTime: Duration(now - start)))
        case .failure(let outcome): settle(outcome)
        }
    }

    private func settle(_ outcome: ProbeOutcome) {
        guard channel != nil else { return }
        round.attemptEnded(index, outcome)
    }

    private func tlsOutcome(of error: any Error) -> ProbeOutcome {
        if let error = error as? IOError {
            guard error.errnoCode == ECONNRESET, round.plan.steady == nil else {
                return outcome(of: error)
            }
            return .tls(reason: "connection reset during the handshake")
        }
        return .tls(reason: security?.reason(of: error) ?? "failed")
    }

    private func outcome(of error: any Error) -> ProbeOutcome {
        guard let error = error as? IOError else {
            return .protocolError(reason: NetworkText.printable("\(error)"))
        }
        switch error.errnoCode {
        case ECONNRESET, EPIPE:
            // The classic judge's words are those that it always had.
            return round.plan.steady == nil
                ? .protocolError(reason: "connection reset") : .reset(phase)
        case ETIMEDOUT: return .timeout(phase)
        case ENOBUFS, ENOMEM: return .localFault(reason: "out of memory for sockets")
        default: return .unreachable(reason: ConnectFailure.text(of: error.errnoCode))
        }
    }
}
