internal import EdgeCore
internal import EdgeSystemFiles
internal import Foundation
internal import GRDB
internal import Glibc

/// Puts a new database with what could be salvaged in a damaged one's place, as one step (I22, I23).
///
/// Under the directory's lock, and the damaged database's own as far as that works:
///
/// 1. `<path>.new` is built and made durable; `<path>.replacing` says what happens here.
/// 2. The damaged file is renamed `<path>.corrupt-<unix time>`. Until then nothing has happened, and whoever
///    finds the two others begins again.
/// 3. From then on whoever opens the database goes on: the log follows, the new one takes the name, and
///    `<path>.replacing` goes.
struct Replacement {
    /// The database's path.
    let path: String
    /// The network that asks, which hears what became of its words whatever can be read.
    var network: NetworkName?

    /// The new database, until it has its name.
    private var built: String { path + ".new" }
    /// What happens, for who goes on: the damaged file's new ending, and what operators should hear.
    private var journal: String { path + ".replacing" }

    /// A damaged database was replaced.
    struct Loss {
        /// What happened, as a sentence begins.
        var event: String
    }

    /// Opens the database for writing, after what a killed process has left half done.
    func open() throws -> (connection: StoreConnection, loss: Loss?) {
        let connection = try DirectoryLock.shared(withFile: path) { () -> StoreConnection? in
            try exists(journal) ? nil : try StoreConnection(path: path, readOnly: false)
        }
        if let connection { return (connection, nil) }
        return try DirectoryLock.exclusive(withFile: path) {
            let loss = try goOn()
            return (try StoreConnection(path: path, readOnly: false), loss)
        }
    }

    /// A copy of the new database in memory, when it is complete and has not got its name yet; nil: the
    /// database at the path is the one. No file is changed (I21).
    func copyForReading() -> (connection: StoreConnection, loss: Loss)? {
        guard let begun = try? readJournal(), (try? exists(path)) == false,
            let copy = try? StoreConnection(copyOf: built)
        else { return nil }
        return (copy, begun.loss)
    }

    /// Sets the damaged database aside and opens a new one in its place; the caller has closed it.
    ///
    /// - Parameters:
    ///   - damaged: the file that was found damaged; nil: whatever is at the path.
    ///   - error: what SQLite says.
    ///   - isSure: nobody needs to look again.
    /// - Returns: no loss, when another process has done so meanwhile.
    /// - Throws: `SecondLook.Whole` when it is not damaged; `StoreError` when nobody knows, or another one was
    ///   set aside a moment ago.
    func replace(
        _ damaged: StoreConnection.Identity?, because error: DatabaseError, isSure: Bool,
        at wall: UnixTime
    ) throws -> (connection: StoreConnection, loss: Loss?) {
        try DirectoryLock.exclusive(withFile: path) {
            var loss = try goOn()
            if loss == nil, let named = StoreConnection.Identity(path), named == damaged ?? named {
                if !isSure {
                    let look = SecondLook(path: path)
                    guard try look.damage(lacksSomething: error.lacksSomething) != nil else {
                        throw SecondLook.Whole()
                    }
                }
                if let ago = lastTime(before: wall) {
                    throw StoreError.damagedAgain(path: path, reason: error.words, ago: ago)
                }
                loss = try setAside(because: error.words, at: wall)
            }
            return (try StoreConnection(path: path, readOnly: false), loss)
        }
    }

    private func setAside(because reason: String, at wall: UnixTime) throws -> Loss {
        let ending = try freeEnding(at: wall)
        let loss = Loss(
            event:
                "the database \(path) was damaged (\(reason)): it was set aside as \(path)\(ending) and a "
                + "new one begun")
        // Who waits to write into the damaged one finds, when it is their turn, that it is not the
        // database any more.
        try StoreConnection.withoutWriters(path) { database in
            let salvage = Salvage(from: database, at: path)
            do {
                try remove([journal, built])
                AtomicFile.removeLeftovers(beside: path)
                try StoreConnection.build(built, like: path) {
                    try salvage.save(into: $0, event: loss.event, network: network, at: wall)
                }
                try AtomicFile.write(journal, Array("\(ending)\n\(loss.event)\n".utf8))
                try move(path, to: path + ending)
            } catch {
                try? remove([journal, built])
                throw error
            }
            try AtomicFile.syncDirectory(of: path)
            try complete(ending)
        }
        return loss
    }

    /// How long two databases are set aside one after the other at the least, in seconds: a disk that damages
    /// every new one would be filled with them.
    static let pause: Int64 = 60

    /// How many seconds ago a database was set aside, when that is less than the pause.
    private func lastTime(before wall: UnixTime) -> Int64? {
        let url = URL(filePath: path)
        let start = url.lastPathComponent + Self.endingStart
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: url.deletingLastPathComponent().path)
        return (names ?? []).compactMap { name -> Int64? in
            guard name.hasPrefix(start), let time = Int64(name.dropFirst(start.count)) else {
                return nil
            }
            let ago = wall.seconds.subtractingReportingOverflow(time)
            return !ago.overflow && (0..<Self.pause).contains(ago.partialValue)
                ? ago.partialValue : nil
        }.min()
    }

    /// What is left to do once the damaged file has its other name.
    private func complete(_ ending: String) throws(FileError) {
        // Left behind, the log would be played into the new database.
        for part in ["-wal", "-shm"] where try exists(path + part) {
            try move(path + part, to: path + ending + part)
        }
        try AtomicFile.syncDirectory(of: path)
        try move(built, to: path)
        try AtomicFile.syncDirectory(of: path)
        try remove([journal])
        try AtomicFile.syncDirectory(of: path)
    }

    /// Goes on with what a killed process began, or drops it; nil when no database was replaced.
    private func goOn() throws(FileError) -> Loss? {
        guard let begun = try readJournal() else { return nil }
        switch (try exists(built), try exists(path)) {
        case (true, false):
            try complete(begun.ending)
            return begun.loss
        case (true, true):
            // The damaged one has not been renamed yet, or somebody put another one there.
            try remove([journal, built])
            return nil
        case (false, let isDone):
            try remove([journal])
            return isDone ? begun.loss : nil
        }
    }

    private func readJournal() throws(FileError) -> (ending: String, loss: Loss)? {
        guard let (bytes, _) = try FileReading.readIfPresent(journal, limit: 65_536) else {
            return nil
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0].hasPrefix(Self.endingStart) else { return nil }
        return (String(lines[0]), Loss(event: String(lines[1])))
    }

    private static let endingStart = ".corrupt-"

    private func freeEnding(at wall: UnixTime) throws(FileError) -> String {
        let first = "\(Self.endingStart)\(wall.seconds)"
        var ending = first
        var count = 1
        while true {
            // A log alone is what somebody kept.
            let taken = (try exists(path + ending), try exists(path + ending + "-wal"))
            guard taken.0 || taken.1 else { return ending }
            count += 1
            ending = "\(first)-\(count)"
        }
    }

    /// Throws rather than take a file that can't be looked at for one that is not there.
    private func exists(_ path: String) throws(FileError) -> Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return true }
        guard errno == ENOENT else { throw FileError(action: "look at", path: path, code: errno) }
        return false
    }

    private func move(_ old: String, to new: String) throws(FileError) {
        guard rename(old, new) == 0 else {
            throw FileError(action: "rename", path: old, code: errno)
        }
    }

    private func remove(_ paths: [String]) throws(FileError) {
        for path in paths {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw FileError(action: "remove", path: path, code: errno)
            }
        }
    }
}
