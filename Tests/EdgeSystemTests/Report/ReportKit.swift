import EdgeCore
import EdgeShell
import Glibc
import Synchronization

/// A directory that goes when its owner does.
final class ScratchDirectory {
    let path: String

    init() {
        var template = Array("/tmp/edgemanage-report-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var names: [String] {
        guard let entries = opendir(path) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) {
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func bytes(_ name: String) -> [UInt8]? {
        guard let file = fopen("\(path)/\(name)", "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return bytes
    }

    func text(_ name: String) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    func inode(_ name: String) -> UInt64 {
        var status = stat()
        return stat("\(path)/\(name)", &status) == 0 ? UInt64(status.st_ino) : 0
    }
}

/// A history that is kept in memory and counts what it is asked for.
final class ScriptedHistory: EdgeHistorySource {
    struct Broken: Error {}

    struct State {
        var samples: [EdgeName: [EdgeStoreFile.Fetch]] = [:]
        var rotations: [EdgeName: [UnixTime]] = [:]
        var networkRotations: [UnixTime] = []
        var fullReads = 0
        var isBroken = false
    }

    let state = Mutex(State())

    func samples(
        of edge: EdgeName, in network: NetworkName, limit: Int
    ) throws -> [EdgeStoreFile.Fetch] {
        try state.withLock {
            if $0.isBroken { throw Broken() }
            if limit == EdgeStoreFile.maximumEntries { $0.fullReads += 1 }
            return Array(($0.samples[edge] ?? []).suffix(limit))
        }
    }

    func hourlyMeans(
        of edge: EdgeName, in network: NetworkName
    ) throws -> [EdgeStoreFile.Fetch] {
        []
    }

    func rotationHistory(of edge: EdgeName, in network: NetworkName) throws -> [UnixTime] {
        state.withLock { $0.rotations[edge] ?? [] }
    }

    func rotations(of network: NetworkName) throws -> [UnixTime] {
        state.withLock { $0.networkRotations }
    }
}

/// A network whose rounds are reported.
struct ReportWorld {
    let directory = ScratchDirectory()
    let history = ScriptedHistory()
    var now = UnixTime(nanoseconds: 1_700_000_000_123_456_789)
    let network = NetworkName(String("mynet"))!

    func settings(_ change: (inout OriginalFiles, String) -> Void) -> NetworkSettings {
        var files = OriginalFiles()
        change(&files, directory.path)
        return NetworkSettings(
            network: network, format: .original,
            object: TestObject(host: "example.net", path: "/", localFile: "/x"),
            selection: SelectionSettings(liveCount: 2),
            dns: DNSSettings(primary: "ns.", mailbox: "m.", nameServers: []), edges: .inline([]),
            zoneIncludes: "", publish: PublishSettings(directory: ""), original: files,
            database: "")
    }

    /// Adds a sample to the history and says so in the edge's report.
    func edge(
        _ name: String, sample: Duration? = .milliseconds(14), mode: ModeRecord = ModeRecord(),
        isLive: Bool = true, isCanary: Bool = false, health: Health = .passThreshold
    ) -> EdgeReport {
        let name = EdgeName(name)!
        if let sample {
            history.state.withLock {
                $0.samples[name, default: []].append(.init(time: now, duration: sample))
            }
        }
        return EdgeReport(
            name: name, isCanary: isCanary, health: health, mode: mode, isLive: isLive,
            sample: sample, fetchTime: sample, mean: sample)
    }

    func report(_ edges: [EdgeReport]) -> RoundReport {
        RoundReport(
            network: network, moment: Moment(wall: now, sinceBoot: .seconds(1), bootID: "b"),
            edges: edges,
            live: edges.filter { $0.isLive && !$0.isCanary }.map {
                LiveEdge(name: $0.name, addresses: EdgeAddresses())
            })
    }

    func stored(_ name: String) throws -> EdgeStoreFile? {
        try directory.bytes("\(name).edgestore").map {
            try EdgeStoreFile.decode($0, now: UnixTime(seconds: 1_900_000_000)).value
        }
    }
}
