internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Synchronization

/// One edge on loopback.
public final class LoopbackEdge: Sendable {
    /// What it has seen and what it does now.
    struct State {
        var behaviour = LoopbackBehaviour.serve
        var object: [UInt8]
        var port: UInt16
        var listener: (any Channel)?
        /// Connections that only fill a black hole's queue.
        var fillers: [any Channel] = []
        var connections = 0
        var requests = 0
        var requestTimes: [ContinuousClock.Instant] = []
        var lastHost: String?
        var lastServerName: String?
    }

    /// Its address.
    public let address: String
    private let group: MultiThreadedEventLoopGroup
    let security: NIOSSLContext?
    private let state: Mutex<State>

    init(
        group: MultiThreadedEventLoopGroup, address: String, port: UInt16,
        certificate: TestCertificate?, object: [UInt8]
    ) throws {
        self.group = group
        self.address = address
        security = try certificate?.serverContext()
        state = Mutex(State(object: object, port: port))
    }

    /// The port that it listens on, or did before it began to refuse.
    public var port: UInt16 { state.withLock(\.port) }
    /// How many connections it has accepted.
    public var connections: Int { state.withLock(\.connections) }
    /// How many requests it has read.
    public var requests: Int { state.withLock(\.requests) }
    /// When it read each of them.
    public var requestTimes: [ContinuousClock.Instant] { state.withLock(\.requestTimes) }
    /// The Host header of the last request.
    public var lastHost: String? { state.withLock(\.lastHost) }
    /// The server name (SNI) of the last TLS connection; nil when it named none.
    public var lastServerName: String? { state.withLock(\.lastServerName) }
    /// What it does now.
    public var behaviour: LoopbackBehaviour { state.withLock(\.behaviour) }

    /// Gives it another object from the next request on.
    public func serve(_ object: [UInt8]) {
        state.withLock { $0.object = object }
    }

    /// Changes what it does, from the next connection on; the port stays the same.
    public func behave(_ behaviour: LoopbackBehaviour) async throws {
        let before = state.withLock { state in
            defer { state.behaviour = behaviour }
            return state.behaviour
        }
        switch behaviour {
        case .refuse: await stop()
        case .blackHole:
            await stop()
            try await openBlackHole()
        default:
            if before == .blackHole { await stop() }
            if state.withLock({ $0.listener == nil }) { try await listen() }
        }
    }

    /// Stops listening; `behave` listens again.
    public func stop() async {
        let open = state.withLock { state in
            defer {
                state.listener = nil
                state.fillers = []
            }
            return state.fillers + [state.listener].compactMap { $0 }
        }
        for channel in open { try? await channel.close() }
    }

    // MARK: Listening

    private func listen() async throws {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel) }
            }
        keep(try await bind(bootstrap, to: try SocketAddress(ipAddress: address, port: Int(port))))
    }

    /// A listener that never accepts and whose queue is full: Linux then drops what arrives.
    private func openBlackHole() async throws {
        let target = try SocketAddress(ipAddress: address, port: Int(port))
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 0)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
        keep(try await bind(bootstrap, to: target))
        for _ in 0..<4 {
            let filler = try? await ClientBootstrap(group: group)
                .connectTimeout(.milliseconds(100)).connect(to: target).get()
            guard let filler else { return }
            state.withLock { $0.fillers.append(filler) }
        }
    }

    /// Binds, again for a while where the address is still taken: a process that was just forked holds this
    /// one's listeners until it executes its program.
    private func bind(
        _ bootstrap: ServerBootstrap, to target: SocketAddress
    ) async throws -> any Channel {
        for _ in 0..<400 {
            do {
                return try await bootstrap.bind(to: target).get()
            } catch let error as IOError where error.errnoCode == EADDRINUSE {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        return try await bootstrap.bind(to: target).get()
    }

    private func keep(_ channel: any Channel) {
        state.withLock { state in
            state.listener = channel
            state.port = channel.localAddress?.port.flatMap(UInt16.init(exactly:)) ?? state.port
        }
    }

    /// Sets up one accepted connection.
    private func accept(_ channel: any Channel) throws {
        let behaviour = state.withLock { state in
            state.connections += 1
            return state.behaviour
        }
        if behaviour == .stallInHandshake { return }
        let pipeline = channel.pipeline.syncOperations
        guard let security else { return try pipeline.addHandler(LoopbackConnection(edge: self)) }
        let sniffer = SNIHandler { result in
            let name: String? = if case .hostname(let name) = result { name } else { nil }
            self.state.withLock { $0.lastServerName = name }
            return channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(NIOSSLServerHandler(context: security))
                try pipeline.addHandler(LoopbackConnection(edge: self))
            }
        }
        try pipeline.addHandler(ByteToMessageHandler(sniffer))
    }

    /// Notes a request and says how to answer it.
    func answer(to request: [UInt8]) -> [AnswerStep] {
        let host = String(decoding: request, as: UTF8.self).split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("host:") }
        return state.withLock { state in
            state.requests += 1
            state.requestTimes.append(.now)
            state.lastHost = host.map { String($0.dropFirst(5).drop { $0 == " " }) }
            defer {
                if case .inTurn(let turns) = state.behaviour, turns.count > 1 {
                    state.behaviour = .inTurn(Array(turns.dropFirst()))
                }
            }
            return state.behaviour.steps(object: state.object)
        }
    }
}

extension LoopbackEdge {
    /// Whether it speaks TLS.
    public var hasTLS: Bool { security != nil }
}

extension TestCertificate {
    /// What a server that shows it speaks TLS with.
    func serverContext() throws -> NIOSSLContext {
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(
                    try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem))
            ],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
        settings.minimumTLSVersion = .tlsv12
        return try NIOSSLContext(configuration: settings)
    }
}
