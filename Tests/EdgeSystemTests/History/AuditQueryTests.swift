import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

@testable import EdgeSystemHistory

/// The audit log is never walked to find nothing.
@Suite struct AuditQueryTests {
    let directory: TemporaryDirectory
    let path: String
    let network = NetworkName("web")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("web.db")
    }

    private func note(_ events: [AuditEvent]) throws {
        let now = Moment(wall: UnixTime(seconds: 1000), sinceBoot: .seconds(1), bootID: "b")
        try SQLiteStore(path: path, access: .readWrite)
            .record(events, network: network, now: now)
    }

    private func plan(_ sql: String) throws -> String {
        try SQLShell.run(path, "EXPLAIN QUERY PLAN \(sql);")
    }

    @Test(arguments: [
        (AuditQuery(network: 1, limit: 9), "audit_network (network=?)"),
        (AuditQuery(network: 1, kind: .salvage, limit: 1), "audit_kind (network=? AND kind=?)"),
        (
            AuditQuery(network: 1, subject: "a", start: UnixTime(seconds: 1), limit: 9),
            "audit_subject (network=? AND subject=?)"
        ),
        (
            AuditQuery(network: 1, subject: "a", kind: .mode, limit: 9),
            "audit_subject (network=? AND subject=?)"
        ),
    ])
    func everyQuestionHasItsIndex(query: AuditQuery, index: String) throws {
        try note([])
        let plan = try plan(query.sql)
        #expect(plan.contains("USING INDEX \(index)"), "\(plan)")
        #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
    }

    @Test func oldRefusalsAreDroppedByAnIndex() throws {
        try note([])
        let plan = try plan(AuditQuery.dropping)
        #expect(plan.contains("audit_kind (network=? AND kind=?)"), "\(plan)")
    }

    /// A database of version 8 goes on with its lines, and gets the indices.
    @Test func version8GetsIndices() throws {
        try note([
            AuditEvent(kind: .mode, subject: "a.test", actor: "anna", message: "drained"),
            AuditEvent(kind: .hold, actor: "ben", message: "held"),
        ])
        try SQLShell.run(path, OldDatabase.from9To8)
        let reader = try SQLiteStore(path: path, access: .readOnly)
        #expect(try SQLShell.run(path, "PRAGMA user_version") == "8\n")
        let store = try SQLiteStore(path: path, access: .readWrite)
        for found in [reader, store] {
            #expect(
                try found.events(network, subject: "a.test", limit: 9).map(\.event.message)
                    == ["drained"])
            #expect(try found.lastEvent(network, of: .hold)?.event.actor == "ben")
            #expect(try found.lastEvent(network, of: .salvage) == nil)
        }
        let indices = "SELECT name FROM sqlite_master WHERE tbl_name = 'audit' AND type = 'index'"
        #expect(
            try SQLShell.run(path, indices + " ORDER BY name")
                == "audit_kind\naudit_network\naudit_subject\n")
    }
}
