import EdgeCore
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import EdgeServer

/// Nobody at the other end of a connection keeps it for ever.
@Suite struct PatienceTests {
    /// A connection of one's own: what the system gives, so that nothing reads unless it is told to.
    private final class Link: Sendable {
        let descriptor: Int32

        init(_ port: UInt16) throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var room: Int32 = 4096
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, 4)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(status == 0)
        }

        deinit { close(descriptor) }

        /// Sends what the other end takes; false: it has closed the connection.
        @discardableResult
        func send(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            return Glibc.send(descriptor, bytes, bytes.count, flags) >= 0 || errno == EAGAIN
        }

        private func has(_ events: Int32) -> Bool {
            var watched = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            poll(&watched, 1, 0)
            return Int32(watched.revents) & events != 0
        }

        /// Whether the other end has closed the connection; reads nothing.
        var isClosed: Bool { has(Self.hungUp | POLLHUP | POLLERR) }

        /// POLLRDHUP, which Swift's Glibc module does not show.
        private static let hungUp: Int32 = 0x2000

        /// Whether an answer has begun to come; reads nothing.
        var isReadable: Bool { has(POLLIN) }
    }

    private static let request = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    /// Serves at a port of its own while `body` runs; the end of the service must come then.
    private func serving(
        _ patience: ConnectionPatience, _ body: @escaping @Sendable (UInt16) async throws -> Void
    ) async throws {
        let (ports, bound) = AsyncStream.makeStream(of: UInt16.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var server = DaemonServer(
            ScriptedDaemon(), at: .address(ListenAddress(address: .v4(0x7F00_0001), port: 0)),
            gate: .network(hosts: [], token: nil), logger: logger
        ) { if let port = $0?.port { bound.yield(port) } }
        server.patience = patience
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            try await body(try #require(await iterator.next()))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func wait(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// A client that asks and asks and takes no answer is cut off.
    @Test(.timeLimit(.minutes(1))) func whoTakesNothingIsCutOff() async throws {
        try await serving(ConnectionPatience(taking: .milliseconds(300))) { port in
            let link = try Link(port)
            try await self.wait {
                link.send(String(repeating: Self.request, count: 20))
                return link.isClosed
            }
        }
    }

    /// A request that comes byte by byte is not waited for.
    @Test(.timeLimit(.minutes(1))) func slowRequestsAreCutOff() async throws {
        try await serving(ConnectionPatience(sending: .milliseconds(300))) { port in
            let head = try Link(port)
            let body = try Link(port)
            head.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            body.send(
                "GET /none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n")
            try await self.wait {
                head.send("x")
                return head.isClosed
            }
            try await self.wait {
                body.send("x")
                return body.isClosed
            }
        }
    }

    /// Whoever takes his time over an answer, but takes it, is let.
    @Test(.timeLimit(.minutes(1))) func theSlowAreServed() async throws {
        try await serving(ConnectionPatience(taking: .milliseconds(600))) { port in
            let link = try Link(port)
            for _ in 1...40 { link.send(Self.request) }
            var byte = [UInt8](repeating: 0, count: 8192)
            let begun = ContinuousClock.now
            // For twice the patience a few bytes at a time.
            while ContinuousClock.now - begun < .milliseconds(1200) {
                try #require(recv(link.descriptor, &byte, byte.count, 0) > 0)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// The service ends though somebody takes nothing.
    @Test(.timeLimit(.minutes(1))) func theEndComes() async throws {
        let kept = Mutex<Link?>(nil)
        try await serving(ConnectionPatience(ending: .milliseconds(300))) { port in
            let link = try Link(port)
            // More answers than the system keeps for it: the server waits in the middle of one.
            for _ in 1...400 { link.send(Self.request) }
            try await self.wait { link.isReadable }
            // It stays open until the service has ended.
            kept.withLock { $0 = link }
        }
    }
}
