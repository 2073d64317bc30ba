import ArgumentParser
import AsyncHTTPClient
import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// Brings an operator's order to the daemon, which obeys at once; where none runs, writes it down for the next
/// run.
struct OrderDispatch: Sendable {
    let configuration: Configuration
    let source: ConfigurationOptions

    /// How long an order may take: a round with edges and name servers that don't answer.
    static let patience: TimeAmount = .seconds(120)
    /// After so long it is said that the daemon is waited for.
    static let silence: Duration = .seconds(5)

    /// Sends an order, and prints what came of it.
    ///
    /// - Throws: exit status 1 when it was refused or something is wrong, 2 when the order itself is.
    func send(_ order: Order, to settings: NetworkSettings) async throws {
        let reply: OrderReply
        if let answer = try await ask(order, settings) {
            reply = answer
        } else {
            reply = try await writeDown(order, settings)
        }
        for line in reply.done { Terminal.say(Terminal.painted(line)) }
        for line in reply.warnings {
            Terminal.say("edgemanage: \(line)", to: .standardError)
        }
        if !reply.warnings.isEmpty { throw ExitCode(1) }
    }

    /// Without a daemon.
    private func writeDown(
        _ order: Order, _ settings: NetworkSettings
    ) async throws -> OrderReply {
        let bench = try Workplace(settings: settings, isVerbose: false)
        let desk = OperatorDesk(
            settings: settings, store: bench.store, log: bench.log, actor: Actor.name)
        do throws(OrderRefusal) {
            let written = try await desk.write(order)
            var reply = written.reply
            reply.warnings += bench.warnings
            guard written.asksForARound else { return reply }
            switch DaemonSeat.occupancy(settings) {
            case .unknown:
                reply.done.append(
                    "the DNS is as it was: the next run of network \(settings.network) obeys it")
            case .taken:
                reply.done.append(
                    "the DNS is as it was: the daemon's next round of network \(settings.network) obeys it"
                )
                if let path = try? socketPath() {
                    reply.warnings.append(
                        "the daemon runs, and its socket \(path) is gone: start it anew, so that it "
                            + "obeys at once")
                }
            case .vacant:
                reply.warnings.append(
                    "it is noted, and the DNS is as it was, for the daemon does not run: start it "
                        + "(systemctl start edgemanage)")
            }
            return reply
        } catch {
            throw CommandFailure(message: error.message, status: error.status)
        }
    }

    /// How the daemon is reached: at once or not at all. Where nobody listens that is known at once, and asking
    /// again would cost every command ten seconds beside a socket that a killed daemon left behind.
    private static var manner: HTTPClient.Configuration {
        var manner = HTTPClient.Configuration(timeout: .init(connect: .seconds(2)))
        manner.connectionPool.retryConnectionEstablishment = false
        return manner
    }

    /// What the daemon says; nil: none runs, or not this network.
    private func ask(
        _ order: Order, _ settings: NetworkSettings
    ) async throws -> OrderReply? {
        guard let path = try socketPath(), access(path, F_OK) == 0 else { return nil }
        var (method, place, body) = try Self.request(order, network: settings.network)
        guard let url = URL(httpURLWithSocketPath: path, uri: place) else { return nil }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.headers.add(name: "X-Edgemanage-Actor", value: Actor.name)
        request.headers.add(name: "Content-Type", value: "application/json")
        if method == .POST { request.body = .bytes(ByteBuffer(bytes: body)) }
        body = []
        let client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: Self.manner)
        let response: HTTPClientResponse
        let bytes: ByteBuffer
        let hint = Task {
            try await Task.sleep(for: Self.silence)
            Terminal.say(
                "edgemanage: the daemon at \(path) has not answered yet: waiting for it, 2 minutes at most",
                to: .standardError)
        }
        defer { hint.cancel() }
        do {
            response = try await client.execute(request, timeout: Self.patience)
            bytes = try await response.body.collect(upTo: 1 << 20)
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            if Self.means([ECONNREFUSED, ENOENT], error) { return nil }
            if Self.means([EACCES, EPERM], error) {
                throw CommandFailure(
                    message:
                        "you may not give orders to the daemon at \(path): be root, the daemon's user, or in "
                        + "the group of server.group")
            }
            throw CommandFailure(
                message:
                    "the daemon at \(path) did not answer: \(error); see edgemanage status for what "
                    + "came of it")
        }
        return try reply(response, bytes, path: path)
    }

    private func reply(
        _ response: HTTPClientResponse, _ bytes: ByteBuffer, path: String
    ) throws -> OrderReply? {
        let data = Data(bytes.readableBytesView)
        if response.status == .ok {
            return try JSONDecoder().decode(OrderReply.self, from: data)
        }
        let failure = try? JSONDecoder().decode(Failure.self, from: data)
        guard let failure else {
            throw CommandFailure(message: "the daemon at \(path) answered \(response.status)")
        }
        if failure.code == "no-network" { return nil }
        let kind = OrderRefusal.Kind(rawValue: failure.code)
        throw CommandFailure(
            message: failure.error, status: kind.map { OrderRefusal($0, "").status } ?? 1)
    }

    private struct Failure: Decodable {
        var error: String
        var code: String
    }

    private func socketPath() throws -> String? {
        let networks = try source.settings(configuration, networks: [])
        return configuration.server.socketPath(besides: networks.first?.database ?? "")
    }

    /// Whether the socket could not be connected to, for one of these reasons: a killed daemon left it behind, or
    /// it is not for everybody.
    private static func means(_ codes: Set<Int32>, _ error: any Error) -> Bool {
        if let error = error as? NIOConnectionError {
            return error.connectionErrors.allSatisfy { means(codes, $0.error) }
        }
        return (error as? IOError).map { codes.contains($0.errnoCode) } ?? false
    }
}

extension OrderRefusal {
    /// The exit status.
    fileprivate var status: Int32 {
        switch kind {
        case .malformed: 2
        case .unknown, .refused, .failed, .stopping: 1
        }
    }
}

extension OrderDispatch {
    /// An order as a request to the API.
    private static func request(
        _ order: Order, network: NetworkName
    ) throws -> (method: HTTPMethod, place: String, body: [UInt8]) {
        let root = "/api/v1/networks/\(network)"
        func post(_ place: String, _ body: Body) throws -> (HTTPMethod, String, [UInt8]) {
            (.POST, root + place, Array(try JSONEncoder().encode(body)))
        }
        func time(_ length: Duration?) -> String? { length.map { DurationText.text($0) } }
        switch order {
        case .mode(let edge, let mode, let comment, let length, let insists):
            guard let name = EdgeName(edge) else {
                throw CommandFailure(
                    message: "network \(network) has no edge of this name: see edgemanage status")
            }
            return try post(
                "/edges/\(name)/mode",
                Body(
                    mode: mode.rawValue, comment: comment, length: time(length), insist: insists))
        case .hold(let reason, let length):
            return try post("/hold", Body(reason: reason, length: time(length)))
        case .resume: return (.DELETE, root + "/hold", [])
        case .approve(let zone): return try post("/approve", Body(zone: zone))
        case .round: return try post("/round", Body())
        }
    }

    private struct Body: Encodable {
        var mode: String?
        var comment: String?
        var reason: String?
        var zone: String?
        var length: String?
        var insist: Bool?

        enum CodingKeys: String, CodingKey {
            case mode, comment, reason, zone, insist
            case length = "for"
        }
    }
}
