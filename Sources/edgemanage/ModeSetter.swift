import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemReport

/// Sets edges' modes, whatever else is running: for edge_conf and for every order, with a daemon and without.
struct ModeSetter: Sendable {
    var store: any StateStore
    var locks: any LockService
    var clock: any MomentSource
    var settings: NetworkSettings
    /// The network's edges and canaries, in the lists' order.
    var edges: [EdgeName]
    /// Edges that can be live: the edge list's.
    var candidates: [EdgeName]
    /// Who sets the mode.
    var user: String
    /// Takes the line for the log.
    var log: @Sendable (String) -> Void
    /// Brings the edge's file up to date (`OriginalFileReporter.modeChanged`).
    var rewriteFile: @Sendable (EdgeName, ModeRecord, NetworkState, Moment) -> [String]

    /// How long it waits for the lock file.
    static let lockWait: Duration = .seconds(10)
    /// The longest comment, in bytes.
    static let maximumComment = 1000

    /// Sets the mode; returns what went wrong with the edge's file, a sentence each.
    func set(_ change: ModeChange) async throws(ModeRefusal) -> [String] {
        let comment = EdgeConf.plain(change.comment ?? "")
        guard change.mode == .available || !comment.isEmpty else { throw .noComment }
        guard comment.utf8.count <= Self.maximumComment else {
            throw .badComment("the comment has more than \(Self.maximumComment) bytes")
        }
        guard let edge = edges.first(where: { $0.text == change.edge }) else {
            throw .unknownEdge(
                "\(EdgeConf.plain(change.edge)) is no edge of network \(settings.network); edge_query "
                    + "-A \(settings.network) lists them")
        }
        let held = try await lock()
        defer { held?.release() }
        do {
            return try set(edge, comment: comment, change)
        } catch let refusal as ModeRefusal {
            throw refusal
        } catch {
            throw .failed("\(error)")
        }
    }

    private func lock() async throws(ModeRefusal) -> (any HeldLock)? {
        guard let path = settings.original.lockFile else { return nil }
        do {
            return try await locks.lockShared(path, waiting: Self.lockWait)
        } catch let busy as LockBusy {
            throw .busy(busy)
        } catch {
            throw .failed("\(error)")
        }
    }

    private func set(_ edge: EdgeName, comment: String, _ change: ModeChange) throws -> [String] {
        let now = clock.now()
        let record = ModeRecord(
            mode: change.mode, comment: comment.isEmpty ? "" : "[\(user)] \(comment)",
            changed: now.wall,
            limit: change.mode == .available
                ? nil : change.length.map { TimeLimit(since: now, length: $0) })
        let before = try store.setMode(
            settings.network, edge: edge, to: record, actor: user, now: now, judge: settings.judge
        ) { state in
            guard let reason = refusal(of: change.mode, for: edge, state, now: now) else {
                return []
            }
            guard change.insists else { throw ModeRefusal.tooFew(reason) }
            return Hold.belowMinimumKeys(
                under: settings.selection.minLive ?? settings.selection.liveCount)
        }
        let reason = record.comment.isEmpty ? "" : ": \(record.comment)"
        log("\(change.done) in \(settings.network) by \(user)\(reason)")
        return rewriteFile(edge, record, before, now)
    }

    /// Why the mode would leave too few edges that may be live, or that would be and pass; nil when it does not.
    private func refusal(
        of mode: Mode, for edge: EdgeName, _ state: NetworkState, now: Moment
    ) -> String? {
        guard mode == .unavailable, state.mode(of: edge) != .unavailable,
            candidates.contains(edge)
        else { return nil }
        let before = candidates.count { state.mode(of: $0) != .unavailable }
        let minimum = settings.selection.minimum(mayBeLive: before, published: state.live.count)
        guard before - 1 < minimum else {
            return refusal(for: edge, state, minimum: minimum, now: now)
        }
        return
            "with \(edge) unavailable only \((before - 1).counted("edge")) of network \(settings.network) "
            + "could be live, of at least \(minimum); make another one available first, or add --insist"
    }

    /// By what the last round saw: a dead edge that stays in the DNS serves nobody.
    private func refusal(
        for edge: EdgeName, _ state: NetworkState, minimum: Int, now: Moment
    ) -> String? {
        let round = StandingRound(
            settings: settings, state: state, edges: candidates, now: now)
        let passing = Set(round.candidates().filter(\.isPassing).map(\.name))
        let before = state.live.count { passing.contains($0.name) }
        let drained = ModeRecord(mode: .unavailable, comment: "", changed: now.wall)
        let after = round.selection(with: edge, drained).live
        let left = after.count { passing.contains($0) && $0 != edge }
        guard left < minimum, left < before else { return nil }
        let failing = after.filter { !passing.contains($0) }
        let whoFails =
            failing.isEmpty
            ? ""
            : " (\(failing.map(\.text).joined(separator: " ")) would stay and \(failing.count == 1 ? "fails" : "fail"))"
        return
            "with \(edge) unavailable only \(left.counted("edge")) of network \(settings.network) would be "
            + "live and pass\(whoFails), of at least \(minimum); wait until another one does, or add --insist"
    }
}

extension ModeSetter {
    /// Sets modes in a database, with the real locks, clock and files.
    ///
    /// - Throws: when the edge list can't be read, or the database fails.
    init(
        _ settings: NetworkSettings, store: SQLiteStore, user: String,
        log: @escaping @Sendable (String) -> Void
    ) throws {
        let inventory = FileInventoryReader()
        let listed = try inventory.edges(from: settings.edges).names
        let canaries = (try? inventory.canaries(from: settings.canaries).map) ?? [:]
        let edges = listed + Set(canaries.values).sorted().map { EdgeName($0) }
        let clock = SystemMomentSource()
        // What the original's file holds is taken over before it is written for the first time: a word may come
        // before the first round.
        try OriginalTakeover.adopt(into: store, settings: settings, edges: edges, now: clock.now())
        let reporter = OriginalFileReporter(history: store)
        self.init(
            store: store, locks: Workplace.locks, clock: clock, settings: settings, edges: edges,
            candidates: listed, user: user, log: log,
            rewriteFile: { edge, mode, state, now in
                reporter.modeChanged(
                    edge, to: mode, isLive: state.live.contains { $0.name == edge },
                    health: AddressFamily.allCases.lazy
                        .compactMap { state.targets[ProbeTarget(name: edge, family: $0)] }
                        .first?.health,
                    settings: settings, now: now.wall)
            })
    }
}
