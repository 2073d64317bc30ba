import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemHistory
import Foundation
import Testing

@testable import edgemanage

/// What operators say, as the daemon and commands without one write it down.
@Suite struct OperatorDeskTests {
    /// A log that remembers.
    private struct Book: RoundLog {
        let lines = Lines()
        func write(_ level: RoundLogLevel, _ message: String) { lines.add("\(level) \(message)") }
    }

    /// A database of its own, which the settings do not name: a desk has its store already.
    private static func with(_ body: (_ path: String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("edgemanage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await body(directory.path + "/state.db")
    }

    private static func settings(edges: Int, minLive: Int) -> NetworkSettings {
        var settings = OriginalKit.settings(minLive: minLive, lockFile: nil)
        settings.edges = .inline(names(edges))
        settings.database = "/nowhere/state.db"
        return settings
    }

    private static func names(_ count: Int) -> [EdgeName] {
        (1...count).compactMap { EdgeName("e\($0).example") }
    }

    private static func drain(
        _ edge: String, at desk: OperatorDesk, comment: String? = "kernel", insists: Bool = false
    ) async throws(OrderRefusal) -> OrderReply {
        try await desk.write(
            .mode(
                edge: edge, .unavailable, comment: comment, length: nil, insists: insists)
        ).reply
    }

    @Test func aModeIsWrittenIntoTheDesksOwnStoreAndLog() async throws {
        try await Self.with { path in
            let store = try SQLiteStore(path: path, access: .readWrite)
            let book = Book()
            let desk = OperatorDesk(
                settings: Self.settings(edges: 3, minLive: 2), store: store, log: book,
                actor: "anna")
            let reply = try await Self.drain("e1.example", at: desk)
            #expect(
                reply
                    == OrderReply(
                        done: ["Set mode for e1.example to unavailable"], isApplied: false))
            #expect(
                book.lines.all == [
                    "notice Set mode for e1.example to unavailable in mynet by anna: [anna] kernel"
                ])
            let events = try store.recentEvents(OriginalKit.network, limit: 9)
            #expect(events.map(\.event.actor) == ["anna"])
        }
    }

    @Test func everyRefusalHasItsKind() async throws {
        try await Self.with { path in
            let store = try SQLiteStore(path: path, access: .readWrite)
            var settings = Self.settings(edges: 3, minLive: 3)
            let book = Book()
            func kind(
                _ edge: String = "e1.example", comment: String? = "kernel"
            ) async -> OrderRefusal.Kind? {
                let desk = OperatorDesk(
                    settings: settings, store: store, log: book, actor: "anna")
                do throws(OrderRefusal) {
                    _ = try await Self.drain(edge, at: desk, comment: comment)
                    return nil
                } catch {
                    return error.kind
                }
            }
            #expect(await kind("e9.example") == .unknown)
            #expect(await kind(comment: nil) == .malformed)
            #expect(await kind() == .refused)
            settings.edges = .files("/nowhere/edges", extra: nil)
            #expect(await kind() == .failed)
            settings.edges = .inline(Self.names(3))
            let reader = OperatorDesk(
                settings: settings, store: try SQLiteStore(path: path, access: .readOnly),
                log: book, actor: "anna")
            let refusal = await #expect(throws: OrderRefusal.self) {
                try await Self.drain("e1.example", at: reader)
            }
            #expect(refusal?.kind == .failed)
            #expect(refusal?.message.contains(path) == true)
            #expect(book.lines.all == [])
            #expect(try store.recentEvents(OriginalKit.network, limit: 9).isEmpty)
        }
    }

    /// Many that drain at once, each by itself and without a lock file, leave what must be live.
    @Test func drainsAtOnceLeaveTheMinimum() async throws {
        try await Self.with { path in
            let settings = Self.settings(edges: 12, minLive: 6)
            _ = try SQLiteStore(path: path, access: .readWrite)
            let done = try await withThrowingTaskGroup(of: Bool.self) { group in
                for edge in Self.names(12) {
                    group.addTask {
                        let desk = OperatorDesk(
                            settings: settings,
                            store: try SQLiteStore(path: path, access: .readWrite), log: Book(),
                            actor: "anna")
                        do throws(OrderRefusal) {
                            _ = try await Self.drain(edge.text, at: desk)
                            return true
                        } catch {
                            #expect(error.kind == .refused, "\(error)")
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(done == 6)
        }
    }
}
