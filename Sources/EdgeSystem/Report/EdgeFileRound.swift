internal import EdgeCore
internal import EdgeShell

/// One round's part of each edge: its file, and the mean that the metrics show.
struct EdgeFileRound: Sendable {
    let report: RoundReport
    let settings: NetworkSettings
    let history: any EdgeHistorySource
    private let changed: Set<EdgeName>

    init(report: RoundReport, settings: NetworkSettings, history: any EdgeHistorySource) {
        self.report = report
        self.settings = settings
        self.history = history
        changed = Set(report.added).union(report.removed)
    }

    private var now: UnixTime { report.moment.wall }

    /// How many of the newest samples are needed: two to see whether the file is the last round's,
    /// and those of the window where metrics are written.
    private var sampleLimit: Int {
        guard settings.original.prometheusDirectory != nil else { return 2 }
        let interval = max(settings.interval, .seconds(1))
        return min(max(2, Int(settings.judge.window / interval) + 2), settings.judge.keptSamples)
    }

    func carryOut(_ edge: EdgeReport) -> OriginalFileReporter.EdgeOutcome {
        var outcome = OriginalFileReporter.EdgeOutcome(
            edge: edge, windowMean: nil, problems: ReportProblems())
        let recent: [EdgeStoreFile.Fetch]
        do {
            recent = try history.samples(of: edge.name, in: report.network, limit: sampleLimit)
        } catch {
            outcome.problems.failures = [
                "the history of \(edge.name) can't be read: \(error)"
            ]
            return outcome
        }
        outcome.windowMean = windowMean(recent, edge)
        if let directory = settings.original.healthStore {
            outcome.problems = write(edge, recent: recent, to: directory)
        }
        return outcome
    }

    /// The mean of the window's samples, this round's included.
    private func windowMean(_ recent: [EdgeStoreFile.Fetch], _ edge: EdgeReport) -> Duration? {
        var sum = SampleSum()
        for fetch in recent where !isOwn(fetch) && now.since(fetch.time) <= settings.judge.window {
            sum = sum.adding(fetch.duration)
        }
        return (newSample(of: edge).map(sum.adding) ?? sum).mean
    }

    /// The sample that this round adds; nil: none, or the database has it from the round before.
    private func newSample(of edge: EdgeReport) -> Duration? {
        report.isStanding ? nil : edge.sample
    }

    /// Whether a sample is this round's; the database may keep fewer digits of the time.
    private func isOwn(_ fetch: EdgeStoreFile.Fetch) -> Bool {
        abs(now.since(fetch.time)) < .milliseconds(2)
    }

    private func write(
        _ edge: EdgeReport, recent: [EdgeStoreFile.Fetch], to directory: String
    ) -> ReportProblems {
        let update = EdgeStoreUpdate(
            fetch: newSample(of: edge).map { .init(time: now, duration: $0) }, health: edge.health,
            mode: edge.mode, isLive: edge.isLive,
            rotation: changed.contains(edge.name) ? now : nil)
        let previous = recent.last { !isOwn($0) }
        let writer = EdgeFileWriter(
            directory: directory, network: report.network, history: history, now: now)
        return writer.write(
            edge.name, update,
            isCurrent: { last in
                guard let previous, let last else { return previous == nil && last == nil }
                return abs(previous.time.since(last.time)) < .seconds(1)
            }, update)
    }

    private func abs(_ duration: Duration) -> Duration {
        duration < .zero ? .zero - duration : duration
    }
}
