import EdgeCore
import EdgeShell
import EdgeTesting

/// Checks what must always hold against what a round did, from outside: by the published bytes, the
/// world's truth and the outcome.
struct InvariantChecker: Sendable {
    /// What stood before a round.
    struct Snapshot: Sendable {
        var zones: [ZoneName: ParsedZone]
        var texts: [ZoneName: [UInt8]]
        var live: [EdgeName]
        /// What the database knows of zones.
        var remembered: [ZoneName: PublishedZone]
        /// Approvals that an operator gave and that are not used up.
        var approvals: Set<String>
        var rotationHold: RotationHold?
        var modes: [EdgeName: ModeRecord]
        /// The database's log of edges that left.
        var substitutions: [Substitution]
        /// Zones whose file is somebody else's.
        var foreign: Set<ZoneName>
        var servers: [ServerSnapshot]
        var renames: Int
        var commandsDone: Int
        var commandsRun: Int
    }

    private let seed: UInt64
    let interval: Duration
    /// Every serial that was ever published, with a digest of its bytes (I3, I4).
    private var serials: [ZoneName: [UInt32: [UInt8]]] = [:]
    private var newest: [ZoneName: SOASerial] = [:]
    /// Zones whose newest serial stood in somebody else's file, and was not followed yet (I3).
    private var strangers: Set<ZoneName> = []
    /// The newest that stood in a file, whatever was intended since.
    private var written: [ZoneName: SOASerial] = [:]
    /// The files as they were last checked.
    private var looked: [ZoneName: [UInt8]] = [:]
    /// Edges that left the live set and count for the budget, oldest first (I10, I25).
    var departures: [Departure] = []
    private var databaseLost = false
    /// The boot of the last decision (I25).
    var lastBoot: String?
    /// Since when all that counts for the budget was seen (I25).
    var budgetKnownSince: Duration = .zero
    /// For how many rounds a sick monitor must still keep still (I14).
    var sickRounds = 0
    /// Edges that answered when the monitor was last well, or since (I14).
    var answered: Set<EdgeName> = []
    /// What dead edges wait for that are live (I9).
    var replacements = Replacements()
    /// The SOA's mailbox in effect; nil: it may be any (I9).
    var lastMailbox: String?
    /// The newest generation that was looked at (I6).
    var keptLast = 0
    private var round = 0
    var found: [Simulation.Violation] = []
    private var parsed: [ZoneName: (text: [UInt8], zone: ParsedZone?)] = [:]
    private var contents: [String: PublishedContent?] = [:]
    /// Whether nothing happened in the middle of the round.
    var isExact = true
    /// Whether the round asked name servers what they serve: those that a daemon does not ask in each round name
    /// who lags now, and put right what differs, in those that ask.
    var hasSurvey = true
    /// For how many rounds a healthy server has not served a zone as planned (I7).
    var overdue: [ServerName: [ZoneName: Int]] = [:]
    /// How many commands had succeeded when `run_after_changes` was owed; nil: it is not.
    private var owedCommand: Int?

    init(seed: UInt64, interval: Duration) {
        self.seed = seed
        self.interval = interval
    }

    /// The budget's memory went with the database, and what was intended and never written.
    mutating func databaseWasLost(at passed: Duration) {
        budgetKnownSince = passed
        (sickRounds, answered) = (0, [])
        lastMailbox = nil
        keptLast = 0
        newest = written
        departures = []
        replacements = Replacements()
        databaseLost = true
        owedCommand = nil
        serials = [:]
    }

    /// An earlier database was put back: what was published since is neither in it nor, where its file is gone and
    /// no name server answers, anywhere else.
    mutating func databaseWasPutBack(at passed: Duration) {
        databaseWasLost(at: passed)
        newest = [:]
        written = [:]
    }

    /// A round ended early, or another process had one: what it came to is not known here.
    mutating func loseSight(at passed: Duration) {
        budgetKnownSince = passed
        lastMailbox = nil
        (sickRounds, answered) = (0, [])
    }

    mutating func snapshot(
        world: World, store: InMemoryStore, settings: NetworkSettings
    ) -> Snapshot {
        let texts = world.publishedZones
        var zones: [ZoneName: ParsedZone] = [:]
        for (zone, text) in texts { zones[zone] = parse(zone, text) }
        let state = store.network(settings.network)
        let known = state?.zones ?? [:]
        var plans: [ZoneName: PublishedContent] = [:]
        for (zone, published) in known { plans[zone] = plan(published) }
        let servers = world.change { $0.servers }.map { server in
            ServerSnapshot(
                server, zones: known, plans: plans, settings: settings,
                owed: state?.servers[server.name]?.owed ?? [:])
        }
        return world.change { world in
            Snapshot(
                zones: zones, texts: texts, live: state?.live.map(\.name) ?? [],
                remembered: known, approvals: state?.approvals ?? [],
                rotationHold: state?.rotationHold, modes: state?.modes ?? [:],
                substitutions: state?.substitutions ?? [], foreign: Set(world.foreignFiles.keys),
                servers: servers,
                renames: world.renames, commandsDone: world.commandsDone,
                commandsRun: world.commandsRun)
        }
    }

    /// What neither a database nor a file remembers, nobody can count on from; a file may be lost in the
    /// middle of the round.
    mutating func forgetLost(_ before: Snapshot) {
        let files =
            isExact
            ? before.zones.keys.filter { !databaseLost || !before.foreign.contains($0) } : []
        let known = Set(files).union(databaseLost ? [] : Set(before.remembered.keys))
        newest = newest.filter { known.contains($0.key) }
        written = written.filter { known.contains($0.key) }
        serials = serials.filter { known.contains($0.key) }
        forgetStrangers(before)
        guard !isExact else { return }
        // What somebody else wrote may be gone before anybody looked.
        for zone in before.foreign {
            newest[zone] = before.remembered[zone]?.serial ?? newest[zone]
        }
    }

    /// Somebody else's serial that could not be followed, since the zone's file was not to be written, and that
    /// neither the file nor a name server has any more, nobody can follow.
    private mutating func forgetStrangers(_ before: Snapshot) {
        for zone in strangers.sorted() where before.zones[zone] == nil {
            guard let last = newest[zone], let ours = before.remembered[zone]?.serial,
                !before.servers.contains(where: { $0.server.zones[zone]?.serial == last })
            else { continue }
            newest[zone] = ours
            written[zone] = ours
            strangers.remove(zone)
        }
    }

    /// What a published zone's key says; keys stay what they are over many rounds.
    mutating func plan(_ zone: PublishedZone) -> PublishedContent? {
        if let known = contents[zone.contentKey] { return known }
        if contents.count > 200 { contents = [:] }
        let read = PublishedContent(key: zone.contentKey)
        contents[zone.contentKey] = .some(read)
        return read
    }

    private mutating func parse(_ zone: ZoneName, _ text: [UInt8]) -> ParsedZone? {
        if let known = parsed[zone], known.text == text { return known.zone }
        let read = try? PlainZoneParser().parse(text, zone: zone, file: zone.text).get()
        parsed[zone] = (text, read)
        return read
    }

    /// All violations of this round.
    mutating func check(
        round: Int, outcome: RoundOutcome?, settings: NetworkSettings, before: Snapshot,
        world: World, store: InMemoryStore
    ) -> [Simulation.Violation] {
        self.round = round
        found = []
        let after = snapshot(world: world, store: store, settings: settings)
        forgetLost(before)
        let placed = world.change { world in
            defer { world.placed = [:] }
            return world.placed
        }
        checkFiles(before: before, after: after, placed: placed)
        // What was intended and never written must be followed all the same.
        for (zone, last) in newest {
            guard let intended = after.remembered[zone]?.serial else { continue }
            newest[zone] = SOASerial.newer(last, intended)
        }
        checkCommand(outcome, settings: settings, before: before, after: after)
        if let outcome {
            checkBudget(outcome, settings: settings, world: world, process: 1)
            if !databaseLost {
                checkSelection(outcome, settings: settings, before: before, world: world)
            }
            checkBlastRadius(outcome)
            checkLoad(outcome, settings: settings, before: before)
            if !databaseLost {
                checkGuards(
                    outcome, settings: settings, before: before, after: after, world: world)
            }
            checkRepair(outcome, settings: settings, after: after)
            checkServers(outcome, settings: settings, before: before, after: after)
        }
        checkReplacement(outcome, settings: settings, before: before, after: after, world: world)
        if outcome == nil { loseSight(at: world.moments.passed) }
        checkKept(settings: settings, after: after, store: store)
        databaseLost = databaseLost && outcome == nil
        return found
    }

    mutating func expect(
        _ holds: Bool, _ invariant: String, _ message: @autoclosure () -> String
    ) {
        guard !holds else { return }
        found.append(
            Simulation.Violation(
                seed: seed, round: round, invariant: invariant, message: message()))
    }

    // MARK: Files: I1, I2, I3, I4

    private mutating func checkFiles(
        before: Snapshot, after: Snapshot, placed: [ZoneName: [SOASerial]]
    ) {
        // Files that others took the place of before anybody looked count too.
        for (zone, serials) in placed.sorted(by: { $0.key < $1.key }) {
            for serial in serials.dropLast() { follow(serial, in: zone) }
        }
        for (zone, text) in after.texts.sorted(by: { $0.key < $1.key }) {
            guard !after.foreign.contains(zone) else {
                looked[zone] = nil
                guard let serial = after.zones[zone]?.serial, let last = newest[zone] else {
                    continue
                }
                newest[zone] = SOASerial.newer(last, serial)
                written[zone] = newest[zone]
                if newest[zone] != last { strangers.insert(zone) }
                continue
            }
            // What somebody else wrote is not ours to answer for until it is replaced.
            guard before.texts[zone] != text || after.zones[zone] != nil else { continue }
            guard let parsed = after.zones[zone] else {
                expect(
                    text.starts(with: Array("garbage".utf8)), "I2", "zone \(zone) does not parse")
                continue
            }
            // An old file may stand below what was intended, and could not be written, for long.
            guard looked[zone] != text else { continue }
            looked[zone] = text
            let addresses = parsed.records.filter { $0.owner == "\(zone)." && $0.type == "A" }
            expect(!addresses.isEmpty, "I1", "zone \(zone) has no address")
            // Serials go round: one that is newer again is no repetition.
            let isNew = newest[zone].map { parsed.serial.isNewer(than: $0) == true } ?? true
            let known = isNew ? nil : serials[zone]?[parsed.serial.value]
            expect(known == nil || known == text, "I4", "\(zone) \(parsed.serial) with other bytes")
            serials[zone, default: [:]][parsed.serial.value] = text
            follow(parsed.serial, in: zone)
        }
    }

    private mutating func follow(_ serial: SOASerial, in zone: ZoneName) {
        if let last = newest[zone], last != serial {
            expect(serial.isNewer(than: last) == true, "I3", "\(zone) from \(last) to \(serial)")
        }
        newest[zone] = serial
        written[zone] = serial
        strangers.remove(zone)
        // Serials go round (RFC 1982 §3.2): what lies ahead by now was had a lap ago.
        serials[zone] = serials[zone]?.filter { SOASerial($0.key).isNewer(than: serial) != true }
    }

    // MARK: Commands

    /// A failed `run_after_changes` is run again in each round until it succeeds.
    private mutating func checkCommand(
        _ outcome: RoundOutcome?, settings: NetworkSettings, before: Snapshot, after: Snapshot
    ) {
        if let owed = owedCommand, after.commandsDone > owed { owedCommand = nil }
        guard let outcome else { return }
        expect(
            owedCommand == nil || after.commandsRun > before.commandsRun, "I22",
            "run_after_changes failed and is not run again")
        guard !outcome.report.written.isEmpty, after.commandsDone == before.commandsDone else {
            return
        }
        owedCommand = after.commandsDone
    }

    // MARK: Self-repair: I7

    private mutating func checkRepair(
        _ outcome: RoundOutcome, settings: NetworkSettings, after: Snapshot
    ) {
        guard !outcome.report.live.isEmpty else { return }
        let addresses = Set(outcome.report.live.flatMap(\.addresses.all).map(\.description))
        for zone in outcome.state.zones.keys.sorted() where outcome.failures[zone] == nil {
            guard outcome.report.activeCanaries[zone] == nil,
                !outcome.report.holds.contains(where: { $0.zone == zone })
            else { continue }
            let apex: [String]
            switch settings.publish.method {
            case .files:
                let records = after.zones[zone]?.records ?? []
                apex = records.filter { $0.owner == "\(zone)." && $0.type == "A" }.map(\.data)
            case .updates:
                let content = after.remembered[zone].flatMap {
                    PublishedContent(key: $0.contentKey)
                }
                apex = content?.addresses.map(\.description) ?? []
            }
            // What somebody else changed in the middle of the round is the next round's to see.
            let isOurs = !after.foreign.contains(zone) && after.texts[zone] != nil
            guard isExact || isOurs || settings.publish.method == .updates else { continue }
            expect(
                Set(apex) == addresses, "I7",
                "zone \(zone) is \(apex.sorted()) instead of \(addresses.sorted())")
        }
    }
}
