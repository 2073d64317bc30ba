internal import Clinux
internal import Glibc
internal import Synchronization

/// A process that was started, and is ended by its id.
struct ServerProcess: Sendable {
    /// Why a program could not be started, or ended unasked.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let id: pid_t
    /// How it ended, once somebody waited.
    private let ending = Shared<Int32?>(nil)

    /// A value that copies of the process share.
    final class Shared<Value: Sendable>: Sendable {
        let value: Mutex<Value>

        init(_ value: Value) {
            self.value = Mutex(value)
        }
    }

    /// Starts a program found in PATH; what it prints goes to `log`.
    static func start(_ arguments: [String], log: String) throws -> ServerProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // The tests' own signal mask is not for it: it must take SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        var values: [UnsafeMutablePointer<CChar>?] = [strdup(path), strdup("LC_ALL=C"), nil]
        defer { (words + values).forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawnp(&id, arguments[0], &actions, &attributes, &words, &values)
        guard code == 0 else {
            throw Failure(
                description: "\(arguments[0]) could not be started: "
                    + String(cString: strerror(code)))
        }
        return ServerProcess(id: id)
    }

    /// Whether it has not ended.
    var isRunning: Bool {
        ending.value.withLock { ending in
            guard ending == nil else { return false }
            var status: Int32 = 0
            guard waitpid(id, &status, WNOHANG) == id else { return true }
            ending = status
            return false
        }
    }

    /// Its exit status once it ended; minus the signal when one ended it.
    var exitStatus: Int32? {
        ending.value.withLock { status in
            status.map { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : -($0 & 0x7F) }
        }
    }

    /// Sends a signal, while it runs.
    func signal(_ number: Int32) {
        if isRunning { kill(id, number) }
    }

    /// Stops it, and waits until each of its threads stands still: a signal that was sent has not arrived.
    func freeze() async {
        signal(SIGSTOP)
        while isRunning, !threadStates.allSatisfy({ $0 == "T" }) {
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    /// The state letter of each thread, as proc(5) has it; a space for one that ended just now.
    private var threadStates: [Character] {
        guard let folder = opendir("/proc/\(id)/task") else { return [] }
        defer { closedir(folder) }
        var states: [Character] = []
        while let entry = readdir(folder) {
            let thread = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !thread.hasPrefix(".") else { continue }
            states.append(state(ofThread: thread))
        }
        return states
    }

    private func state(ofThread thread: String) -> Character {
        guard let file = fopen("/proc/\(id)/task/\(thread)/stat", "r") else { return " " }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, Int32(line.count), file) != nil else { return " " }
        let text = String(
            decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // The name stands in parentheses, and may hold any letter.
        return text.split(separator: ")").last?.dropFirst().first ?? " "
    }

    /// Asks it to end, and waits; kills it after ten seconds.
    func stop() async {
        signal(SIGCONT)
        signal(SIGTERM)
        let patience = ContinuousClock.now + .seconds(10)
        while isRunning {
            if ContinuousClock.now > patience { signal(SIGKILL) }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }
}
