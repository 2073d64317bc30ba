internal import EdgeCore
internal import EdgeShell
internal import Glibc

/// `edge_conf`: sets an edge's mode, whatever else is running.
struct EdgeConf: Sendable {
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
    /// Takes the line for syslog.
    var log: @Sendable (String) -> Void
    /// Brings the edge's file up to date (`OriginalFileReporter.modeChanged`).
    var rewriteFile: @Sendable (EdgeName, ModeRecord, NetworkState, Moment) -> [String]

    /// How messages name the program.
    var program = OriginalCommandName.edgeConf.rawValue

    /// What edge_conf says when the comment is missing; scripts look for it.
    static let commentRequired =
        "Comment required for mode to be changed to anything but available."
    /// How long it waits for the lock file.
    static let lockWait: Duration = .seconds(10)
    /// The longest comment, in bytes.
    static let maximumComment = 1000

    /// SUDO_USER where it is set, else the login name; without what could break the brackets that
    /// it will stand in.
    static func user(environment: [String: String]) -> String {
        let sudo = environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 }
        let login = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        let name = sudo ?? login ?? "uid \(getuid())"
        let plain = name.unicodeScalars.filter { $0.value > 0x20 && $0 != "[" && $0 != "]" }
        return String(String.UnicodeScalarView(plain.prefix(64)))
    }

    /// Sets the mode. Exit status 1: comment missing, unknown edge, too few edges, or a failing
    /// store; 2: the lock is busy.
    func run(_ options: EdgeConfOptions) async -> OriginalOutcome {
        let comment = Self.plain(options.comment ?? "")
        guard options.mode == .available || !comment.isEmpty else {
            return OriginalOutcome(status: 1, errors: Self.commentRequired + "\n")
        }
        guard comment.utf8.count <= Self.maximumComment else {
            return refused("the comment has more than \(Self.maximumComment) bytes")
        }
        guard let edge = edges.first(where: { $0.text == options.edge }) else {
            return refused(
                "\(Self.plain(options.edge)) is no edge of network \(options.network); edge_query "
                    + "-A \(options.network) lists them")
        }
        let held: (any HeldLock)?
        do {
            held = try await settings.original.lockFile.asyncMap {
                try await locks.lockShared($0, waiting: Self.lockWait)
            }
        } catch let busy as LockBusy {
            return refused("\(busy); try again", status: 2)
        } catch {
            return refused("\(error)")
        }
        defer { held?.release() }
        do {
            return try set(edge, comment: comment, options)
        } catch {
            return refused("\(error)")
        }
    }

    private func set(
        _ edge: EdgeName, comment: String, _ options: EdgeConfOptions
    ) throws -> OriginalOutcome {
        let now = clock.now()
        let state = try store.load(options.network, judge: settings.judge, now: now)
        if !options.insists, let reason = refusal(of: options.mode, for: edge, state) {
            return refused(reason)
        }
        let record = ModeRecord(
            mode: options.mode, comment: comment.isEmpty ? "" : "[\(user)] \(comment)",
            changed: now.wall,
            limit: options.mode == .available
                ? nil : options.length.map { TimeLimit(since: now, length: $0) })
        try store.setMode(options.network, edge: edge, to: record, actor: user, now: now)
        if options.insists, refusal(of: options.mode, for: edge, state) != nil {
            let keys = Hold.belowMinimumKeys(
                under: settings.selection.minLive ?? settings.selection.liveCount)
            try store.approve(options.network, keys: keys, actor: user, now: now)
        }
        let line = "Set mode for \(edge) to \(options.mode.rawValue)"
        if options.usesSyslog {
            let reason = record.comment.isEmpty ? "" : ": \(record.comment)"
            log("\(line) in \(options.network) by \(user)\(reason)")
        }
        let problems = rewriteFile(edge, record, state, now)
        return OriginalOutcome(
            output: line + "\n", errors: problems.map { "\(program): \($0)\n" }.joined())
    }

    /// Why the mode would leave too few edges that may be live; nil when it does not.
    func refusal(of mode: Mode, for edge: EdgeName, _ state: NetworkState) -> String? {
        guard mode == .unavailable, state.mode(of: edge) != .unavailable,
            candidates.contains(edge)
        else { return nil }
        let before = candidates.count { state.mode(of: $0) != .unavailable }
        let minimum = settings.selection.minimum(mayBeLive: before, published: state.live.count)
        guard before - 1 < minimum else { return nil }
        return
            "with \(edge) unavailable only \((before - 1).counted("edge")) of network \(settings.network) "
            + "could be live, of at least \(minimum); make another one available first, or add --insist"
    }

    private func refused(_ reason: String, status: Int32 = 1) -> OriginalOutcome {
        OriginalOutcome(status: status, errors: "\(program): \(reason)\n")
    }

    /// The text on one line, without control characters and without space around it.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar
        }
        let words = String(String.UnicodeScalarView(scalars))
        let start = words.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}

extension Optional where Wrapped: Sendable {
    /// `map` with a transform that waits.
    fileprivate func asyncMap<Value>(
        _ transform: (Wrapped) async throws -> Value
    ) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
