import EdgeCore
import EdgeTesting
import EdgeShell
import EdgeSystemFiles
import Foundation
import Testing

@Suite struct ProcessLocksTests {
    let directory: TemporaryDirectory
    let network = NetworkName("net")

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func oneOfFiftyStartsWins() async throws {
        let database = directory("state.db")
        let locks: [any HeldLock] = await withTaskGroup(of: (any HeldLock)?.self) { group in
            for _ in 0..<50 {
                group.addTask { try? ProcessLocks().lockNetwork(network, database: database) }
            }
            return await group.reduce(into: []) { held, lock in
                if let lock { held.append(lock) }
            }
        }
        #expect(locks.count == 1)
        let path = "\(database).net.lock"
        #expect(throws: LockBusy(path: path, holder: getpid())) {
            try ProcessLocks().lockNetwork(network, database: database)
        }
        let other = NetworkName("other")
        try ProcessLocks().lockNetwork(other, database: database).release()
        locks.first?.release()
        locks.first?.release()
        try ProcessLocks().lockNetwork(network, database: database).release()
    }

    /// A child that is started at the same moment holds a copy of the descriptor until its exec: what is
    /// released is free all the same.
    @Test func aCopyOfTheDescriptorKeepsNoLock() throws {
        let database = directory("state.db")
        let path = "\(database).net.lock"
        let lock = try ProcessLocks().lockNetwork(network, database: database)
        let copies = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .compactMap { Int32($0) }
            .filter {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))
                    == path
            }
            .map { dup($0) }
        defer { copies.forEach { close($0) } }
        #expect(copies.count == 1)
        lock.release()
        try ProcessLocks().lockNetwork(network, database: database).release()
    }

    /// Whoever fails between taking a lock and releasing it keeps nobody out.
    @Test func aLockThatNobodyHasAnyMoreIsFree() async throws {
        let database = directory("state.db")
        let locks = ProcessLocks()
        var writer: (any HeldLock)? = try locks.lockNetwork(network, database: database)
        #expect(throws: LockBusy.self) { try locks.lockNetwork(network, database: database) }
        #expect(writer != nil)
        writer = nil
        try locks.lockNetwork(network, database: database).release()
        let path = directory("lock")
        var shared: (any HeldLock)? = try await locks.lockShared(path, waiting: .zero)
        await #expect(throws: LockBusy.self) { try await locks.lockShared(path, waiting: .zero) }
        #expect(shared != nil)
        shared = nil
        try await locks.lockShared(path, waiting: .zero).release()
        // One that was released takes nothing from who has the lock by then when it goes.
        var former: (any HeldLock)? = try await locks.lockShared(path, waiting: .zero)
        former?.release()
        let present = try await locks.lockShared(path, waiting: .zero)
        former = nil
        await #expect(throws: LockBusy.self) { try await locks.lockShared(path, waiting: .zero) }
        present.release()
    }

    @Test func linkAtTheLockIsRefused() async throws {
        let secret = directory("secret")
        try "secret".write(toFile: secret, atomically: false, encoding: .utf8)
        let database = directory("state.db")
        let path = "\(database).net.lock"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: secret)
        #expect(throws: FileError(action: "lock", path: path, code: ELOOP)) {
            try ProcessLocks().lockNetwork(network, database: database)
        }
        await #expect(throws: FileError(action: "lock", path: path, code: ELOOP)) {
            try await ProcessLocks().lockShared(path, waiting: .zero)
        }
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
    }

    @Test func sharedLockIsOneAtATimeWithinAProcessToo() async throws {
        let path = directory("lock")
        let locks = ProcessLocks()
        let first = try await locks.lockShared(path, waiting: .zero)
        await #expect(throws: LockBusy(path: path, holder: getpid())) {
            try await locks.lockShared(path, waiting: .milliseconds(60))
        }
        async let second = locks.lockShared(path, waiting: .seconds(20))
        first.release()
        try await second.release()
        // A replaced file is the one that counts.
        try FileManager.default.removeItem(atPath: path)
        try await locks.lockShared(path, waiting: .zero).release()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    /// The original's tools take the same lock with Python's fcntl.lockf.
    @Test func pythonSeesTheSharedLockAndIsSeen() async throws {
        let path = directory("lock")
        guard let holder = try Python(locking: path) else { return }
        #expect(holder.firstLine() == "held")
        let locks = ProcessLocks()
        await #expect(throws: LockBusy(path: path, holder: holder.process.processIdentifier)) {
            try await locks.lockShared(path, waiting: .milliseconds(60))
        }
        holder.end()
        let mine = try await locks.lockShared(path, waiting: .seconds(20))
        #expect(try Python(locking: path)?.firstLine() == "busy")
        mine.release()
        let again = try Python(locking: path)
        #expect(again?.firstLine() == "held")
        again?.end()
    }

    private final class Python {
        let process = Process()
        private let input = Pipe()
        private let output = Pipe()

        /// nil where there is no python3.
        init?(locking path: String) throws {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "python3", "-c",
                """
                import fcntl, sys
                f = open(sys.argv[1], "a")
                try:
                    fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    print("held", flush=True)
                    sys.stdin.read()
                except BlockingIOError:
                    print("busy", flush=True)
                """, path,
            ]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
        }

        func firstLine() -> String? {
            let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            return text.split(separator: "\n").first.map(String.init)
        }

        func end() {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }
}

@Suite struct LogFileTests {
    @Test func followsRotation() throws {
        let directory = try TemporaryDirectory()
        let path = directory("log")
        let log = try LogFile(path)
        log.write(.info, "one")
        log.write(.error, "two\nforged \u{1B}[31m\tline")
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        log.write(.info, "three")
        #expect(
            try String(contentsOfFile: path + ".1", encoding: .utf8)
                == "one\ntwo\\nforged \\u{1b}[31m line\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\n")
    }

    @Test func losesLinesRatherThanEndTheRound() throws {
        let log = try LogFile("/dev/full")
        log.write(.critical, "lost")
        let missing = "/nonexistent/log"
        #expect(throws: FileError(action: "write", path: missing, code: ENOENT)) {
            try LogFile(missing)
        }
    }

    @Test func syslogTakesPercentSigns() {
        SyslogWriter(identity: "edgemanage-test").write(.debug, "100 %s %n of it")
    }
}

@Suite struct SystemMomentSourceTests {
    @Test func tellsBothClocks() throws {
        let source = SystemMomentSource()
        let first = source.now()
        let second = SystemMomentSource().now()
        #expect(first.bootID.count == 36)
        #expect(first.bootID == second.bootID)
        #expect(second.sinceBoot >= first.sinceBoot)
        #expect(abs(first.wall.doubleSeconds - Date().timeIntervalSince1970) < 60)
        let uptime = try String(contentsOfFile: "/proc/uptime", encoding: .utf8)
        let seconds = try #require(uptime.split(separator: " ").first.flatMap { Double($0) })
        #expect(abs(first.sinceBoot.inSeconds - seconds) < 60)
    }
}
