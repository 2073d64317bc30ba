import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemReport

/// Writes down what operators say of one network: by a command of its own, or through the daemon.
struct OperatorDesk: Sendable {
    let settings: NetworkSettings
    let store: SQLiteStore
    /// The log of the network's rounds.
    let log: any RoundLog
    /// Who says it.
    let actor: String

    /// What came of writing an order down.
    struct Written: Sendable {
        var reply: OrderReply
        /// Whether a round has something to carry out.
        var asksForARound = true
    }

    /// Writes an order down; what was done, and what to look at.
    ///
    /// - Throws: `OrderRefusal`; nothing was changed then.
    func write(_ order: Order) async throws(OrderRefusal) -> Written {
        switch order {
        case .mode(let edge, let mode, let comment, let length, let insists):
            return Written(
                reply: try await set(
                    mode, edge, comment: comment, length: length, insists: insists))
        case .hold(let reason, let length):
            return Written(reply: try hold(reason, length: length))
        case .resume: return try resume()
        case .approve(let zone): return try approve(zone)
        case .round: return Written(reply: OrderReply(done: [], isApplied: false))
        }
    }

    private func set(
        _ mode: Mode, _ edge: String, comment: String?, length: Duration?, insists: Bool
    ) async throws(OrderRefusal) -> OrderReply {
        if mode == .available, length != nil {
            throw OrderRefusal(
                .malformed, "available takes no time: it is what an edge is by itself")
        }
        var words = comment
        if let comment, mode != .available || !comment.isEmpty {
            words = try Self.checked(comment, named: "the comment")
        }
        let change = ModeChange(
            edge: edge, mode: mode, comment: words, length: length, insists: insists)
        let problems: [String]
        do {
            let log = log
            problems = try await ModeSetter(settings, store: store, user: actor) {
                log.write(.notice, $0)
            }.set(change)
        } catch let refusal as ModeRefusal {
            throw OrderRefusal(refusal)
        } catch {
            throw OrderRefusal(.failed, "\(error)")
        }
        let until = length.map { " for \(DurationText.text($0))" } ?? ""
        var reply = reply([change.done + until])
        reply.warnings += problems
        return reply
    }

    private func hold(
        _ reason: String, length: Duration?
    ) throws(OrderRefusal) -> OrderReply {
        let words = try Self.checked(reason, named: "the reason")
        let now = SystemMomentSource().now()
        let hold = RotationHold(since: now, length: length, actor: actor, reason: words)
        try trying {
            try store.setRotationHold(settings.network, hold, actor: actor, now: now)
        }
        let until = hold.until.map { "until \($0.rfc3339)" } ?? "until edgemanage resume"
        return reply(["rotations of network \(settings.network) are held \(until)"])
    }

    private func resume() throws(OrderRefusal) -> Written {
        let now = SystemMomentSource().now()
        let state = try trying {
            try store.load(settings.network, judge: settings.judge, now: now)
        }
        guard state.rotationHold != nil else {
            return Written(
                reply: reply(["rotations of network \(settings.network) are not held"]),
                asksForARound: false)
        }
        try trying { try store.setRotationHold(settings.network, nil, actor: actor, now: now) }
        return Written(reply: reply(["rotations of network \(settings.network) go on"]))
    }

    private func approve(_ zone: String?) throws(OrderRefusal) -> Written {
        let now = SystemMomentSource().now()
        let all = try trying {
            try store.load(settings.network, judge: settings.judge, now: now).holds
        }
        let held = all.filter { hold in zone.map { hold.zone?.text == $0 } ?? true }
        if let zone, held.isEmpty, !all.isEmpty {
            throw OrderRefusal(
                .unknown,
                "nothing that is held concerns zone \(zone) alone; network \(settings.network) has "
                    + "\(all.count) held: see edgemanage status")
        }
        let keys = held.compactMap(\.approvalKey)
        try trying { try store.approve(settings.network, keys: keys, actor: actor, now: now) }
        guard !held.isEmpty else {
            return Written(
                reply: reply(["nothing is held in network \(settings.network)"]),
                asksForARound: false)
        }
        var reply = reply(
            held.filter { $0.approvalKey != nil }.map {
                "approved: \(Hold.approvedWords(of: $0.message))"
            })
        let rest = held.filter { $0.approvalKey == nil }
        reply.warnings += rest.map { "can't be approved: \($0.message)" }
        return Written(reply: reply, asksForARound: !keys.isEmpty)
    }

    /// A reply with what came to light of the database on the way.
    private func reply(_ done: [String]) -> OrderReply {
        OrderReply(done: done, warnings: store.takeWarnings(), isApplied: false)
    }

    private func trying<Value>(_ body: () throws -> Value) throws(OrderRefusal) -> Value {
        do {
            return try body()
        } catch {
            throw OrderRefusal(.failed, "\(error)")
        }
    }

    private static func checked(
        _ text: String, named name: String
    ) throws(OrderRefusal) -> String {
        do {
            return try OperatorWords.checked(text, named: name)
        } catch {
            throw OrderRefusal(.malformed, (error as? CommandFailure)?.message ?? "\(error)")
        }
    }
}

extension OrderRefusal {
    /// What refuses a mode refuses the order.
    fileprivate init(_ refusal: ModeRefusal) {
        let kind: Kind =
            switch refusal {
            case .noComment, .badComment: .malformed
            case .unknownEdge: .unknown
            case .tooFew: .refused
            case .busy, .failed: .failed
            }
        self.init(kind, refusal.message)
    }
}
