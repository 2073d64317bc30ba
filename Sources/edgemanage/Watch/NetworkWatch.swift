import EdgeCore
import EdgeServer
import EdgeShell
import Synchronization

/// One network's rounds: one task looks at its edges, ahead of the other, which publishes and obeys operators.
///
/// The first is one round ahead and no more; what it saw is acted on in order. A round of its own time, a
/// signal or an operator's word rings the bell.
final class NetworkWatch: Sendable {
    /// What the rounds go by, and how they went.
    struct Seat: Sendable {
        var settings: NetworkSettings
        var bench: Workplace
        /// Why the configuration as it is now is not used; nil: it is.
        var trouble: String?
        /// When the last round ended, and why it could not be if so.
        var lastEnd: ContinuousClock.Instant?
        var lastEndWall: UnixTime?
        var lastRefusal: String?
        /// How often a round ended.
        var ended = 0
        var liveCount = 0
    }

    let network: NetworkName
    let bell = RoundBell()
    let desk = RoundDesk()
    private let seat: Mutex<Seat>
    private let plan: WatchPlan
    private let offset: Duration
    /// Nobody else runs this network's rounds.
    private let lock: any HeldLock
    /// Rounds that ended, for those who want to be told.
    private let endings: AsyncStream<RoundEnding>
    private let ending: AsyncStream<RoundEnding>.Continuation

    /// - Parameter offset: how long after the start its rounds begin, so that networks don't all begin at once.
    init(
        _ settings: NetworkSettings, plan: WatchPlan, sharers: Int, offset: Duration
    ) throws {
        network = settings.network
        self.plan = plan
        self.offset = offset
        // Who can't be told that fast hears of the newest.
        (endings, ending) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(32))
        lock = try DaemonSeat.take(settings)
        seat = Mutex(
            Seat(
                settings: settings,
                bench: try plan.workplace(settings, sharers: sharers)))
    }

    /// How the rounds went so far.
    var present: Seat { seat.withLock { $0 } }

    /// Ends after the round in hand.
    func close() {
        bell.close()
        desk.close()
    }

    /// Goes by other settings from the next round on; a workplace that can't be made keeps the old ones.
    func change(to settings: NetworkSettings, sharers: Int) {
        guard settings != present.settings else { return tell(trouble: nil) }
        do {
            let bench = try plan.workplace(settings, sharers: sharers)
            seat.withLock {
                $0.settings = settings
                $0.bench = bench
                $0.trouble = nil
            }
            bench.runner.effects.alarms?.clear(.configurationRefused)
            bench.log.write(
                .notice, "\(plan.configuration) has changed: it is used from the next round on")
            bell.ring()
        } catch {
            let reason = (error as? CommandFailure)?.message ?? "\(error)"
            tell(trouble: "\(reason); the rounds go on by the configuration as it was read before")
        }
    }

    /// Notes what is wrong with the configuration, and says it once.
    func tell(trouble: String?) {
        let (bench, isNew) = seat.withLock { seat in
            defer { seat.trouble = trouble }
            return (seat.bench, seat.trouble != trouble)
        }
        guard isNew else { return }
        let alarms = bench.runner.effects.alarms
        guard let trouble else {
            alarms?.clear(.configurationRefused)
            return
        }
        alarms?.raise(AlarmCondition(.configurationRefused, words: trouble))
        bench.log.write(.error, trouble)
        plan.speak(of: network, trouble)
    }

    /// Looks and acts until it is closed; the round in hand comes to its end.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.look() }
            group.addTask {
                await self.act()
                self.ending.finish()
            }
            group.addTask {
                for await ending in self.endings {
                    let seat = self.present
                    await seat.bench.runner.tell(ending, settings: seat.settings)
                }
            }
        }
        lock.release()
    }
}

extension NetworkWatch {
    private func look() async {
        let clock = ContinuousClock()
        var next = clock.now + offset
        var isFirst = true
        var rings = bell.rings
        while true {
            await bell.wait(until: next, orMoreRingsThan: rings)
            if bell.isClosed || Task.isCancelled { return }
            let isRung = bell.rings != rings
            rings = bell.rings
            if isRung { next = clock.now }
            let seat = present
            do {
                // The first round tells what is live: nobody waits an interval for it.
                let sighting = try await look(seat, spreads: !isFirst && !isRung, rings: &rings)
                guard let sighting else { return }
                await desk.hand(sighting)
                isFirst = false
            } catch {
                ended(refused: error)
            }
            next = max(next + seat.settings.interval, clock.now)
        }
    }

    /// One look; nil: it was ended. A spread one is dropped for one at once when the bell rings.
    private func look(
        _ seat: Seat, spreads: Bool, rings: inout Int
    ) async throws -> Sighting? {
        let settings = seat.settings
        let runner = seat.bench.runner
        let known = rings
        let spread = spreads ? plan.spread(of: settings) : nil
        let seen = try await withThrowingTaskGroup(of: Sighting?.self) { group in
            group.addTask { try await runner.look(settings, spread: spread) }
            group.addTask {
                await self.bell.wait(forMoreRingsThan: spread == nil ? .max : known)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        if let seen { return seen }
        guard !bell.isClosed else { return nil }
        rings = bell.rings
        let present = present
        return try await present.bench.runner.look(present.settings, spread: nil)
    }

    private func act() async {
        var last: Sighting?
        var surveyed: ContinuousClock.Instant?
        var questions = 0
        while let work = await desk.next() {
            switch work {
            case .sighting(let sighting, let taken):
                taken.resume()
                let seat = present
                do {
                    let isDue = plan.isSurveyDue(since: surveyed, questions: questions)
                    if isDue { surveyed = ContinuousClock().now }
                    let outcome = try await round(
                        on: sighting, seat: seat, options: plan.options, asksServers: isDue)
                    last = sighting.judged(by: outcome)
                    questions =
                        outcome.state.zones.count * seat.settings.publish.servers.count
                } catch {
                    ended(refused: error)
                }
            case .order(let order, let actor, let answer):
                answer.resume(returning: await obey(order, by: actor, last: last))
            }
        }
    }

    private func round(
        on sighting: Sighting, seat: Seat, options: RoundOptions, asksServers: Bool
    ) async throws -> RoundOutcome {
        let outcome = try await seat.bench.runner.act(
            on: sighting, settings: seat.settings, options: options, asksServers: asksServers)
        await plan.carried(outcome, seat.settings, seat.bench)
        let now = ContinuousClock().now
        self.seat.withLock {
            $0.lastEnd = now
            $0.lastEndWall = outcome.report.moment.wall
            $0.lastRefusal = nil
            $0.ended += 1
            $0.liveCount = outcome.report.live.count
        }
        plan.noteEnd()
        ending.yield(.outcome(outcome))
        return outcome
    }

    private func ended(refused error: any Error) {
        if error is CancellationError { return }
        let now = ContinuousClock().now
        let bench = present.bench
        bench.log.write(.error, "\(error)")
        plan.speak(of: network, "\(error)")
        seat.withLock {
            $0.lastEnd = now
            $0.lastRefusal = "\(error)"
            $0.ended += 1
        }
        plan.noteEnd()
        ending.yield(.refused(error))
    }

    /// Writes an operator's order down and carries it out at once, by the verdicts of the last round.
    private func obey(
        _ order: Order, by actor: String, last: Sighting?
    ) async -> Result<OrderReply, OrderRefusal> {
        let seat = present
        let desk = OperatorDesk(
            settings: seat.settings, store: seat.bench.store, configuration: plan.configuration,
            actor: actor)
        do throws(OrderRefusal) {
            let written = try await desk.write(order)
            var reply = written.reply
            guard written.asksForARound else { return .success(reply) }
            do {
                var sighting = last
                if order == .round { sighting = nil }
                let seen: Sighting
                if let sighting {
                    seen = sighting
                } else {
                    seen = try await seat.bench.runner.look(seat.settings, spread: nil)
                }
                let outcome = try await round(
                    on: seen, seat: seat, options: RoundOptions(actor: actor), asksServers: false)
                reply.take(outcome, settings: seat.settings)
            } catch {
                reply.warnings.append(
                    "it is noted, and the next round carries it out: this one could not be: \(error)"
                )
            }
            return .success(reply)
        } catch {
            return .failure(error)
        }
    }
}

extension OrderReply {
    /// Takes in what the round that carried an order out came to.
    fileprivate mutating func take(_ outcome: RoundOutcome, settings: NetworkSettings) {
        isApplied = true
        var view = RunView(outcome, settings: settings)
        // What failed is a warning, and said once.
        warnings += view.failures
        view.failures = []
        done += view.text()
    }
}
