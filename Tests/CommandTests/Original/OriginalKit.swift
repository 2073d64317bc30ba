import EdgeCore
import EdgeShell
import EdgeTesting
import Synchronization

@testable import edgemanage

/// Locks that are free, or held by process 4711, and that remember what was asked of them.
final class ScriptedLocks: LockService {
    struct Held: HeldLock {
        func release() {}
    }

    let isBusy: Bool
    let asked = Mutex<[String]>([])

    init(isBusy: Bool = false) {
        self.isBusy = isBusy
    }

    func lockNetwork(_ network: NetworkName, database: String) throws -> any HeldLock { Held() }

    func lockShared(_ path: String, waiting: Duration) async throws -> any HeldLock {
        asked.withLock { $0.append("\(path) \(waiting)") }
        if isBusy { throw LockBusy(path: path, holder: 4711) }
        return Held()
    }
}

/// Lines that a closure was given.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

enum OriginalKit {
    static let network: NetworkName = "mynet"
    static let now = UnixTime(seconds: 1_700_000_000)

    static func edges(_ names: String...) -> [EdgeName] { names.map { EdgeName($0)! } }

    static func settings(
        liveCount: Int = 2, minLive: Int? = nil, lockFile: String? = "/run/lock"
    ) -> NetworkSettings {
        NetworkSettings(
            network: network, format: .original,
            object: TestObject(host: "example.net", path: "/", localFile: "/x"),
            selection: SelectionSettings(liveCount: liveCount, minLive: minLive),
            dns: DNSSettings(primary: "ns.", mailbox: "m.", nameServers: []), edges: .inline([]),
            zoneIncludes: "", publish: PublishSettings(directory: ""),
            original: OriginalFiles(lockFile: lockFile), database: "")
    }

    /// The error's outcome, for arguments that must fail.
    static func failure<Value>(_ result: Result<Value, UsageError>) -> OriginalOutcome? {
        if case .failure(let error) = result { error.outcome(version: "1.2.3") } else { nil }
    }
}
