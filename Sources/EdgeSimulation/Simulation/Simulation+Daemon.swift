import EdgeCore
import EdgeShell
import EdgeTesting
import Synchronization

/// Rounds as a daemon makes them: looking apart from acting, and operators' orders between two rounds.
extension Simulation {
    /// What makes a round; the same for a run and for a daemon.
    typealias RoundMaker = @Sendable (RoundRunner, RoundOptions) async throws -> RoundOutcome

    /// A whole round at once, as from cron.
    func wholeRound() -> RoundMaker {
        let settings = settings
        return { runner, options in try await runner.run(settings, options: options) }
    }

    /// A daemon's round: looks, then something may be said, then acts on what was seen.
    mutating func daemonRound() -> RoundMaker {
        let settings = settings
        asksServers = !daemon.once(in: 4)
        let asksServers = asksServers
        let seen = lastSighting
        return { runner, options in
            let sighting = try await runner.look(settings, spread: nil)
            let outcome = try await runner.act(
                on: sighting, settings: settings, options: options, asksServers: asksServers)
            seen.keep(sighting.judged(by: outcome))
            return outcome
        }
    }

    /// An operator's order, carried out at once by the verdicts of the last round; nil: none comes now.
    mutating func order() -> RoundMaker? {
        guard daemon.once(in: 6), let sighting = lastSighting.present else { return nil }
        count(setLimitedMode())
        let settings = settings
        return { runner, options in
            var options = options
            options.actor = "sim"
            return try await runner.act(
                on: sighting, settings: settings, options: options, asksServers: false)
        }
    }

    private mutating func setLimitedMode() -> String {
        let names = world.change { $0.list.sorted() }
        guard let name = names.randomElement(using: &daemon) else { return "nothing" }
        let mode = Mode.allCases.randomElement(using: &daemon) ?? .force
        let now = world.moments.now()
        let length = Duration.seconds(Int.random(in: 1...900, using: &daemon))
        let limit =
            mode == .available || daemon.once(in: 3) ? nil : TimeLimit(since: now, length: length)
        let record = ModeRecord(
            mode: mode, comment: "[sim] order", changed: now.wall, limit: limit)
        try? store.setMode(network, edge: name, to: record, actor: "sim", now: now)
        return "order: mode \(mode.rawValue)" + (limit == nil ? "" : " for a time")
    }
}

/// What a daemon saw last, in its memory alone.
final class SightingMemory: Sendable {
    private let sighting = Mutex<Sighting?>(nil)

    var present: Sighting? { sighting.withLock { $0 } }

    /// Keeps a sighting; nil: the process died, or went by a run of its own.
    func keep(_ seen: Sighting?) { sighting.withLock { $0 = seen } }
}
