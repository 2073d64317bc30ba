internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A receiver of webhooks on loopback that notes what it is sent and answers as told.
public final class LoopbackHook: Sendable {
    /// One request.
    public struct Request: Hashable, Sendable {
        public var method: String
        public var path: String
        /// By name in lower case.
        public var headers: [String: String]
        public var body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// What it does with a request.
    public enum Behaviour: Hashable, Sendable {
        /// Answers with this status and text.
        case answer(Int, String)
        /// Sends the client elsewhere.
        case redirect(String)
        /// Takes the request and says nothing.
        case silence
        /// Begins an answer of this status that never ends.
        case endless(Int)
        /// Closes the connection.
        case hangUp
    }

    private struct State {
        var behaviour = Behaviour.answer(200, "ok")
        var requests: [Request] = []
        var isStopped = false
    }

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let state: Mutex<State>

    /// Its port on 127.0.0.1.
    public let port: UInt16

    /// Starts one on a free port of 127.0.0.1.
    ///
    /// - Parameter certificate: what it shows in TLS; nil, the default: plain HTTP.
    public static func start(certificate: TestCertificate? = nil) async throws -> LoopbackHook {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let security = try certificate?.serverContext()
        let connections = Connections()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let security {
                        try pipeline.addHandler(NIOSSLServerHandler(context: security))
                    }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(HookConnection(connections: connections))
                }
            }
        let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        let hook = LoopbackHook(group: group, listener: listener)
        connections.hook.withLock { $0 = hook }
        return hook
    }

    private init(group: MultiThreadedEventLoopGroup, listener: any Channel) {
        self.group = group
        self.listener = listener
        port = listener.localAddress?.port.flatMap(UInt16.init(exactly:)) ?? 0
        state = Mutex(State())
    }

    /// What it was sent, oldest first.
    public var requests: [Request] { state.withLock(\.requests) }

    /// Changes what it does, from the next request on.
    public func behave(_ behaviour: Behaviour) { state.withLock { $0.behaviour = behaviour } }

    /// Forgets what it was sent, and returns it.
    public func take() -> [Request] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// Stops listening and its thread.
    public func stop() async {
        let wasStopped = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped
        }
        guard !wasStopped else { return }
        try? await listener.close()
        try? await group.shutdownGracefully()
    }

    fileprivate func note(_ request: Request) -> Behaviour {
        state.withLock { state in
            state.requests.append(request)
            return state.behaviour
        }
    }

    /// Leads connections to their hook, which is there once it listens.
    fileprivate final class Connections: Sendable {
        let hook = Mutex<LoopbackHook?>(nil)
    }
}

/// One connection to a hook.
private final class HookConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let connections: LoopbackHook.Connections
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(connections: LoopbackHook.Connections) {
        self.connections = connections
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body += buffer.readableBytesView
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head, let hook = connections.hook.withLock({ $0 }) else {
            return context.close(promise: nil)
        }
        let headers = Dictionary(
            head.headers.map { ($0.name.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first })
        let request = LoopbackHook.Request(
            method: head.method.rawValue, path: head.uri, headers: headers, body: body)
        switch hook.note(request) {
        case .answer(let status, let text): send(context, status, [:], text)
        case .redirect(let place): send(context, 302, ["Location": place], "")
        case .silence: break
        case .hangUp: context.close(promise: nil)
        case .endless(let status):
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            goOn(context)
        }
    }

    private func send(
        _ context: ChannelHandlerContext, _ status: Int, _ headers: [String: String], _ text: String
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Length", value: "\(text.utf8.count)")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Writes on and on, as long as the client is there.
    private func goOn(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let piece = ByteBuffer(repeating: 0x78, count: 4096)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) {
            self.goOn(context)
        }
    }
}
