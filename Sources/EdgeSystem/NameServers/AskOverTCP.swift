internal import EdgeCore
internal import NIOCore

/// The questions of a round whose answers do not fit into a datagram: over one TCP connection at a time,
/// a window of them in flight (RFC 7766 §6.2.1.1). What becomes of it is no matter of the others.
final class AskOverTCP {
    /// The most questions in flight; the rest waits.
    static let widest = 64

    /// One question, and how it is asked.
    struct Ticket {
        var item: Int
        var question: DNSQuestion
        var hasOPT: Bool
    }

    private struct Flight {
        var ticket: Ticket
        var order: Int
    }

    private let server: NameServerSettings
    private let loop: any EventLoop
    private var settle: ((Int, Result<DNSReply, ServedFault>) -> Void)?
    private var queue = CircularBuffer<Ticket>()
    private var flights = MessageIDs<Flight>()
    private var stream: MessageStream?
    private var isReady = false
    private var window = AskOverTCP.widest
    /// What this connection answered.
    private var answered = 0
    private var sent = 0
    /// Why the server can't be asked over TCP at all.
    private var failure: ServedFault?
    private var random = SystemRandomNumberGenerator()

    /// - Parameter settle: called once with each question's item, unless it is closed before.
    init(
        server: NameServerSettings, loop: any EventLoop,
        settle: @escaping (Int, Result<DNSReply, ServedFault>) -> Void
    ) {
        self.server = server
        self.loop = loop
        self.settle = settle
    }

    func ask(_ ticket: Ticket) {
        if let failure {
            settle?(ticket.item, .failure(failure))
            return
        }
        queue.append(ticket)
        if stream == nil { connect() } else { fill() }
    }

    /// Gives up what is open, and calls nothing any more.
    func close() {
        settle = nil
        stream?.close()
        stream = nil
    }

    private func connect() {
        let stream = MessageStream(loop: loop)
        self.stream = stream
        isReady = false
        answered = 0
        stream.open(
            to: server,
            ready: { [self] in
                isReady = true
                fill()
            }, received: { [self] in received($0) }, ended: { [self] in ended($0) })
    }

    private func fill() {
        guard isReady, let stream else { return }
        while flights.count < window, let id = flights.free(using: &random),
            let ticket = queue.popFirst()
        {
            sent += 1
            flights[id] = Flight(ticket: ticket, order: sent)
            stream.send(ticket.question.message(id: id, hasOPT: ticket.hasOPT))
        }
        stream.flush()
    }

    private func received(_ bytes: [UInt8]) {
        guard let id = DNSReply.id(of: bytes), let flight = flights[id] else { return }
        let ticket = flight.ticket
        let answer: Result<DNSReply, ServedFault>
        do throws(DNSReply.Fault) {
            let reply = try DNSReply(bytes, to: ticket.question, id: id)
            if reply.refusesEDNS, ticket.hasOPT {
                // An answer too: the server is there, and may close the connection after it.
                answered += 1
                flights[id] = nil
                queue.append(Ticket(item: ticket.item, question: ticket.question, hasOPT: false))
                return fill()
            }
            // RFC 2181 §9: what it holds is no whole RRset.
            answer =
                reply.isTruncated
                ? .failure(.malformed(reason: "it is truncated although it came over TCP"))
                : .success(reply)
        } catch {
            guard case .malformed(let fault) = error else { return }
            answer = .failure(.malformed(reason: "it \(fault.reason)"))
        }
        flights[id] = nil
        answered += 1
        settle?(ticket.item, answer)
        fill()
    }

    /// A connection that answered something is followed by another one, so that there is an end; one that
    /// answered nothing is the last. An idle one may close.
    private func ended(_ reason: String) {
        stream = nil
        isReady = false
        let lost = flights.removeAll().sorted { $0.order > $1.order }
        for flight in lost { queue.prepend(flight.ticket) }
        guard !queue.isEmpty else { return }
        if answered > 0 {
            // Some servers answer only so many questions on a connection.
            window = max(1, min(window, answered))
            return connect()
        }
        let fault = ServedFault.unreachable(reason: "over TCP: \(reason)")
        failure = fault
        while let ticket = queue.popFirst() { settle?(ticket.item, .failure(fault)) }
    }
}
