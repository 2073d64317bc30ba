import Clinux
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A program that was started, with its output going to files.
struct ChildProcess: Sendable {
    /// How it ended, and what it said.
    struct Ending: Sendable {
        /// The exit status; the signal's number with a minus sign when a signal ended it.
        var status: Int32
        var output: String
        var errors: String

        /// Both streams, for messages of failing expectations.
        var everything: String { "status \(status)\n\(output)\(errors)" }
    }

    /// Why a program could not be started.
    struct NotStarted: Error {
        var path: String
        var code: Int32
    }

    let id: pid_t
    private let outputPath: String
    private let errorPath: String

    /// After this long a program is killed, so that a test ends whatever happens.
    static let patience: DispatchTimeInterval = .seconds(60)

    /// Starts `path` with these arguments, in `directory`, with nothing on its standard input.
    static func start(
        _ path: String, _ arguments: [String], directory: String, environment: [String: String]
    ) throws -> ChildProcess {
        let stem = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString)"
        let (output, errors) = ("\(stem).out", "\(stem).err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        // Edges' sockets are not for it: a listener that it inherits would go on listening.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // env changes the directory and becomes the program: the process id stays.
        let command = ["/usr/bin/env", "-C", directory, path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var values: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + values).forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, command[0], &actions, nil, &words, &values)
        guard code == 0 else { throw NotStarted(path: path, code: code) }
        return ChildProcess(id: id, outputPath: output, errorPath: errors)
    }

    /// Ends it at once.
    func kill() { Glibc.kill(id, SIGKILL) }

    /// Waits for its end, on a thread where waiting does no harm. Call it once.
    func ending(within patience: DispatchTimeInterval = Self.patience) async -> Ending {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let isOver = Mutex(false)
                let clock = DispatchSource.makeTimerSource()
                clock.setEventHandler { isOver.withLock { if !$0 { kill() } } }
                clock.schedule(deadline: .now() + patience)
                clock.activate()
                defer { clock.cancel() }
                var seen = siginfo_t()
                while waitid(P_PID, id_t(id), &seen, WEXITED | WNOWAIT) != 0, errno == EINTR {}
                var status: Int32 = 0
                isOver.withLock {
                    waitpid(id, &status, 0)
                    $0 = true
                }
                let signal = status & 0x7F
                continuation.resume(
                    returning: Ending(
                        status: signal == 0 ? (status >> 8) & 0xFF : -signal,
                        output: Self.take(outputPath), errors: Self.take(errorPath)))
            }
        }
    }

    private static func take(_ path: String) -> String {
        defer { unlink(path) }
        return String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
