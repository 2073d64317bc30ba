internal import GRDB

extension SQLiteStore {
    /// How many pages the database has, for tests that fill it up; nil when it can't be read.
    package var pageCount: Int? {
        try? read { try Int.fetchOne($0, sql: "PRAGMA page_count") }
    }

    /// Lets the database grow to no more than `limit` pages, for tests: beyond, SQLite says that the
    /// disk is full.
    package func limitPages(to limit: Int) throws {
        _ = try read { try Int.fetchOne($0, sql: "PRAGMA max_page_count = \(limit)") }
    }
}
