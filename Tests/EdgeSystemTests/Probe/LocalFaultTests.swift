import EdgeCore
import EdgeLoopback
import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import EdgeSystemProbe

/// The monitor's own trouble is never held against an edge.
@Suite(.timeLimit(.minutes(1)), .serialized) struct LocalFaultTests {
    @Test(
        "Error numbers tell whose fault it is",
        arguments: [
            (EMFILE, "out of file descriptors"), (ENFILE, "out of file descriptors"),
            (EADDRNOTAVAIL, "out of local ports"), (ENOBUFS, "out of memory for sockets"),
            (ENOMEM, "out of memory for sockets"), (EACCES, "not allowed to connect from here"),
            (EPERM, "not allowed to connect from here"),
            (EAFNOSUPPORT, "no IPv4 on this machine"),
        ])
    func local(_ code: CInt, _ reason: String) {
        let error = IOError(errnoCode: code, reason: "connect")
        let outcome = ConnectFailure.outcome(of: error, to: .v4(0x7F00_0001))
        #expect(outcome == .localFault(reason: reason))
    }

    @Test("Error numbers that are the edge's")
    func remote() {
        let address = IPAddress.v4(0x7F00_0001)
        #expect(ConnectFailure.outcome(of: ECONNREFUSED, to: address) == .refused)
        #expect(ConnectFailure.outcome(of: ETIMEDOUT, to: address) == .timeout(.connect))
        // There is a way to loopback, so this would have come from the network.
        #expect(
            ConnectFailure.outcome(of: EHOSTUNREACH, to: address)
                == .unreachable(reason: "no route to host"))
    }

    @Test("A request that would be two is never sent")
    func splitRequest() async throws {
        try await ProbeScene.with { scene in
            let edge = try await scene.edge(address: "127.0.8.3")
            for question in [
                ProbeRequest.Question.object(path: "/a b", hostHeader: "object.test"),
                .object(path: "/", hostHeader: "object.test\r\nX: y"),
            ] {
                let seen = await scene.probe(edge, question: question)
                #expect(seen.outcome.isLocalFault)
            }
            #expect(edge.connections == 0)
        }
    }

    @Test("What was measured while the loop stood still is held against nobody")
    func stalled() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await ProbeScene.with { scene in
            let silent = try await scene.edge(address: "127.0.8.1", behaviour: .silent)
            let late = try await scene.edge(
                address: "127.0.8.2", behaviour: .delay(.milliseconds(400)))
            let requests = [try ProbeScene.request(silent), try ProbeScene.request(late)]
            let plan = ProbeScene.plan(timeout: .milliseconds(1000))
            let loop = group.any()
            async let round = scene.prober.probe(requests, by: plan, on: loop)
            while late.requests == 0 || silent.requests == 0 { await Task.yield() }
            loop.execute { _ = usleep(1_500_000) }
            for observation in await round {
                #expect(
                    observation.outcome
                        == .localFault(reason: "this process stood still while the probe ran"))
            }
            // The next round is an ordinary one.
            try await late.behave(.serve)
            let next = await scene.prober.probe(requests, by: plan, on: loop)
            #expect(next[0].outcome == .timeout(.processing))
            #expect(next[1].outcome.fetchTime != nil)
        }
        try await group.shutdownGracefully()
    }
}
