import EdgeCore

extension RoundRunner {
    /// Notes the intent.
    ///
    /// - Throws: `RoundRefusal.state` when it can't be noted: nothing was changed then.
    func begin(
        _ plan: RoundPlan, settings: NetworkSettings, into outcome: inout RoundOutcome
    ) throws {
        let record = plan.record()
        outcome.generation = record.generation
        do {
            try effects.store.begin(record, keptSamples: settings.judge.keptSamples)
        } catch {
            throw RoundRefusal.state("\(error)")
        }
    }

    /// Writes the files, notes what became of them.
    func publish(
        _ plan: RoundPlan, settings: NetworkSettings, into outcome: inout RoundOutcome
    ) async {
        let writes = plan.writes
        guard !writes.isEmpty else { return }
        guard settings.publish.method == .files else {
            outcome.report.written = writes.map(\.step.zone).sorted()
            return
        }
        let results = await putInPlace(
            await zoneFiles(of: plan), plan: plan,
            while: stillCurrent(settings.network, generation: outcome.generation))
        var written: [ZoneName: FileStamp?] = [:]
        for (zone, result) in results.sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let stamp): written[zone] = .some(stamp)
            case .failure(let failure):
                outcome.failures[zone] = failure.message
                effects.log.write(.error, failure.message)
            }
        }
        outcome.report.written = written.keys.sorted()
        for line in PublicationWords.lines(of: writes.filter { written[$0.step.zone] != nil }) {
            effects.log.write(.notice, line)
        }
        do {
            try effects.store.finish(settings.network, written: written)
        } catch {
            // The files are out; what the database misses, the next run finds out by reading them.
            let trouble = "\(error); the next run looks at the zones again"
            effects.log.write(.error, trouble)
            outcome.troubles.append(trouble)
        }
    }

    /// Writes the zones, then the catalog: a secondary must not be told of a zone that does not exist.
    private func putInPlace(
        _ files: [ZoneFileWrite], plan: RoundPlan,
        while isCurrent: @escaping @Sendable () throws -> Bool
    ) async -> [ZoneName: Result<FileStamp, PublishFailure>] {
        let publish = plan.settings.publish
        let catalog = files.filter { $0.zone == plan.catalog?.zone }
        var results = await effects.zoneFiles.publish(
            files.filter { $0.zone != plan.catalog?.zone }, in: publish.directory,
            checker: publish.checker, while: isCurrent)
        guard let name = catalog.first?.zone else { return results }
        let missing = plan.catalogAwaits.filter { zone in
            if case .success? = results[zone] { false } else { true }
        }
        guard missing.isEmpty else {
            results[name] = .failure(
                PublishFailure(
                    "\(publish.directory)/\(name).zone: the catalog stays as it is in this round, since it "
                        + "would list \(missing.count.counted("zone")) without a file: "
                        + missing.sorted().fewWords))
            return results
        }
        results.merge(
            await effects.zoneFiles.publish(
                catalog, in: publish.directory, checker: publish.checker, while: isCurrent)
        ) { _, last in last }
        return results
    }

    /// The texts of every zone that is written, with the records that they must be read back as.
    private func zoneFiles(of plan: RoundPlan) async -> [ZoneFileWrite] {
        let catalog = plan.catalog
        let published = plan.state.zones
        return await inChunks(plan.writes) { settlement -> ZoneFileWrite in
            let step = settlement.step
            let modified = [
                published[step.zone]?.fileStamp?.modified, settlement.loadedTime(plan.now),
            ]
            .compactMap { $0 }.max()
            let content = ZoneContent(
                zone: step.zone, addresses: step.addresses.addresses, dns: step.dns)
            if let catalog, catalog.zone == step.zone {
                return ZoneFileWrite(
                    zone: step.zone, text: catalog.render(serial: settlement.serial),
                    expected: settlement.records, newerThan: modified)
            }
            return ZoneFileWrite(
                zone: step.zone,
                text: text(
                    of: content, serial: settlement.serial,
                    include: plan.includes[step.zone]?.text ?? [], plan: plan),
                expected: settlement.records, newerThan: modified)
        }
    }

    /// Whether the database still has this generation as its newest: asked before each rename and each
    /// update (I5). It throws when the database can't say: then nothing more may be published either, but
    /// no newer plan will do it instead.
    func stillCurrent(
        _ network: NetworkName, generation: Int
    ) -> @Sendable () throws -> Bool {
        let store = effects.store
        return { try store.generation(network) == generation }
    }

    /// The operator's commands; a failed `run_after_changes` is owed until it succeeds.
    func runCommandsAfter(
        _ plan: RoundPlan, settings: NetworkSettings, into outcome: inout RoundOutcome
    ) async {
        await run(settings.commands.after, named: "run_after")
        guard plan.state.afterChangesPending || !outcome.report.written.isEmpty else {
            // No file could be written after all.
            if !plan.writes.isEmpty { settleDebt(settings, into: &outcome) }
            return
        }
        if let command = settings.commands.afterChanges {
            let result = await run(command, named: "run_after_changes")
            guard result?.succeeded == true else {
                outcome.troubles.append(
                    "run_after_changes failed and is run again next round: \(command)")
                return
            }
        }
        settleDebt(settings, into: &outcome)
    }

    /// Nothing is owed to the name server any more; what a newer plan owes is not a stale writer's to settle.
    private func settleDebt(_ settings: NetworkSettings, into outcome: inout RoundOutcome) {
        do {
            try effects.store.settleAfterChanges(settings.network, of: outcome.generation)
        } catch {
            let trouble = "\(error); run_after_changes, if any, is run again next round"
            effects.log.write(.error, trouble)
            outcome.troubles.append(trouble)
        }
    }

    /// Runs one configured command and logs how it ended; nil when there is none.
    @discardableResult
    func run(_ command: String?, named name: String) async -> CommandResult? {
        guard let command else { return nil }
        let arguments = command.split(separator: " ").map(String.init)
        guard !arguments.isEmpty else { return nil }
        let result = await effects.commands.run(arguments, timeout: Self.commandTimeout)
        let took = "after \(result.duration.shortSeconds)"
        switch result.ending {
        case .exited(status: 0):
            effects.log.write(.info, "\(name) ended with status 0 \(took)")
        case .exited(let status):
            effects.log.write(
                .error, "\(name) ended with status \(status) \(took): \(result.output.lastLines)")
        case .signalled(let signal):
            effects.log.write(.error, "\(name) was ended by signal \(signal) \(took)")
        case .timedOut:
            effects.log.write(.error, "\(name) did not end and was stopped \(took)")
        case .notStarted(let reason):
            effects.log.write(.error, "\(name) could not be started: \(reason)")
        }
        return result
    }

    /// Says what was decided, and why.
    func log(_ outcome: RoundOutcome) {
        let reasons = outcome.decision.selection.reasons
        for name in outcome.report.added {
            effects.log.write(.notice, "\(name) in: \(reasons[name]?.cause ?? "")")
        }
        for name in outcome.report.removed {
            effects.log.write(.notice, "\(name) out: \(reasons[name]?.cause ?? "")")
        }
        for name in outcome.decision.selection.heldBack {
            effects.log.write(.notice, "\(name): \(reasons[name].map { "\($0)" } ?? "")")
        }
        for hold in outcome.report.holds { effects.log.write(.warning, "held: \(hold)") }
        for warning in outcome.report.warnings { effects.log.write(.warning, warning) }
        for (zone, failure) in outcome.failures.sorted(by: { $0.key < $1.key }) {
            effects.log.write(.error, "zone \(zone) is not published: \(failure)")
        }
        for trouble in outcome.troubles { effects.log.write(.error, trouble) }
    }
}

extension String {
    /// The last lines of an output, for one line of a log.
    var lastLines: String {
        split(whereSeparator: \.isNewline).suffix(5).joined(separator: " | ")
    }
}

extension ZoneSettlement {
    /// Serials ahead of the clock by no more than this were made by a clock that was set back since; others
    /// were written by hand.
    fileprivate static let mostSetBack: Duration = .seconds(366 * 86_400)

    /// When the file was written that a name server loaded and goes on serving, as far as its serial tells:
    /// serials are Unix times. In nanoseconds since the epoch; nil when nothing speaks for the future.
    fileprivate func loadedTime(_ now: Moment) -> Int64? {
        guard step.causes.contains(.served) else { return nil }
        let time = UnixTime(seconds: Int64(serial.value))
        let ahead = time.since(now.wall)
        return ahead > .zero && ahead <= Self.mostSetBack ? time.nanoseconds : nil
    }
}
