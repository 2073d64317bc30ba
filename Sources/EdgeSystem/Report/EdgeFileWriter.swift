internal import EdgeCore
internal import EdgeShell
internal import EdgeSystemFiles

/// Brings one edge's file up to date: spliced where it is the last round's, else written anew from
/// the database.
struct EdgeFileWriter: Sendable {
    let directory: String
    let network: NetworkName
    let history: any EdgeHistorySource
    let now: UnixTime

    /// - Parameters:
    ///   - isCurrent: whether a file with this newest sample is the one to add to.
    ///   - fallback: the update for a file that is written anew.
    /// - Returns: a sentence for each thing that went wrong or was noticed.
    func write(
        _ edge: EdgeName, _ update: EdgeStoreUpdate,
        isCurrent: (EdgeStoreFile.Fetch?) -> Bool, _ fallback: EdgeStoreUpdate
    ) -> ReportProblems {
        let path = OriginalFileReader.edgeStorePath(of: edge, in: directory)
        var problems = ReportProblems()
        do {
            let present = try? FileReading.readIfPresent(path, limit: JSONValue.maximumSize)
            let splice = present.flatMap { EdgeStoreSplice($0.bytes) }
            if let splice {
                problems.notes += drift(edge, path, splice.mode, splice.stateEntryTime, update)
                if isCurrent(splice.lastFetch), let bytes = splice.applying(update) {
                    try AtomicFile.write(path, bytes, durable: false)
                    return problems
                }
            } else {
                problems.notes += inspectForeign(edge, path, update)
            }
            let file = try rebuilt(edge, fallback)
            try AtomicFile.write(path, file.encoded(), durable: false)
        } catch {
            problems.failures.append("\(path) was not written: \(error)")
        }
        return problems
    }

    /// Looks into a file of another layout: sets it aside if damaged, else compares its mode.
    private func inspectForeign(
        _ edge: EdgeName, _ path: String, _ update: EdgeStoreUpdate
    ) -> [String] {
        let loading = OriginalFileReader.load(path) { (bytes) throws(JSONError) in
            try EdgeStoreFile.decode(bytes, now: now)
        }
        switch loading {
        case .missing: return []
        case .unreadable(let reason): return [reason]
        case .corrupt(let problem):
            let reader = OriginalFileReader(files: OriginalFiles(), isDryRun: false)
            return [reader.setAside(path, problem: problem, now: now)]
        case .read(let decoded):
            guard !decoded.missing.contains("mode") else { return [] }
            return drift(edge, path, decoded.value.mode, decoded.value.stateEntryTime, update)
        }
    }

    private func drift(
        _ edge: EdgeName, _ path: String, _ mode: Mode, _ changed: UnixTime?,
        _ update: EdgeStoreUpdate
    ) -> [String] {
        // The time is the change's own when a command has just set the mode.
        guard let inForce = update.mode, inForce.changed.map({ $0 < now }) ?? true else {
            return []
        }
        let drift = ModeDrift.found(
            edge: edge, path: path, mode: mode, changed: changed, inForce: inForce)
        return drift.map { ["\($0)"] } ?? []
    }

    /// The whole file from the database. What this round adds is in it already, or is added.
    private func rebuilt(_ edge: EdgeName, _ update: EdgeStoreUpdate) throws -> EdgeStoreFile {
        let limit = EdgeStoreFile.maximumEntries
        var file = EdgeStoreFile(
            fetchTimes: try history.samples(of: edge, in: network, limit: limit),
            historicalAverage: try history.hourlyMeans(of: edge, in: network).suffix(limit),
            rotationHistory: try history.rotationHistory(of: edge, in: network).suffix(limit))
        // The database may keep fewer digits of the time; applying also brings the hour's mean up
        // to date.
        if let own = update.fetch, file.fetchTimes.last?.time.seconds == own.time.seconds {
            file.fetchTimes.removeLast()
        }
        if let own = update.rotation, file.rotationHistory.last?.seconds == own.seconds {
            file.rotationHistory.removeLast()
        }
        return file.applying(update)
    }
}
