import EdgeCore
import EdgeLoopback
import EdgeShell
import EdgeSystemPublish
import EdgeTesting
import Foundation
import Synchronization
import Testing

/// A directory with a configuration, real edges on loopback, and the built program to run there.
final class CommandBench: Sendable {
    /// Everything is below it; removed at the end.
    let directory: String
    /// In the order of their addresses.
    let edges: [LoopbackEdge]
    private let loopback: LoopbackEdges

    static let object = Array("the very file that every edge must serve\n".utf8)
    /// The zone that every bench has.
    static let zone: ZoneName = "example.test"

    private static let benches = Mutex<Int>(0)

    /// Makes a bench, hands it to `body`, and takes it down whatever happens.
    static func with(
        edges count: Int = 4, certificate: TestCertificate? = nil,
        _ body: (CommandBench) async throws -> Void
    ) async throws {
        await BenchGate.shared.enter()
        let loopback = LoopbackEdges()
        do {
            let bench = try await CommandBench(
                count: count, certificate: certificate, loopback: loopback)
            defer { try? FileManager.default.removeItem(atPath: bench.directory) }
            try await body(bench)
        } catch {
            await loopback.stop()
            await BenchGate.shared.leave()
            throw error
        }
        await loopback.stop()
        await BenchGate.shared.leave()
    }

    private init(
        count: Int, certificate: TestCertificate?, loopback: LoopbackEdges
    ) async throws {
        let number = Self.benches.withLock { number in
            number += 1
            return number
        }
        directory = "\(NSTemporaryDirectory())edgemanage-bench-\(UUID().uuidString)"
        self.loopback = loopback
        let prefix = "127.\(100 + Int(getpid()) % 100).\(number % 250)"
        var edges: [LoopbackEdge] = []
        for index in 0..<count {
            edges.append(
                try await loopback.start(
                    address: "\(prefix).\(index + 1)", port: edges.first?.port ?? 0,
                    certificate: certificate, object: Self.object))
        }
        self.edges = edges
        for folder in ["zones", "includes/web"] {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(folder)", withIntermediateDirectories: true)
        }
        try write("object.txt", String(decoding: Self.object, as: UTF8.self))
        try write("edges/web", edges.map { $0.address + "\n" }.joined())
        try write(
            "includes/web/\(Self.zone).zone", "mail 3600 IN A 192.0.2.25\n@ 3600 IN MX 10 mail\n")
    }

    /// The addresses of the edges with these places, counted from 1.
    func addresses(_ places: Int...) -> [String] { places.map { edges[$0 - 1].address } }

    /// The edge with this address.
    func edge(_ address: String) throws -> LoopbackEdge {
        try #require(edges.first { $0.address == address })
    }

    /// Starts an edge anew with another certificate, where it was.
    func restart(_ edge: LoopbackEdge, with certificate: TestCertificate) async throws {
        await edge.stop()
        _ = try await loopback.start(
            address: edge.address, port: edge.port, certificate: certificate, object: Self.object)
    }

    /// The port of all edges.
    var port: UInt16 { edges.first?.port ?? 0 }

    // MARK: Files

    /// The absolute path of a file of the bench.
    func path(_ name: String) -> String { name.hasPrefix("/") ? name : "\(directory)/\(name)" }

    /// Writes a whole file, and makes its directory.
    func write(_ name: String, _ text: String) throws {
        let file = path(name)
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    /// A file's text; empty when there is none.
    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
    }

    /// Removes a file.
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }

    /// Whether there is such a file.
    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Every file below the bench with its size, modification time and inode, so that two listings
    /// are equal only when nothing was written in between.
    func listing() throws -> [String: String] {
        var found: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            // Of a link, the link's own.
            guard let state = try? FileManager.default.attributesOfItem(atPath: path(name)),
                let time = state[.modificationDate] as? Date
            else { continue }
            found[name] =
                "\(state[.size] ?? 0) \(time.timeIntervalSinceReferenceDate) "
                + "\(state[.systemFileNumber] ?? 0)"
        }
        return found
    }

    // MARK: Zones

    /// A published zone as it is read back; its file must parse.
    func published(
        _ zone: ZoneName = zone, in folder: String = "zones",
        at location: SourceLocation = #_sourceLocation
    ) throws -> PublishedText {
        let file = "\(folder)/\(zone).zone"
        let text = text(file)
        let parsed = LdnsZoneParser().parse(Array(text.utf8), zone: zone, file: file)
        switch parsed {
        case .success(let zone): return PublishedText(text: text, zone: zone)
        case .failure(let refusal):
            Issue.record("\(refusal): \(text)", sourceLocation: location)
            throw refusal
        }
    }

    // MARK: Running

    /// The package's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The program that is tested: built beside the tests.
    static let program: String = {
        let bundle = Bundle.allBundles.map(\.bundlePath) + [CommandLine.arguments[0]]
        let folders = bundle.map { ($0 as NSString).deletingLastPathComponent }
        let candidates = (folders + [root.path(percentEncoded: false) + ".build/debug"])
            .map { "\($0)/edgemanage" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? candidates.last ?? ""
    }()

    /// Starts the program, under one of the original's names when `name` is given.
    func start(
        _ arguments: [String], as name: String? = nil, environment: [String: String] = [:]
    ) throws -> ChildProcess {
        var program = Self.program
        if let name {
            try FileManager.default.createDirectory(
                atPath: path("bin"), withIntermediateDirectories: true)
            program = path("bin/\(name)")
            symlink(Self.program, program)
        }
        return try ChildProcess.start(
            program, arguments, directory: directory, environment: Self.environment(environment))
    }

    /// Starts the program at a terminal of its own.
    func start(
        _ arguments: String..., atTerminal lines: UInt16, by columns: UInt16
    ) throws -> TerminalChild {
        try TerminalChild(
            [Self.program] + arguments, directory: directory,
            environment: Self.environment(["LC_ALL": "C.UTF-8", "TERM": "xterm-256color"]),
            lines: lines, columns: columns)
    }

    /// Runs the program to its end.
    @discardableResult
    func run(
        _ arguments: String..., as name: String? = nil, environment: [String: String] = [:]
    ) async throws -> ChildProcess.Ending {
        try await start(arguments, as: name, environment: environment).ending()
    }

    /// Runs another program, found in PATH, to its end.
    func tool(_ arguments: String...) async throws -> ChildProcess.Ending {
        try await tool(arguments)
    }

    /// Runs another program, found in PATH, to its end.
    func tool(
        _ arguments: [String], within patience: DispatchTimeInterval = ChildProcess.patience
    ) async throws -> ChildProcess.Ending {
        try await ChildProcess.start(
            "env", arguments, directory: directory, environment: Self.environment([:])
        ).ending(within: patience)
    }

    private static func environment(_ own: [String: String]) -> [String: String] {
        var all = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        all["LC_ALL"] = "C"
        all["COLUMNS"] = "80"
        all["TMPDIR"] = NSTemporaryDirectory()
        return all.merging(own) { $1 }
    }

    /// Runs a round that must succeed.
    @discardableResult
    func round(
        _ arguments: String..., at location: SourceLocation = #_sourceLocation
    ) async throws -> ChildProcess.Ending {
        let words = ["run", "-c", "edgemanage.yaml", "--force"] + arguments
        let ending = try await start(words).ending()
        #expect(ending.status == 0, "\(ending.everything)", sourceLocation: location)
        return ending
    }

    /// Runs a command on the bench's configuration; everything that it said.
    func command(
        _ words: String..., expecting status: Int32 = 0,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let ending = try await start(words + ["-c", "edgemanage.yaml"]).ending()
        #expect(ending.status == status, "\(ending.everything)", sourceLocation: location)
        return ending.everything
    }

    /// Runs the first round with the first `live` edges alone, so that it is these that are live;
    /// then the edge list has them all.
    func begin(live: Int = 2, at location: SourceLocation = #_sourceLocation) async throws {
        let names = edges.map { $0.address + "\n" }
        try write("edges/web", names.prefix(live).joined())
        try await round(at: location)
        try write("edges/web", names.joined())
    }

    /// Runs rounds until one could probe every edge: on a machine that stands still a round holds
    /// nothing against edges.
    func judgingRound() async throws -> ChildProcess.Ending {
        for _ in 1...5 {
            let round = try await round()
            let status = try await status()
            guard status.edges.contains(where: { $0.detail.contains("from here") }) else {
                return round
            }
        }
        return try await round()
    }

    /// Waits until something is so, for half a minute at most.
    func wait(
        until condition: () -> Bool, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while !condition() {
            try #require(ContinuousClock.now < deadline, sourceLocation: location)
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// What `edgemanage status --json` says of a network.
    func status(_ network: String = "web") async throws -> StatusDocument {
        let ending = try await run("status", "-c", "edgemanage.yaml", "--json", network)
        #expect(ending.status == 0, "\(ending.everything)")
        return try JSONDecoder().decode(StatusDocument.self, from: Data(ending.output.utf8))
    }
}

/// A zone file's text and what it says.
struct PublishedText: Equatable {
    var text: String
    var zone: ParsedZone

    var serial: UInt32 { zone.serial.value }

    /// The addresses at the apex.
    var addresses: [String] {
        let apex = zone.records.first { $0.type == "SOA" }?.owner ?? ""
        return zone.records.filter { $0.owner == apex && ["A", "AAAA"].contains($0.type) }
            .map(\.data)
    }

    /// Every record but the SOA, as `owner ttl type data`.
    var lines: Set<String> {
        Set(
            zone.records.filter { $0.type != "SOA" }
                .map { "\($0.owner) \($0.ttl) \($0.type) \($0.data)" })
    }
}

/// The fields of `status --json` that tests look at.
struct StatusDocument: Decodable {
    var schema: Int
    var generation: Int
    var live: [String]
    var budgetRemaining: Int
    var edges: [Edge]
    var holds: [Hold]
    var rotationHold: String?
    var troubles: [String]

    /// One edge.
    struct Edge: Decodable {
        var edge: String
        var mode: String
        var health: String?
        var state: String?
        var detail: String
        var comment: String
    }

    /// One thing that waits.
    struct Hold: Decodable {
        var message: String
        var approvable: Bool
    }
}
