public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles

/// Writes the original's files after each round, as far as they are configured: live list, state
/// file, edgestore files and `edgemanage.prom`.
///
/// All of them are derived from the database and replaced atomically. Live list and state file are
/// made durable; the edgestore files and the metrics are not, since there is one an edge and a
/// round, and after a power cut the next round writes them anew from the database.
public struct OriginalFileReporter: RoundReporter {
    private let history: any EdgeHistorySource

    /// - Parameter history: asked for the two newest samples of each edge, and for everything of an
    ///   edge whose file is missing or not the last round's.
    public init(history: any EdgeHistorySource) {
        self.history = history
    }

    /// Writes what is configured; a file that can't be written stops no other.
    public func report(_ report: RoundReport, settings: NetworkSettings) async -> ReportProblems {
        let files = settings.original
        var problems = ReportProblems()
        if let path = files.liveList { problems.failures += Self.writeLiveList(report, to: path) }
        if let path = files.stateFile { problems.failures += writeStateFile(report, to: path) }
        guard files.healthStore != nil || files.prometheusDirectory != nil else { return problems }
        let outcomes = await edgeOutcomes(report, settings: settings)
        problems.notes += outcomes.flatMap(\.problems.notes)
        problems.failures += Self.shortened(outcomes.flatMap(\.problems.failures))
        if let directory = files.prometheusDirectory {
            problems.failures += PrometheusFile(directory: directory).write(
                outcomes.filter { !$0.edge.isCanary }.map { ($0.edge, $0.windowMean) },
                network: report.network, now: report.moment.wall)
        }
        return problems
    }

    /// A full disk or a missing directory fails every edge's file: one is named, and how many more.
    private static func shortened(_ failures: [String]) -> [String] {
        guard let first = failures.first, failures.count > 1 else { return failures }
        return ["\(first) (and \(failures.count - 1) more files of edges)"]
    }

    /// The live edges, sorted, one a line; written when the set changed and when the file differs
    /// from it. Without a live set the old list stays.
    private static func writeLiveList(_ report: RoundReport, to path: String) -> [String] {
        guard !report.live.isEmpty else { return [] }
        let text = Array(
            report.live.map(\.name).sorted().map { "\($0)\n" }.joined().utf8)
        do {
            let present = try? FileReading.readIfPresent(path, limit: text.count)
            if present?.bytes == text { return [] }
            try AtomicFile.write(path, text)
            return []
        } catch {
            return ["\(error)"]
        }
    }

    private func writeStateFile(_ report: RoundReport, to path: String) -> [String] {
        do {
            let file = OriginalStateFile(
                rotationList: try history.rotations(of: report.network),
                lastRun: report.moment.wall, lastLive: report.live.map(\.name).sorted(),
                zoneTimes: report.includeTimes, activeCanaries: report.activeCanaries,
                verificationFailures: report.verificationFailures)
            try AtomicFile.write(path, file.encoded())
            return []
        } catch {
            return ["the state file \(path) was not written: \(error)"]
        }
    }

    /// What came of one edge.
    struct EdgeOutcome: Sendable {
        var edge: EdgeReport
        /// The mean of the judge's window.
        var windowMean: Duration?
        var problems: ReportProblems
    }

    /// Carries out every edge's part, a few side by side; in the report's order.
    private func edgeOutcomes(
        _ report: RoundReport, settings: NetworkSettings
    ) async -> [EdgeOutcome] {
        let round = EdgeFileRound(report: report, settings: settings, history: history)
        let size = max(50, (report.edges.count + 3) / 4)
        return await withTaskGroup(of: (Int, [EdgeOutcome]).self) { group in
            for start in stride(from: 0, to: report.edges.count, by: size) {
                group.addTask {
                    let part = report.edges[start..<min(start + size, report.edges.count)]
                    return (start, part.map { round.carryOut($0) })
                }
            }
            var parts: [(Int, [EdgeOutcome])] = []
            for await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}

extension OriginalFileReporter {
    /// Writes an edge's file after its mode was changed; returns a sentence for what went wrong.
    ///
    /// - Parameters:
    ///   - isLive: whether the edge is in the live set, for a file that must be made anew.
    ///   - health: its class, for the same case.
    public func modeChanged(
        _ edge: EdgeName, to mode: ModeRecord, isLive: Bool, health: Health?,
        settings: NetworkSettings, now: UnixTime
    ) -> [String] {
        guard let directory = settings.original.healthStore else { return [] }
        let writer = EdgeFileWriter(
            directory: directory, network: settings.network, history: history, now: now)
        let fallback = EdgeStoreUpdate(health: health, mode: mode, isLive: isLive)
        return writer.write(
            edge, EdgeStoreUpdate(mode: mode), isCurrent: { _ in true }, fallback
        ).all
    }
}
