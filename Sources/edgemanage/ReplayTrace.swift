import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemReport

/// What `edgemanage replay` reads: lines, a database of this program, or the original's edgestore files.
enum ReplayTrace {
    case lines(RewindableFile)
    case database(SQLiteStore, networks: [NetworkName])
    case files(EdgeStoreTrace)

    /// How every SQLite database begins.
    private static let databaseMark = Array("SQLite format 3\0".utf8)

    /// Opens what `path` names and sees what it is; `-` is standard input.
    init(_ path: String) throws {
        do {
            if path != "-", EdgeStoreTrace.isMeant(by: path) {
                let files = try EdgeStoreTrace(path, now: SystemMomentSource().now().wall)
                files.notes.forEach { Terminal.say("edgemanage: \($0)", to: .standardError) }
                self = .files(files)
                return
            }
            let file = try RewindableFile(path, longest: TraceLineReader.longestLine)
            guard try file.head(Self.databaseMark.count) == Self.databaseMark else {
                self = .lines(file)
                return
            }
            guard path != "-" else {
                throw CommandFailure(
                    message: "standard input is a database: give its path instead of -")
            }
            let store = try SQLiteStore(path: path, access: .readOnly)
            for warning in store.takeWarnings() { throw CommandFailure(message: warning) }
            self = .database(store, networks: try store.networks())
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(message: "\(error)")
        }
    }

    /// The networks that it tells of; empty: it does not say.
    var networks: [NetworkName] {
        switch self {
        case .lines, .files: []
        case .database(_, let networks): networks
        }
    }

    /// The network that is read: the one named, of a database with one network that one.
    func network(named text: String?, or settings: NetworkName) throws -> NetworkName {
        guard case .database(let store, let networks) = self else { return settings }
        if let known = networks.first(where: { $0 == settings }) { return known }
        guard text == nil, let only = networks.first, networks.count == 1 else {
            let known = networks.isEmpty ? "it has none" : "it has \(networks.fewWords)"
            throw CommandFailure(
                message: "\(store.path) knows no network \(settings); \(known)")
        }
        return only
    }

    /// All edges of the trace. Lines are read to their end for it: a wrong one is told before anything else is.
    func edges(of network: NetworkName) throws -> [EdgeName] {
        switch self {
        case .lines(let file): try Self.read(file) { _ in }
        case .files(let files): files.edges
        case .database(let store, _): try Self.worded { try store.tracedEdges(network) }
        }
    }

    /// Hands every round to `body`, oldest first.
    ///
    /// - Parameter timeout: what failed probes were counted as where only their samples are kept.
    func replay(
        of network: NetworkName, timeout: Duration, _ body: (TraceRound) -> Void
    ) throws {
        switch self {
        case .lines(let file): _ = try Self.read(file, body)
        case .files(let files): files.replay(timeout: timeout, body)
        case .database(let store, _):
            try Self.worded { try store.replaySamples(network, timeout: timeout, body) }
        }
    }

    private static func worded<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(message: "\(error)")
        }
    }

    /// Reads all lines; the edges that they tell of.
    private static func read(
        _ file: RewindableFile, _ body: (TraceRound) -> Void
    ) throws -> [EdgeName] {
        var reader = TraceLineReader()
        var rounds = TraceRounds()
        try worded {
            try file.lines(longest: TraceLineReader.longestLine + 1) { number, bytes in
                do throws(TraceProblem) {
                    guard let line = try reader.read(bytes) else { return }
                    if let round = try rounds.add(line) { body(round) }
                } catch {
                    throw CommandFailure(message: "\(file.name):\(number): \(error)")
                }
            }
        }
        if let round = rounds.finish() { body(round) }
        return reader.edgeNames
    }
}
