import EdgeCore
import EdgeShell
import EdgeTesting

/// Processes of the simulated world: the one that runs every round, and a second writer.
extension Simulation {
    /// Whether a second writer may run now: the first must outlive it.
    var mayRace: Bool { world.change { $0.diesAfterRenames == nil } }

    /// What is wrong with a write, told from the database alone: the plan that it belongs to must be the
    /// newest one (I5).
    var witness: WorldWitness {
        let (store, network) = (store, network)
        return { write in
            let zones = store.network(network)?.zones ?? [:]
            switch write {
            case .file(let zone, let serial):
                guard let planned = zones[zone]?.serial, planned != serial else { return nil }
                return "\(zone) is written with serial \(serial), \(planned) is planned"
            case .update(let update):
                guard let key = zones[update.zone]?.contentKey,
                    let content = PublishedContent(key: key)
                else { return nil }
                let names = content.expectation(of: update.zone, serial: SOASerial(0)).names
                for change in update.changes {
                    let rotates = names.contains { $0.owner == change.owner }
                    // What a newer plan left as it was can't stop an older message on its way, without the
                    // SOA as a prerequisite: the next survey puts it back.
                    if rotates, change.after.isEmpty, update.soa == nil { continue }
                    let planned = content.addresses.filter {
                        rotates && $0.family == change.family
                    }
                    if planned != change.after {
                        return "\(update.zone) is updated to \(change.after), \(planned) is planned"
                    }
                }
                return nil
            }
        }
    }

    /// A second writer starts and stands still somewhere; the first one runs whole rounds meanwhile, if it
    /// gets the lock; then the second goes on where it stood.
    mutating func race(round: Int) async {
        checker.forgetLost(look())
        let place = Int.random(in: 1...70, using: &random)
        let rounds = Int.random(in: 1...3, using: &random)
        let isLockLost = !random.once(in: 3)
        let pause = WorldPause()
        let gate = WorldGate(at: place) { pause.stop() }
        let second = RoundRunner(
            effects: world.effects(store: store, process: 2, gate: gate, witness: witness))
        let (settings, executor) = (settings, secondThread)
        let own = await withTaskGroup(of: RoundOutcome?.self) { group in
            group.addTask(executorPreference: executor) {
                defer { pause.end() }
                return try? await second.run(settings, options: RoundOptions(ignoresLastRun: true))
            }
            pause.waitUntilStopped()
            if isLockLost { world.change { $0.locks = [:] } }
            for number in 0..<rounds {
                if number > 0 { count(happen(mayDie: false)) }
                // The other's round may use up an approval, or a sick monitor's quiet rounds.
                checker.loseSight(at: world.moments.passed)
                await step(round: round, gate: WorldGate(), mayBeBusy: !isLockLost)
                rest()
            }
            pause.goOn()
            return await group.next() ?? nil
        }
        if let own {
            report.violations += checker.takeSecond(
                own, settings: settings, world: world)
        }
        count(isLockLost ? "second writer that lost its lock" : "second writer")
        report.steps += gate.count
        checkLocks(round: round, process: 2)
        report.violations += checker.check(
            round: round, outcome: nil, settings: settings, before: look(), world: world,
            store: store)
        collectStale(round: round)
    }

    /// What may happen in the middle of a round: something to a name server, the process' death, or another
    /// fault; nil: nothing does.
    mutating func drawGate() -> (gate: WorldGate, event: String?) {
        let place = Int.random(in: 1...60, using: &random)
        let world = world
        switch Int.random(in: 0..<16, using: &random) {
        case 0:
            return (WorldGate(at: place) { world.change { $0.isDead = true } }, "killed anywhere")
        case 1, 2:
            guard let event = drawServerEvent() else { return (WorldGate(), nil) }
            let gate = WorldGate(at: place) {
                let time = world.time
                world.change { event.carryOut(&$0, time) }
            }
            return (gate, "during a round: \(event.name)")
        default:
            guard faults.once(in: 8), let fault = drawFaultInRound() else {
                return (WorldGate(), nil)
            }
            return (
                WorldGate(at: place) { fault.carryOut(world) }, "during a round: \(fault.name)"
            )
        }
    }

    /// What is wrong with writes, as the witness told it.
    mutating func collectStale(round: Int) {
        let stale = world.change { state in
            defer { state.stale = [] }
            return state.stale
        }
        report.violations += stale.map { violation(round, "I5", $0) }
    }

    mutating func checkLocks(round: Int, process: Int32) {
        let held = world.change { $0.locksHeld[process] ?? 0 }
        guard held != 0 else { return }
        report.violations.append(violation(round, "I24", "\(held) locks are left"))
        world.change { $0.locksHeld[process] = 0 }
    }
}
