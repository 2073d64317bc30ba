public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles

/// Keeps the metrics of all networks of a process: in memory for whoever asks over HTTP, and in the text files that the
/// settings name, which are also how counters go on from one process to the next.
///
/// Several processes may write one file, as cron's rounds of several networks do: each reads, changes and replaces it
/// under a lock on its directory. A process that wrote it last need not read it again.
public actor MetricsLedger: MetricsKeeper {
    /// What one file says; the empty path is of networks without one.
    private struct Shelf {
        var book = MetricsBook()
        /// The sections with the original's names.
        var original = ""
        /// The file's state when this process wrote it last.
        var stamp: FileStamp?
    }

    private let version: String
    private let moments: any MomentSource
    private var shelves: [String: Shelf] = [:]
    private var isReloaded = true
    private var lastRead: UnixTime

    /// The largest file that is read; 1,000 edges' have 1 to 3 MiB.
    private static let limit = 64 * 1024 * 1024

    /// How long a file's directory is waited for.
    private static let patience: Duration = .seconds(10)

    /// Made once the configuration was read.
    ///
    /// - Parameter version: of the program, for `edgemanage_build_info`.
    public init(version: String, moments: any MomentSource) {
        self.version = version
        self.moments = moments
        lastRead = moments.now().wall
    }

    /// Notes how reading the configuration again went; it shows from each network's next round on.
    public func noteConfiguration(isUsable: Bool) {
        isReloaded = isUsable
        if isUsable { lastRead = moments.now().wall }
    }

    /// When edges' certificates end, as the last round noted it in a metrics file; nil: it can't be read.
    public static func certificateEnds(
        in path: String, network: NetworkName
    ) -> [String: UnixTime]? {
        guard let file = try? FileReading.readIfPresent(path, limit: limit),
            let book = try? MetricsBook(page: file.bytes)
        else { return nil }
        return book.certificateEnds(of: network)
    }

    /// Everything as text, format 0.0.4, for `/metrics`: the networks that this process ran, and those of their files.
    public func page() -> String {
        var all = MetricsBook()
        for (_, shelf) in shelves.sorted(by: { $0.key < $1.key }) { all.merge(shelf.book) }
        all.noteProcess(version: version, isReloaded: isReloaded, read: lastRead)
        return shelves.sorted { $0.key < $1.key }.reduce(all.page()) { $0 + $1.value.original }
    }

    /// Takes a round in and writes the network's file.
    public func note(
        _ round: MetricsRound, lastPublication: @escaping @Sendable () -> UnixTime?
    ) async -> ReportProblems {
        let network = round.report.network
        let gauges = round.settings.metrics.original ? OriginalGauges.edges(of: round) : nil
        let now = moments.now().wall
        let problems = await change(round.settings) { shelf in
            shelf.book.note(round)
            shelf.original = OriginalGauges.text(
                gauges, network: network, after: shelf.original, now: now)
        }
        let book = shelves[round.settings.metrics.file ?? ""]?.book
        guard problems.failures.isEmpty, book?.knowsPublication(of: network) == false,
            let time = lastPublication()
        else { return problems }
        // The database may lock the very directory: it is asked while this has no lock.
        let more = await change(round.settings) { $0.book.notePublication(of: network, at: time) }
        return ReportProblems(
            failures: more.failures, notes: problems.notes + more.notes)
    }

    /// Counts a round that could not be run, and writes the network's file.
    public func noteRefusal(_ settings: NetworkSettings) async -> ReportProblems {
        await change(settings) { $0.book.noteRefusal(of: settings.network) }
    }

    /// Changes what is said of a network, in memory and in its file.
    ///
    /// The file's lock is waited for, and others are served meanwhile; once it is had nothing is waited for any more,
    /// so that a shelf is read, changed and put back in one go.
    private func change(
        _ settings: NetworkSettings, _ body: (inout Shelf) -> Void
    ) async -> ReportProblems {
        let path = settings.metrics.file ?? ""
        for other in shelves.keys where other != path {
            shelves[other]?.book.forget(settings.network)
        }
        var problems = ReportProblems()
        var lock: (any HeldLock)?
        do {
            if !path.isEmpty {
                lock = try await DirectoryLock.take(
                    besideFile: path, waiting: Self.patience, by: moments)
            }
        } catch {
            problems.failures.append("the metrics were not written: \(error)")
        }
        defer { lock?.release() }
        var shelf = shelves[path] ?? Shelf()
        defer { shelves[path] = shelf }
        do {
            if lock != nil { problems.notes += try read(path, into: &shelf) }
        } catch {
            problems.failures.append("the metrics were not written: \(error)")
        }
        apply(body, to: &shelf, settings)
        guard lock != nil, problems.failures.isEmpty else { return problems }
        do {
            let text = shelf.book.page() + shelf.original
            shelf.stamp = try AtomicFile.write(path, Array(text.utf8), durable: false)
        } catch {
            problems.failures.append("the metrics were not written: \(error)")
        }
        return problems
    }

    private func apply(
        _ body: (inout Shelf) -> Void, to shelf: inout Shelf, _ settings: NetworkSettings
    ) {
        body(&shelf)
        shelf.book.noteProcess(version: version, isReloaded: isReloaded, read: lastRead)
        if let declared = settings.declaredNetworks {
            shelf.book.forgetNetworks(besides: declared)
        }
    }

    /// Whether a file is the one that was written: putting it in its place changed its ctime.
    private static func isSame(_ present: FileStamp, _ written: FileStamp?) -> Bool {
        guard let written else { return false }
        return present.inode == written.inode && present.size == written.size
            && present.modified == written.modified
    }

    /// Takes over what another process wrote since; of a damaged file it is told, and it is written anew.
    private func read(_ path: String, into shelf: inout Shelf) throws -> [String] {
        guard let present = try FileReading.readIfPresent(path, limit: Self.limit) else {
            return []
        }
        guard !Self.isSame(present.stamp, shelf.stamp) else { return [] }
        do {
            shelf.book = try MetricsBook(page: present.bytes)
            shelf.original = OriginalGauges.sections(in: present.bytes)
            return []
        } catch {
            let anew =
                shelf.stamp == nil
                ? "its counters begin anew" : "it is written as this process knows it"
            return ["\(path) is no page of metrics as edgemanage writes it (\(error)): \(anew)"]
        }
    }
}
