internal import NIOCore
internal import NIOPosix

/// Real edges on loopback that behave as told: the demo's and the tests'.
///
/// Every address of 127.0.0.0/8 is this machine's own on Linux, so each edge can have its own.
public final class LoopbackEdges: Sendable {
    let group: MultiThreadedEventLoopGroup

    /// Makes a place for edges, served by this many threads; 1 by default.
    public init(threads: Int = 1) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    }

    /// Starts an edge.
    ///
    /// - Parameters:
    ///   - address: its address, `127.0.3.1` for instance.
    ///   - port: its port; 0, the default, takes a free one.
    ///   - certificate: what it shows in TLS; nil, the default: plain HTTP.
    ///   - behaviour: what it does, until told otherwise.
    ///   - object: what a healthy answer has as its body.
    /// - Throws: when the address or port can't be listened on.
    public func start(
        address: String = "127.0.0.1", port: UInt16 = 0, certificate: TestCertificate? = nil,
        behaviour: LoopbackBehaviour = .serve, object: [UInt8]
    ) async throws -> LoopbackEdge {
        let edge = try LoopbackEdge(
            group: group, address: address, port: port, certificate: certificate, object: object)
        try await edge.behave(.serve)
        if behaviour != .serve { try await edge.behave(behaviour) }
        return edge
    }

    /// Stops all edges and their threads.
    public func stop() async {
        try? await group.shutdownGracefully()
    }
}
