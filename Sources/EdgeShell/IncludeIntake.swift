import EdgeCore

/// What the include directory held in this round.
struct IncludeIntake: Sendable {
    var states: [ZoneName: IncludeState] = [:]
    /// The includes that were read and found acceptable.
    var checked: [ZoneName: CheckedInclude] = [:]
    var times: [ZoneName: UnixTime] = [:]
    var holds: [Hold] = []
    var usedApprovals: Set<String> = []
    /// Why the directory could not be read; nil when it could.
    var directoryProblem: String?
    var warnings: [String] = []

    /// By zone, why its include is not used: refused with its first problem, or gone. Those of another network
    /// are its own concern, and what a hold keeps back is said there.
    func troubles(_ settings: NetworkSettings, state: NetworkState) -> [ZoneName: String] {
        var troubles: [ZoneName: String] = [:]
        for (zone, include) in states where state.foreignZones[zone] == nil {
            guard let first = include.problems.first, let goesOn = include.problems.last else {
                continue
            }
            let more = (include.problems.count - 2).furtherWords("problem")
            troubles[zone] = "\(first)\(more); \(goesOn)"
        }
        for (zone, published) in state.zones where states[zone] == nil && !published.isCatalog {
            guard zone != settings.publish.catalog?.zone, state.foreignZones[zone] == nil else {
                continue
            }
            troubles[zone] =
                "\(settings.zoneIncludes)/\(zone).zone is gone; the last accepted one goes on (edgemanage "
                + "zone forget gives the zone up)"
        }
        return troubles
    }

    /// Whether the zone's text was read anew and accepted.
    func isNew(_ zone: ZoneName) -> Bool {
        if case .accepted = states[zone] { checked[zone] != nil } else { false }
    }
}

extension RoundRunner {
    /// Scans the directory, reads and checks what changed since it was accepted, and guards what it loses.
    func takeIncludes(
        _ settings: NetworkSettings, state: NetworkState, options: RoundOptions
    ) async throws -> IncludeIntake {
        var intake = IncludeIntake()
        let entries: [IncludeEntry]
        do {
            let scan = try effects.includes.scan(settings.zoneIncludes)
            for entry in scan.entries {
                intake.times[entry.zone] = UnixTime(nanoseconds: entry.stamp.modified)
            }
            // By updates a file only names its zone: whatever becomes of it, nothing is read. Once zones are
            // published by files, each of them is another file.
            entries =
                settings.publish.method == .files
                ? scan.entries
                : scan.entries.map { IncludeEntry(zone: $0.zone, stamp: .unread) }
            intake.warnings = scan.warnings
        } catch {
            // Unreadable is not empty: every zone goes on with its last include.
            for zone in state.zones.keys { intake.states[zone] = .unchanged }
            intake.directoryProblem = "\(error); every zone goes on with its last include"
            return intake
        }
        let changed = entries.filter { state.zones[$0.zone]?.includeStamp != $0.stamp }
        for entry in entries {
            intake.states[entry.zone] = .unchanged
        }
        let known = changed.filter { state.zones[$0.zone] != nil }.map(\.zone)
        let accepted = try loadIncludes(settings, zones: known)
        let dns =
            options.directive?.dns
            ?? ParameterGuard.rule(
                settings: settings, state: state, approvesAll: options.forcesUpdate
            ).dns
        let results = await inChunks(changed) { entry in
            readInclude(
                entry.zone, settings: settings, dns: dns, last: accepted[entry.zone])
        }
        for (entry, result) in zip(changed, results) {
            intake.take(result, entry: entry, state: state, approvesAll: options.forcesUpdate)
        }
        if let directive = options.directive {
            restore(directive, entries: entries, settings: settings, state: state, into: &intake)
        }
        return intake
    }

    /// Brings old includes back: they go on until their files change.
    private func restore(
        _ directive: RoundDirective, entries: [IncludeEntry], settings: NetworkSettings,
        state: NetworkState, into intake: inout IncludeIntake
    ) {
        let stamps = Dictionary(
            entries.map { ($0.zone, $0.stamp) }, uniquingKeysWith: { first, _ in first })
        for (zone, text) in directive.includes.sorted(by: { $0.key < $1.key }) {
            let checked = effects.parser.checkAccepted(
                text, zone: zone, dns: directive.dns ?? settings.dns,
                file: "the old include of \(zone)")
            switch checked {
            case .failure(let refusal):
                intake.warnings.append(
                    "the old include of zone \(zone) is refused, the present one goes on: "
                        + (refusal.problems.first.map { "\($0)" } ?? ""))
            case .success(let include):
                let revision = state.includeRevision(of: zone) + 1
                intake.states[zone] = .accepted(
                    revision: revision,
                    stamp: stamps[zone] ?? FileStamp(inode: 0, size: 0, modified: 0, changed: 0))
                intake.checked[zone] = include
            }
        }
    }

    func loadIncludes(
        _ settings: NetworkSettings, zones: [ZoneName]
    ) throws -> [ZoneName: AcceptedInclude] {
        do {
            return try effects.store.acceptedIncludes(settings.network, zones: zones)
        } catch {
            throw RoundRefusal.state("\(error)")
        }
    }

    private func readInclude(
        _ zone: ZoneName, settings: NetworkSettings, dns: DNSSettings, last: AcceptedInclude?
    ) -> ReadInclude {
        // By updates the rest of a zone is not ours to publish: its file only names it.
        guard settings.publish.method == .files else {
            return ReadInclude(checked: CheckedInclude(text: [], records: []), last: last)
        }
        let file = "\(settings.zoneIncludes)/\(zone).zone"
        let text: [UInt8]
        do {
            text = try effects.includes.read(zone, in: settings.zoneIncludes)
        } catch {
            return ReadInclude(problems: ["\(error)"])
        }
        switch effects.parser.checkInclude(text, zone: zone, dns: dns, file: file) {
        case .failure(let refusal):
            return ReadInclude(problems: refusal.problems.map(\.description))
        case .success(let checked):
            var read = ReadInclude(checked: checked, last: last)
            if let last, last.text != text {
                let before = recheck(last.text, zone: zone, dns: dns)
                read.lastRecords = before?.include.records
            } else {
                read.lastRecords = last == nil ? nil : checked.records
            }
            guard text.saysNothing, let lastRecords = read.lastRecords, !lastRecords.isEmpty else {
                return read
            }
            return ReadInclude(problems: [
                "\(file) has become empty: write a comment into it (a line that begins with a semicolon) if "
                    + "the zone is to have no records of its own"
            ])
        }
    }
}

extension FileStamp {
    /// The state of an include that is not read: no file's own.
    fileprivate static let unread = FileStamp(inode: 0, size: 0, modified: 0, changed: 0)
}

extension [UInt8] {
    /// Whether there is nothing but blanks and line breaks: not even a comment.
    fileprivate var saysNothing: Bool { allSatisfy { [0x20, 0x09, 0x0D, 0x0A].contains($0) } }
}

/// One include as it was read.
struct ReadInclude: Sendable {
    var checked: CheckedInclude?
    var last: AcceptedInclude?
    /// The records of the last accepted text.
    var lastRecords: [DNSRecord]?
    var problems: [String]

    init(
        checked: CheckedInclude? = nil, last: AcceptedInclude? = nil, problems: [String] = []
    ) {
        self.checked = checked
        self.last = last
        self.problems = problems
    }
}

extension IncludeIntake {
    fileprivate mutating func take(
        _ read: ReadInclude, entry: IncludeEntry, state: NetworkState, approvesAll: Bool
    ) {
        let zone = entry.zone
        guard let include = read.checked else {
            let goesOn =
                state.zones[zone] == nil
                ? "zone \(zone) is not published before its include is mended"
                : "zone \(zone) goes on with its last accepted include"
            states[zone] = .refused(read.problems + [goesOn])
            return
        }
        if let old = read.lastRecords,
            let hold = IncludeGuard.hold(zone: zone, from: old, to: include.records)
        {
            let key = hold.approvalKey ?? ""
            if state.approvals.contains(key) {
                usedApprovals.insert(key)
            } else if !approvesAll {
                holds.append(hold)
                states[zone] = .refused([])
                return
            }
        }
        let isSame = read.lastRecords == include.records
        let previous = read.last?.revision ?? state.includeRevision(of: zone)
        states[zone] = .accepted(revision: isSame ? previous : previous + 1, stamp: entry.stamp)
        checked[zone] = include
    }
}
