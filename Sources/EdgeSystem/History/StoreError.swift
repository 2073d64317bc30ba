internal import GRDB

/// Why the database could not be used. Nothing is lost then: a transaction happens whole or not at
/// all.
public enum StoreError: Error, Hashable, Sendable {
    /// No room is left on the database's disk.
    case diskFull(path: String)
    /// The system could not read or write the file.
    case unreadable(path: String, reason: String)
    /// Another process kept it busy for too long.
    case busy(path: String)
    /// It was opened for reading only, or this user may not write it.
    case readOnly(path: String)
    /// A newer program wrote it.
    case newerSchema(path: String, found: Int, known: Int)
    /// It is a SQLite database, and not ours.
    case foreign(path: String)
    /// It is damaged and could not be set aside.
    case corrupt(path: String, reason: String)
    /// It is damaged, and was opened for reading only.
    case damaged(path: String, reason: String)
    /// It is damaged, and so was another one that was set aside a moment ago.
    case damagedAgain(path: String, reason: String, ago: Int64)
    /// What it says of a kept generation can't be read.
    case damagedGeneration(path: String, generation: Int, what: String)
    /// SQLite refused for another reason.
    case failed(path: String, reason: String)
}

extension StoreError: CustomStringConvertible {
    /// One sentence naming the file and what to do.
    public var description: String {
        switch self {
        case .diskFull(let path):
            "no room is left to write the database \(path): free some on its disk; nothing was "
                + "lost"
        case .unreadable(let path, let reason):
            "the database \(path) can't be read or written (\(reason)): check its disk and its "
                + "permissions"
        case .busy(let path):
            "another process kept the database \(path) busy for "
                + "\(SQLiteStore.busyTimeout) s: look for one that hangs, and try again"
        case .readOnly(let path):
            "the database \(path) can't be written by this user: check the permissions of the file "
                + "and its directory"
        case .newerSchema(let path, let found, let known):
            "the database \(path) has schema \(found) and this program knows \(known) at most: use "
                + "the newer program that wrote it, or another database"
        case .foreign(let path):
            "\(path) is a database of another program: set `database` to another path"
        case .corrupt(let path, let reason):
            "the database \(path) is damaged (\(reason)) and could not be set aside: move it away"
        case .damaged(let path, let reason):
            Self.words(damaged: path, reason: reason)
        case .damagedAgain(let path, let reason, let ago):
            "the database \(path) is damaged (\(reason)), \(ago) s after another one was set aside: it "
                + "stays for a minute, then the next run sets it aside; look at its disk and its memory"
        case .damagedGeneration(let path, let generation, let what):
            "the database \(path) is damaged: \(what), so that generation \(generation) can't be put "
                + "together; restore the database from a backup, or have every zone published anew by "
                + "edgemanage run --force-update and go by later generations"
        case .failed(let path, let reason):
            "the database \(path) failed (\(reason))"
        }
    }

    /// What who only reads says of a damaged database.
    static func words(damaged path: String, reason: String) -> String {
        "the database \(path) is damaged (\(reason)) and was not read: restore it from a backup; "
            + "else edgemanage run sets it aside when it comes to the damage, within 60 runs, and begins a new "
            + "one, with what operators said (modes, holds) as far as it can be read"
    }

    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = error as? StoreError ?? .failed(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "SQLite code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: self = .readOnly(path: path)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN: self = .unreadable(path: path, reason: reason)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, reason: reason)
        default: self = .failed(path: path, reason: reason)
        }
    }
}

extension DatabaseError {
    /// Whether the file itself is damaged. A database of ours without one of its tables or columns is:
    /// it was migrated when it was opened, so somebody took them away, and no round could ever run.
    var isCorruption: Bool {
        if resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB { return true }
        return lacksSomething
    }

    /// Whether a table or column is missed.
    var lacksSomething: Bool {
        guard resultCode == .SQLITE_ERROR, let message else { return false }
        return ["no such table: ", "no such column: "].contains { message.hasPrefix($0) }
    }

    /// What SQLite says, for a sentence.
    var words: String { message ?? "SQLite code \(resultCode.rawValue)" }
}

/// Something in a kept generation that can't be read.
struct GenerationDamage: Error {
    /// The generation that was to be read.
    var generation: Int
    /// What is damaged, in words.
    var what: String
}
