public import EdgeCore
internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// Serves the daemon's API and page at a socket or an address.
public struct DaemonServer: Service {
    /// Where it listens.
    public enum Place: Hashable, Sendable {
        case socket(path: String)
        case address(ListenAddress)
    }

    private let daemon: any APIFace
    private let place: Place
    private let gate: Gate
    private let logger: Logger
    private let onListening: @Sendable (ListenAddress?) async -> Void
    /// Told why nothing can listen at an address; nil: the service ends with it.
    private let onTrouble: (@Sendable (DaemonServerFailure) async -> Void)?

    /// With whoever is at the other end of a connection.
    var patience = ConnectionPatience()

    /// The most connections at once.
    static let mostConnections = 256

    /// - Parameters:
    ///   - onListening: called once it listens, with the address as bound; nil for a socket.
    ///   - onTrouble: called each time that it can't listen, after which it is tried again, a second later at first
    ///     and a minute later at last; nil: that ends the service.
    public init(
        _ daemon: any APIFace, at place: Place, gate: Gate, logger: Logger,
        onListening: @escaping @Sendable (ListenAddress?) async -> Void,
        onTrouble: (@Sendable (DaemonServerFailure) async -> Void)? = nil
    ) {
        self.daemon = daemon
        self.place = place
        self.gate = gate
        self.logger = logger
        self.onListening = onListening
        self.onTrouble = onTrouble
    }

    /// The pauses between attempts to listen.
    private static let pauses = (first: Duration.seconds(1), longest: Duration.seconds(60))

    /// Serves until the service group is shut down.
    public func run() async throws {
        var pause = Self.pauses.first
        while true {
            do {
                return try await serve()
            } catch let failure as DaemonServerFailure {
                guard let onTrouble else { throw failure }
                await onTrouble(failure)
            }
            let wait = pause
            pause = min(pause * 2, Self.pauses.longest)
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: wait) }
            if Task.isShuttingDownGracefully || Task.isCancelled { return }
        }
    }

    private func serve() async throws {
        let api = try API(daemon)
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Gatekeeper(gate: gate))
        router.add(middleware: APIManners(routes: api.routes))
        router.add(middleware: OrderKeeper(gate: gate))
        let daemon = daemon
        router.get("metrics") { _, _ in
            Answer.bytes(
                ByteBuffer(string: await daemon.metrics()),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
        api.add(to: router)
        try PageRoutes(daemon).add(to: router)
        let place = place
        let (onListening, patience) = (onListening, patience)
        let application = Application(
            responder: router.buildResponder(),
            server: HTTPServerBuilder { responder in
                PatientChannel(
                    channel: HTTP1Channel(
                        responder: responder,
                        configuration: .init(
                            idleTimeout: .seconds(60),
                            httpDecoderConfiguration: .init(
                                maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384,
                                maxHeaderFieldCount: 64))),
                    patience: patience)
            },
            configuration: .init(
                address: place.bindAddress, backlog: 64,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    Self.mostConnections, logger: logger)),
            onServerRunning: { channel in
                await onListening(place.listening(as: channel.localAddress))
            }, logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw DaemonServerFailure(
                place: place, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}

/// The daemon can't be reached where it should be.
public struct DaemonServerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public var place: DaemonServer.Place
    public var reason: String

    public var description: String {
        switch place {
        case .socket(let path):
            "the socket \(path) can't be made (\(reason)): set server.socket to a path in a directory that can "
                + "be written"
        case .address(let address):
            "nothing can listen at \(address) (\(reason)): set server.listen to an address of this machine and "
                + "a port that is free"
        }
    }
}

extension DaemonServer.Place {
    fileprivate var bindAddress: BindAddress {
        switch self {
        case .socket(let path): .unixDomainSocket(path: path)
        case .address(let address):
            .hostname(address.address.description, port: Int(address.port))
        }
    }

    /// The address with the port that the system chose.
    fileprivate func listening(as bound: SocketAddress?) -> ListenAddress? {
        guard case .address(var address) = self else { return nil }
        if let port = bound?.port { address.port = UInt16(clamping: port) }
        return address
    }
}
