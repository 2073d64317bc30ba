internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Server-sent events: one line a change, and a heartbeat in between so that both ends know of each other.
struct EventFeed: Sendable {
    private enum Event {
        case change, beat
    }

    let changes: AsyncStream<Void>
    /// How long nothing is said at most.
    var pause: Duration = .seconds(15)
    /// Ends the connection: whoever is at the other end takes nothing any more.
    let letGo: @Sendable () -> Void

    /// The feed as a response; it ends with the bulletin.
    func response() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                // What was cut off is begun anew by the browser, after so many milliseconds.
                try await writer.write(ByteBuffer(string: "retry: 2000\nevent: beat\ndata:\n\n"))
                try await write(to: &writer)
                try await writer.finish(nil)
            })
    }

    /// Writes until the changes end.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let (events, event) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingNewest(2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in changes { event.yield(.change) }
                event.finish()
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: pause)
                    // What came before is not out yet, or the last line is not: nobody takes it.
                    guard case .enqueued = event.yield(.beat) else { return letGo() }
                }
            }
            defer { group.cancelAll() }
            for await event in events {
                let line = event == .change ? "event: change\ndata:\n\n" : "event: beat\ndata:\n\n"
                try await writer.write(ByteBuffer(string: line))
            }
        }
    }
}
