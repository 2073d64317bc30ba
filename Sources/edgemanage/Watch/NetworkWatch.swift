import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory
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
        /// How many networks share the descriptors.
        var sharers: Int
        /// Nobody else runs this network's rounds.
        var lock: any HeldLock
        /// When the last round that looked at the edges ended, and why it could not be if so.
        var lastEnd: ContinuousClock.Instant?
        var lastEndWall: UnixTime?
        var lastRefusal: String?
        /// How often such a round ended.
        var ended = 0
        /// Another one whenever there is something new to show; no network has it a second time.
        var stamp = 0
        /// How many are live since then, and how many of them pass.
        var count: LiveCount?
    }

    let network: NetworkName
    let bell = RoundBell()
    let desk = RoundDesk()
    let seat: Mutex<Seat>
    let plan: WatchPlan
    let offset: Duration
    /// Rounds that ended, for those who want to be told.
    private let endings: AsyncStream<RoundEnding>
    let ending: AsyncStream<RoundEnding>.Continuation
    private static let stamps = Atomic<Int>(0)

    /// - Parameter offset: how long after the start its rounds begin, so that networks don't all begin at once.
    init(
        _ settings: NetworkSettings, plan: WatchPlan, sharers: Int, offset: Duration
    ) throws {
        network = settings.network
        self.plan = plan
        self.offset = offset
        // Who can't be told that fast hears of the newest.
        (endings, ending) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(32))
        let lock = try DaemonSeat.take(settings)
        do {
            seat = Mutex(
                Seat(
                    settings: settings, bench: try plan.workplace(settings, sharers: sharers),
                    sharers: sharers, lock: lock))
        } catch {
            lock.release()
            throw error
        }
    }

    /// How the rounds went so far.
    var present: Seat { seat.withLock { $0 } }

    /// A stamp that no network of this process had before.
    static func nextStamp() -> Int { stamps.add(1, ordering: .relaxed).newValue }

    /// Ends after the round in hand.
    func close() {
        bell.close()
        desk.close()
    }

    /// Goes by other settings from the next round on; a workplace that can't be made keeps the old ones.
    func change(to settings: NetworkSettings, sharers: Int) {
        let before = present
        guard settings != before.settings || sharers != before.sharers else {
            return tell(trouble: nil)
        }
        do {
            let bench = try take(settings, sharers: sharers, before: before)
            guard settings != before.settings else { return tell(trouble: nil) }
            bench.runner.effects.alarms?.clear(.configurationRefused)
            let words = "\(plan.configuration) has changed: it is used from the next round on"
            bench.log.write(.notice, words)
            audit(words, in: bench)
            bell.ring()
        } catch {
            let reason = (error as? CommandFailure)?.message ?? "\(error)"
            tell(trouble: "\(reason); the rounds go on by the configuration as it was read before")
        }
    }

    /// Makes another workplace, with the seat beside its database, before the one at hand is left.
    private func take(
        _ settings: NetworkSettings, sharers: Int, before: Seat
    ) throws -> Workplace {
        let moves = settings.database != before.settings.database
        let lock = moves ? try DaemonSeat.take(settings) : before.lock
        do {
            let bench = try plan.workplace(settings, sharers: sharers)
            seat.withLock {
                $0.settings = settings
                $0.bench = bench
                $0.sharers = sharers
                $0.lock = lock
                if settings != before.settings { $0.trouble = nil }
            }
            if moves { before.lock.release() }
            return bench
        } catch {
            if moves { lock.release() }
            throw error
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
            audit("\(plan.configuration) is as it was used before, or can be used again", in: bench)
            return
        }
        alarms?.raise(AlarmCondition(.configurationRefused, words: trouble))
        bench.log.write(.error, trouble)
        audit(trouble, in: bench)
        plan.speak(of: network, trouble)
    }

    /// Has the audit log know what became of the configuration.
    private func audit(_ words: String, in bench: Workplace) {
        let event = AuditEvent(
            kind: .configuration, subject: network.text, actor: "edgemanage", message: words)
        do {
            try bench.store.record([event], network: network, now: bench.clock.now())
        } catch {
            bench.log.write(.warning, "\(error)")
        }
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
        present.lock.release()
    }
}
