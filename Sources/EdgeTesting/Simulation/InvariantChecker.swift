import EdgeCore
import EdgeShell

/// Checks what must always hold against what a round did, from outside: by the published bytes, the
/// world's truth and the outcome.
struct InvariantChecker: Sendable {
    /// What stood before a round.
    struct Snapshot: Sendable {
        var zones: [ZoneName: ParsedZone]
        var texts: [ZoneName: [UInt8]]
        var live: [EdgeName]
        /// Zones that the database knows.
        var remembered: Set<ZoneName>
    }

    private let seed: UInt64
    /// Every serial that was ever published, with a digest of its bytes (I3, I4).
    private var serials: [ZoneName: [UInt32: [UInt8]]] = [:]
    private var newest: [ZoneName: SOASerial] = [:]
    /// Substitutions for health's sake, in virtual boot time that never jumps (I10).
    private var substitutions: [Duration] = []
    private var virtualNow: Duration = .zero
    private var databaseLost = false
    private var round = 0
    private var found: [Simulation.Violation] = []

    init(seed: UInt64) {
        self.seed = seed
    }

    /// The budget's memory went with the database.
    mutating func databaseWasLost() {
        substitutions = []
        databaseLost = true
    }

    func snapshot(world: World, store: InMemoryStore, network: NetworkName) -> Snapshot {
        let texts = world.publishedZones
        let parser = PlainZoneParser()
        var zones: [ZoneName: ParsedZone] = [:]
        for (zone, text) in texts {
            zones[zone] = try? parser.parse(text, zone: zone, file: zone.text).get()
        }
        let state = try? store.load(
            network, judge: JudgeSettings(), now: world.moments.now())
        return Snapshot(
            zones: zones, texts: texts, live: state?.live.map(\.name) ?? [],
            remembered: Set(state?.zones.keys.map { $0 } ?? []))
    }

    /// All violations of this round.
    mutating func check(
        round: Int, outcome: RoundOutcome?, settings: NetworkSettings, before: Snapshot,
        world: World, store: InMemoryStore
    ) -> [Simulation.Violation] {
        self.round = round
        virtualNow += .seconds(60)
        found = []
        let after = snapshot(world: world, store: store, network: settings.network)
        // What neither a database nor a file remembers, nobody can count on from.
        let known = Set(before.zones.keys).union(databaseLost ? [] : before.remembered)
        newest = newest.filter { known.contains($0.key) }
        checkFiles(before: before, after: after, world: world)
        if let outcome {
            checkBudget(outcome, settings: settings)
            if !databaseLost {
                checkSelection(outcome, settings: settings, before: before, world: world)
            }
            checkBlastRadius(outcome)
            checkRepair(outcome, settings: settings, after: after)
        }
        databaseLost = false
        return found
    }

    private mutating func expect(
        _ holds: Bool, _ invariant: String, _ message: @autoclosure () -> String
    ) {
        guard !holds else { return }
        found.append(
            Simulation.Violation(
                seed: seed, round: round, invariant: invariant, message: message()))
    }

    // MARK: Files: I1, I2, I3, I4

    private mutating func checkFiles(before: Snapshot, after: Snapshot, world: World) {
        for (zone, text) in after.texts.sorted(by: { $0.key < $1.key }) {
            // What somebody else wrote is not ours to answer for until it is replaced.
            guard before.texts[zone] != text || after.zones[zone] != nil else { continue }
            guard let parsed = after.zones[zone] else {
                expect(
                    text.starts(with: Array("garbage".utf8)), "I2", "zone \(zone) does not parse")
                continue
            }
            let addresses = parsed.records.filter { $0.owner == "\(zone)." && $0.type == "A" }
            expect(!addresses.isEmpty, "I1", "zone \(zone) has no address")
            let known = serials[zone]?[parsed.serial.value]
            expect(known == nil || known == text, "I4", "\(zone) \(parsed.serial) with other bytes")
            serials[zone, default: [:]][parsed.serial.value] = text
            if let last = newest[zone], last != parsed.serial {
                expect(
                    parsed.serial.isNewer(than: last) == true, "I3",
                    "\(zone) from \(last) to \(parsed.serial)")
            }
            newest[zone] = parsed.serial
        }
    }

    // MARK: Budget: I10

    private mutating func checkBudget(_ outcome: RoundOutcome, settings: NetworkSettings) {
        let selection = outcome.decision.selection
        let forHealth = selection.removed.filter { !selection.removedByOperator.contains($0) }
        substitutions += Array(repeating: virtualNow, count: forHealth.count)
        substitutions.removeAll { virtualNow - $0 >= .seconds(600) }
        let (count, limit) = (substitutions.count, settings.selection.substitutionBudget)
        expect(
            forHealth.isEmpty || count <= limit, "I10",
            "\(count) substitutions in 10 minutes, \(limit) allowed")
    }

    // MARK: The set: I1, I12, I14, I15, I17, I18

    private mutating func checkSelection(
        _ outcome: RoundOutcome, settings: NetworkSettings, before: Snapshot, world: World
    ) {
        let live = outcome.report.live.map(\.name)
        let selection = outcome.decision.selection
        let isHeld = !selection.holds.isEmpty
        let (isCutOff, behaviours) = world.change { ($0.isCutOff, $0.behaviours) }
        let floor = min(selection.minimum, before.live.count)
        let approved = outcome.decision.usedApprovals.contains { $0.hasPrefix("below-minimum") }
        expect(live.count >= floor || approved, "I1", "\(live.count) live, \(floor) must be")
        expect(before.live.isEmpty || !live.isEmpty, "I1", "the live set became empty")
        for name in live where !isHeld {
            let mode = outcome.state.mode(of: name)
            expect(mode != .unavailable, "I17", "\(name) is unavailable and live")
        }
        for name in world.change({ $0.list }) where !isHeld {
            let blind = outcome.state.mode(of: name) == .blindforce
            let hasAddress = selection.reasons[name] != .noAddress
            expect(
                !blind || !hasAddress || live.contains(name), "I17",
                "\(name) is blindforced, not live: \(String(describing: selection.reasons[name]))")
        }
        for name in selection.added {
            let mode = outcome.state.mode(of: name)
            let isWrong = behaviours[name] == .wrongContent
            expect(
                mode == .blindforce || isCutOff || !isWrong || outcome.decision.monitor.holdsHealth,
                "I15", "\(name) serves other content and went live")
        }
        let forHealth = selection.removed.filter { !selection.removedByOperator.contains($0) }
        expect(
            !isCutOff || settings.references.isEmpty || forHealth.isEmpty, "I14",
            "cut off, and \(forHealth.map(\.text)) left")
        let mismatched = selection.removed.filter { behaviours[$0] == .wrongContent }
        let byOperator = selection.removedByOperator.count
        expect(
            live.count + mismatched.count + byOperator
                >= min(before.live.count, settings.selection.liveCount), "I18",
            "from \(before.live.count) to \(live.count) live")
        for (zone, canary) in outcome.report.activeCanaries {
            guard let step = outcome.decision.steps.first(where: { $0.zone == zone }) else {
                continue
            }
            expect(
                step.addresses.addresses.count >= min(selection.minimum, live.count)
                    && step.addresses.addresses != [canary],
                "I12", "zone \(zone) has \(step.addresses.addresses), live \(outcome.report.live)")
        }
    }

    // MARK: Blast radius: I9

    private mutating func checkBlastRadius(_ outcome: RoundOutcome) {
        let selection = outcome.decision.selection
        let verdicts = outcome.decision.verdicts
        let slow = selection.removed.filter { name in
            guard !selection.removedByOperator.contains(name) else { return false }
            let verdict = AddressFamily.allCases.lazy
                .compactMap { verdicts[ProbeTarget(name: name, family: $0)] }.first
            return verdict?.health?.isPassing == true && verdict?.isMismatch == false
        }
        let size = outcome.state.live.count
        expect(slow.count <= max(1, size / 2), "I9", "\(slow.count) of \(size) left for slowness")
    }

    // MARK: Self-repair: I7

    private mutating func checkRepair(
        _ outcome: RoundOutcome, settings: NetworkSettings, after: Snapshot
    ) {
        guard !outcome.report.live.isEmpty else { return }
        let addresses = Set(outcome.report.live.flatMap(\.addresses.all).map(\.description))
        for zone in outcome.state.zones.keys where outcome.failures[zone] == nil {
            guard outcome.report.activeCanaries[zone] == nil,
                !outcome.report.holds.contains(where: { $0.zone == zone })
            else { continue }
            let records = after.zones[zone]?.records ?? []
            let apex = records.filter { $0.owner == "\(zone)." && $0.type == "A" }.map(\.data)
            expect(
                Set(apex) == addresses, "I7",
                "zone \(zone) serves \(apex.sorted()) instead of \(addresses.sorted())")
        }
    }
}
