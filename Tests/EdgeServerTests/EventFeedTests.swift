import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import EdgeServer

/// Server-sent events, line by line.
@Suite struct EventFeedTests {
    /// Takes every line; or, when there is a gate, none before it opens, and then the connection is gone.
    private struct Reader: ResponseBodyWriter {
        let heard: AsyncStream<String>.Continuation
        var gate: AsyncStream<Void>?

        func write(_ buffer: ByteBuffer) async throws {
            if let gate {
                for await _ in gate {}
                throw ChannelError.ioOnClosedChannel
            }
            heard.yield(String(buffer: buffer))
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    @Test func changesAndHeartbeatsAreLines() async throws {
        let bulletin = Bulletin()
        let changes = try #require(bulletin.listen())
        let (lines, heard) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var writer: any ResponseBodyWriter = Reader(heard: heard)
                try await EventFeed(changes: changes, pause: .milliseconds(5)) {}.write(to: &writer)
                heard.finish()
            }
            var line = lines.makeAsyncIterator()
            #expect(await line.next() == "event: beat\ndata:\n\n")
            bulletin.tell()
            while let next = await line.next(), next != "event: change\ndata:\n\n" {
                #expect(next == "event: beat\ndata:\n\n")
            }
            #expect(await line.next() == "event: beat\ndata:\n\n")
            bulletin.close()
            while await line.next() != nil {}
            try await group.waitForAll()
        }
        #expect(bulletin.listeners == 0)
    }

    /// Whoever takes nothing keeps no place, nor holds up the daemon's end.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func theStuckAreLetGo(atTheEnd: Bool) async throws {
        let bulletin = Bulletin()
        do {
            let changes = try #require(bulletin.listen())
            let (gate, opening) = AsyncStream.makeStream(of: Void.self)
            let (_, heard) = AsyncStream.makeStream(of: String.self)
            var writer: any ResponseBodyWriter = Reader(heard: heard, gate: gate)
            if atTheEnd {
                bulletin.tell()
                bulletin.close()
            }
            await #expect(throws: ChannelError.self) {
                try await EventFeed(changes: changes, pause: .milliseconds(1)) { opening.finish() }
                    .write(to: &writer)
            }
        }
        #expect(bulletin.listeners == 0)
    }
}
