internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// A real name server on loopback, in a directory of its own, for tests and benchmarks.
public final class RealServer: Sendable {
    /// Which program.
    public enum Kind: String, Sendable, CaseIterable {
        case bind, knot, nsd, powerdns
        /// PowerDNS with SQLite behind it: takes updates.
        case powerdnsSQLite = "powerdns-sqlite"
    }

    public let kind: Kind
    /// Configuration, keys and logs stand below it.
    public let directory: String
    /// Where it answers, on 127.0.0.1.
    public let port: UInt16
    /// The control command and its first arguments.
    public let control: [String]
    /// The TSIG key that may update dynamic zones, in a file as tsig-keygen writes it.
    public let keyFile: String
    private let process: ServerProcess.Shared<ServerProcess>
    private let command: [String]

    init(
        kind: Kind, directory: String, port: UInt16, control: [String], command: [String]
    ) async throws {
        self.kind = kind
        self.directory = directory
        self.port = port
        self.control = control
        self.command = command
        keyFile = "\(directory)/update.key"
        process = ServerProcess.Shared(
            try ServerProcess.start(command, log: "\(directory)/output.log"))
        try await waitUntilReady()
    }

    /// Starts a server of a kind; other ports are tried when somebody else has taken one.
    public static func start(
        _ kind: Kind, zones: [HostedZone], directory: String, options: Options = Options()
    ) async throws -> RealServer {
        var last: any Error = ServerProcess.Failure(description: "not started")
        for _ in 0..<5 {
            do {
                try? FileManager.default.removeItem(atPath: directory)
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true)
                return try await ServerLayout(
                    kind: kind, zones: zones, directory: directory, options: options
                ).start()
            } catch {
                last = error
            }
        }
        throw last
    }

    /// A port on loopback that nobody uses, for servers that must know each other's beforehand.
    public static func freePort() -> UInt16 { FreePort.next() }

    /// What can be set besides the zones.
    public struct Options: Sendable {
        /// Secondaries on loopback that are notified.
        public var notifies: [UInt16]
        /// A catalog zone that this server takes its zones from: its name and its primary's port.
        public var catalog: (zone: String, primary: UInt16)?
        /// A catalog zone of its own, whose file stands in this directory.
        public var servesCatalog: (zone: String, file: String)?
        /// Whether zones can be added while it runs.
        public var allowsNewZones: Bool
        /// Where it answers; nil: at any free port.
        public var port: UInt16?
        /// The algorithm of the key that may update.
        public var keyAlgorithm: String

        public init(
            notifies: [UInt16] = [], catalog: (zone: String, primary: UInt16)? = nil,
            servesCatalog: (zone: String, file: String)? = nil, allowsNewZones: Bool = false,
            port: UInt16? = nil, keyAlgorithm: String = "hmac-sha256"
        ) {
            self.port = port
            self.keyAlgorithm = keyAlgorithm
            self.notifies = notifies
            self.catalog = catalog
            self.servesCatalog = servesCatalog
            self.allowsNewZones = allowsNewZones
        }
    }

    /// What it logged and printed.
    public var log: String {
        ["server.log", "output.log"].map { name in
            let data = FileManager.default.contents(atPath: "\(directory)/\(name)")
            return String(decoding: data ?? Data(), as: UTF8.self)
        }.joined()
    }

    private func waitUntilReady() async throws {
        let patience = ContinuousClock.now + .seconds(30)
        while true {
            guard process.value.withLock({ $0.isRunning }) else {
                throw ServerProcess.Failure(description: "\(kind) ended at its start: \(log)")
            }
            if try await tell(readiness) == 0 { return }
            guard ContinuousClock.now < patience else {
                await stop()
                throw ServerProcess.Failure(description: "\(kind) does not get ready: \(log)")
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private var readiness: [String] {
        switch kind {
        case .bind, .knot, .nsd: ["status"]
        case .powerdns, .powerdnsSQLite: ["rping"]
        }
    }

    /// Runs its control command; the exit status.
    @discardableResult
    public func tell(_ arguments: [String]) async throws -> Int32 {
        try await Self.run(control + arguments, log: "\(directory)/control.log")
    }

    /// Runs a program to its end; its exit status.
    @discardableResult
    public static func run(_ arguments: [String], log: String) async throws -> Int32 {
        let process = try ServerProcess.start(arguments, log: log)
        while process.isRunning { try? await Task.sleep(for: .milliseconds(2)) }
        return process.exitStatus ?? -1
    }

    /// Ends it; it can be started again.
    public func stop() async {
        await process.value.withLock { $0 }.stop()
    }

    /// Starts it again, as it was configured.
    public func restart() async throws {
        let next = try ServerProcess.start(command, log: "\(directory)/output.log")
        process.value.withLock { $0 = next }
        try await waitUntilReady()
    }

    /// Stops it in its tracks; no thread of it does anything any more once this returns.
    public func freeze() async {
        await process.value.withLock { $0 }.freeze()
    }

    /// Lets it go on after `freeze()`.
    public func thaw() {
        process.value.withLock { $0.signal(SIGCONT) }
    }
}
