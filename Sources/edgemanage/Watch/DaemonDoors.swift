import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemFiles
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#endif

/// Where the daemon can be reached: the socket for commands, the address for page and API.
struct DaemonDoors: Sendable {
    private let settings: ServerSettings
    private let path: String?
    private let lock: (any HeldLock)?
    private let token: String?
    private let log: OperatorLog?

    /// Takes the socket over from a daemon that was killed, and reads the token.
    ///
    /// - Throws: `CommandFailure` when another daemon has the socket, or the token can't be used.
    init(_ settings: ServerSettings, besides database: String, log: OperatorLog?) throws {
        self.settings = settings
        self.log = log
        path = settings.socketPath(besides: database)
        token = try settings.tokenFile.map(Self.token)
        guard let path else {
            lock = nil
            return
        }
        guard path.utf8.count <= ServerSettings.longestSocketPath else {
            throw CommandFailure(
                message:
                    "the socket's path \(path) is longer than \(ServerSettings.longestSocketPath) bytes: "
                    + "set server.socket, or none")
        }
        do {
            lock = try Workplace.locks.lockFile("\(path).lock")
        } catch let busy as LockBusy {
            throw CommandFailure(
                message: "another daemon runs already: \(busy)")
        } catch {
            throw CommandFailure(message: "\(error)")
        }
        try Self.removeSocket(path)
        if let group = settings.group, getgrnam(group) == nil {
            throw CommandFailure(
                message: "server.group: this system has no group \(group)")
        }
    }

    /// A socket that a killed daemon left behind would be in the way; anything else at its path is not touched.
    private static func removeSocket(_ path: String) throws(CommandFailure) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw CommandFailure(
                message: "\(path) is no socket: set server.socket to a path that is free")
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw CommandFailure(
                message:
                    "the old socket \(path) can't be removed: "
                    + String(cString: strerror(errno)))
        }
    }

    private static func token(in path: String) throws -> String {
        do {
            guard let bytes = try FileReading.readPrivate(path, limit: 4096, refusing: 0o077) else {
                throw CommandFailure(
                    message: "server.token: others may read \(path); chmod 600 it")
            }
            let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
            guard token.utf8.count >= 16 else {
                throw CommandFailure(
                    message: "server.token: \(path) holds less than 16 characters; make one by "
                        + "openssl rand -hex 32")
            }
            return token
        } catch let error as FileError {
            throw CommandFailure(message: "server.token: \(error)")
        }
    }

    /// What serves the daemon's API.
    func services(of watch: Watch) -> [any Service] {
        var services: [any Service] = []
        if let path {
            let group = settings.group
            let log = log
            services.append(
                DaemonServer(
                    watch, at: .socket(path: path), gate: .peers(group: group),
                    logger: Daemon.quiet
                ) { _ in
                    Self.open(path, to: group, log: log)
                })
        }
        if let listen = settings.listen {
            let log = log
            services.append(
                DaemonServer(
                    watch, at: .address(listen),
                    gate: .network(hosts: settings.allowedHosts, token: token),
                    logger: Daemon.quiet,
                    onListening: { bound in
                        if let bound { log?.write(.notice, "listening at http://\(bound)/") }
                        watch.note(listenTrouble: nil)
                    },
                    // Publishing goes on without a page.
                    onTrouble: { failure in
                        guard watch.note(listenTrouble: failure.description) else { return }
                        log?.write(.error, "\(failure); it is tried again")
                    }))
        }
        return services
    }

    /// Lets the group at the socket; the kernel says who asks, and that is looked at too.
    private static func open(_ path: String, to group: String?, log: OperatorLog?) {
        let id = group.flatMap { getgrnam($0) }.map(\.pointee.gr_gid)
        if let id, chown(path, .max, id) != 0 {
            log?.write(
                .warning,
                "the socket \(path) can't be given to group \(group ?? ""): "
                    + String(cString: strerror(errno)))
        }
        chmod(path, id == nil ? 0o600 : 0o660)
    }

    /// Removes the socket and lets its lock go.
    func close() {
        if let path { unlink(path) }
        lock?.release()
    }
}
