import EdgeCore
import Foundation
import Testing

@testable import EdgeSystemFiles

@Suite struct AtomicFileTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory("live")
    }

    private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func writesAndReplaces() throws {
        let first = try AtomicFile.write(path, Array("one".utf8), mode: 0o640)
        #expect(try text() == "one")
        let second = try AtomicFile.write(path, Array("another".utf8), durable: false)
        #expect(try text() == "another")
        #expect(first.inode != second.inode || first.changed != second.changed)
        #expect(try FileStamp.of(path)?.inode == second.inode)
        #expect(try FileStamp.of(path)?.size == 7)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o644)
        #expect(try directory.names() == ["live"])
    }

    @Test func linkAtThePathIsReplaced() throws {
        let secret = directory("secret")
        try "secret".write(toFile: secret, atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: secret)
        try AtomicFile.write(path, Array("new".utf8))
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
        #expect(try text() == "new")
    }

    @Test func linkAtTheTemporaryPathIsRefused() throws {
        let secret = directory("secret")
        try "secret".write(toFile: secret, atomically: false, encoding: .utf8)
        let temporary = directory(".live.known.tmp~")
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: secret)
        #expect(throws: FileError(action: "write", path: path, code: EEXIST)) {
            try AtomicFile.stage(
                path, Array("new".utf8), mode: 0o644, durable: true, suffix: "known")
        }
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
        #expect(try directory.names().contains(".live.known.tmp~"))
    }

    @Test func failureLeavesTheOldFileAndNothingElse() throws {
        // A directory can't be replaced by a file.
        try FileManager.default.createDirectory(
            atPath: path + "/inside", withIntermediateDirectories: true)
        let error = try #require(throws: FileError.self) {
            try AtomicFile.write(path, Array("new".utf8))
        }
        #expect(error.description.hasPrefix("cannot write \(path): "))
        #expect(try directory.names() == ["live"])
        let missing = directory("nowhere/live")
        #expect(throws: FileError(action: "write", path: missing, code: ENOENT)) {
            try AtomicFile.write(missing, [])
        }
    }

    @Test func leftoversOfTheDeadAreRemoved() throws {
        let mine = try AtomicFile.stage(path, [1])
        let pid = try Self.deadProcess()
        try "x".write(
            toFile: directory(".live.\(pid)-1f.tmp~"), atomically: false, encoding: .utf8)
        try "x".write(toFile: directory(".other.tmp~"), atomically: false, encoding: .utf8)
        #expect(AtomicFile.removeLeftovers(in: directory.path) == 1)
        #expect(try directory.names().count == 2)
        mine.discard()
        #expect(try directory.names() == [".other.tmp~"])
    }

    private static func deadProcess() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return process.processIdentifier
    }

    /// A file system of 256 KiB that is full, where this user may mount one.
    @Test func fullDiskKeepsTheOld() throws {
        guard geteuid() == 0,
            try Self.run("mount", "-t", "tmpfs", "-o", "size=256k", "x", directory.path) == 0
        else { return }
        defer { _ = try? Self.run("umount", "-l", directory.path) }
        try AtomicFile.write(path, Array("old".utf8))
        #expect(throws: FileError(action: "write", path: path, code: ENOSPC)) {
            try AtomicFile.write(path, [UInt8](repeating: 65, count: 300_000))
        }
        #expect(try text() == "old")
        #expect(try !directory.names().contains { $0.hasSuffix(AtomicFile.temporaryEnding) })
    }

    private static func run(_ arguments: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

@Suite struct FileReadingTests {
    @Test func readsUpToTheLimit() throws {
        let directory = try TemporaryDirectory()
        let path = directory("list")
        try Data(repeating: 7, count: 10_000).write(to: URL(fileURLWithPath: path))
        let (bytes, stamp) = try FileReading.read(path, limit: 10_000)
        #expect(bytes == [UInt8](repeating: 7, count: 10_000))
        #expect(try FileStamp.of(path) == stamp)
        let error = try #require(throws: FileError.self) {
            try FileReading.read(path, limit: 9_999)
        }
        #expect(
            error.description
                == "cannot read \(path): it has more than 9999 bytes, which is the limit")
        #expect(try FileReading.readIfPresent(directory("none"), limit: 1)?.bytes == nil)
        #expect(try FileStamp.of(directory("none")) == nil)
        // A file of unknown size.
        #expect(try !FileReading.read("/proc/self/status", limit: 100_000).bytes.isEmpty)
    }

    @Test func refusesWhatIsNoPlainFile() throws {
        let directory = try TemporaryDirectory()
        #expect(mkfifo(directory("pipe"), 0o600) == 0)
        for path in [directory("pipe"), directory.path, "/dev/null"] {
            #expect(throws: FileError.self) { try FileReading.read(path, limit: 10) }
        }
        try FileManager.default.createSymbolicLink(
            atPath: directory("link"), withDestinationPath: "/etc/hostname")
        #expect(throws: FileError(action: "read", path: directory("link"), code: ELOOP)) {
            try FileReading.read(directory("link"), limit: 1000, followsLinks: false)
        }
    }
}
