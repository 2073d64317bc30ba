import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeSystemReport

/// Takes over the original's files for commands that come before the first round.
enum OriginalTakeover {
    /// Adopts the files of edges that the database does not know; for reading alone into memory, as long as
    /// there is no database. Files that can't be understood are left to the round to set aside.
    static func adopt(
        into store: SQLiteStore, settings: NetworkSettings, edges: [EdgeName], now: Moment
    ) throws {
        let files = settings.original
        guard files.healthStore != nil || files.stateFile != nil else { return }
        let known = try store.knownEdges(settings.network)
        let unknown = edges.filter { !known.contains($0) }
        var rest = unknown[...]
        var readsState =
            try files.stateFile != nil
            && store.load(settings.network, judge: settings.judge, now: now).lastRun == nil
        let reader = OriginalFileReader(files: files, isDryRun: true)
        while readsState || !rest.isEmpty {
            let found = reader.read(
                unknown: Array(rest.prefix(100)), readsState: readsState, now: now.wall)
            rest = rest.dropFirst(100)
            readsState = false
            guard !found.edges.isEmpty || found.state != nil else { continue }
            _ = try store.adopt(
                settings.network, edges: found.edges, state: found.state, now: now)
        }
    }
}
