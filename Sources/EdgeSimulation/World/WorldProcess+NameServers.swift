internal import EdgeCore
internal import EdgeShell
import EdgeTesting

extension WorldProcess: NameServerAsker, ZoneUpdater, NameServerControl {
    /// Asks one of the world's name servers; one that hangs costs the whole patience.
    func ask(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
        var answers = await confirm(questions, of: server, within: patience)
        let forged = world.change { state in
            state.server(server.name).map { state.servers[$0].forged } ?? [:]
        }
        for (zone, raise) in forged {
            guard case .success(var served)? = answers[zone] else { continue }
            served.serial.value &+= raise
            answers[zone] = .success(served)
        }
        return answers
    }

    /// What nobody forges.
    func confirm(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
        guard act() else { return [:] }
        let time = world.time
        let (answers, hangs) = world.change { state in
            state.catchUp(time)
            var answers: [ZoneName: Result<ServedZone, ServedFault>] = [:]
            guard let index = state.server(server.name) else { return (answers, false) }
            for question in questions {
                answers[question.zone] = state.servers[index].answer(question)
            }
            return (answers, state.servers[index].trouble == .hanging)
        }
        if hangs { world.moments.advance(by: patience) }
        return answers
    }

    /// Sends one message after the other, as long as the plan is the newest.
    func update(
        _ updates: [ZoneUpdate], on server: NameServerSettings, within patience: Duration,
        while isCurrent: @escaping @Sendable () throws -> Bool
    ) async -> [ZoneName: UpdateFault?] {
        var faults: [ZoneName: UpdateFault?] = [:]
        var hangs = false
        for update in updates {
            guard act() else {
                faults[update.zone] = .some(.silent)
                continue
            }
            do {
                guard try isCurrent() else {
                    faults[update.zone] = .some(.superseded)
                    continue
                }
            } catch {
                faults[update.zone] = .some(.unconfirmed(reason: "\(error)"))
                continue
            }
            let time = world.time
            let fault = world.change { state -> UpdateFault? in
                state.catchUp(time)
                guard let index = state.server(server.name) else {
                    return .unreachable(reason: "no such server")
                }
                state.servers[index].updated += 1
                return state.servers[index].carryOut(update, at: time)
            }
            if fault == nil { tell(.update(update)) }
            hangs = hangs || fault == .silent
            faults[update.zone] = .some(fault)
        }
        if hangs { world.moments.advance(by: patience) }
        return faults
    }

    /// What became of one control command.
    private enum Told: Sendable {
        case taken
        case refused(String)
        case failed(String, after: Duration)
    }

    /// Tells a server of one zone after the other; the first command that fails ends it.
    func reload(
        _ zones: [ZoneName], of server: NameServerSettings, directory: String,
        serving known: Set<ZoneName>
    ) async -> ControlReport {
        var report = ControlReport(command: "control reload", ending: "exit status 0")
        for zone in zones {
            guard act() else {
                report.failure = "killed"
                return report
            }
            switch reload(zone, of: server.name) {
            case .taken: continue
            case .refused(let words): report.refused[zone] = words
            case .failed(let words, let duration):
                world.moments.advance(by: duration)
                report.failure = words
                report.ending = "failed"
                report.duration += duration
                return report
            }
        }
        return report
    }

    private func reload(_ zone: ZoneName, of server: ServerName) -> Told {
        let time = world.time
        return world.change { state in
            state.catchUp(time)
            guard let index = state.server(server) else { return .refused("is no server") }
            state.servers[index].told += 1
            switch state.servers[index].trouble {
            case .down: return .failed("connection refused", after: .zero)
            case .controlFails: return .failed("control ended with status 1", after: .zero)
            case .hanging, .controlHangs: return .failed("did not end", after: .seconds(30))
            case .controlIsIgnored: return .taken
            case .controlIsLate:
                state.servers[index].later.append(
                    WorldServer.Later(due: time.passed + .seconds(45), zone: zone))
                return .failed("did not end", after: .seconds(30))
            case .refusesUpdates, .losesAnswers, nil: break
            }
            guard !state.servers[index].dropped.contains(zone) else {
                return .refused("does not know it")
            }
            let refusal = state.servers[index].read(
                zone, from: state.published[zone], at: time)
            return refusal.map { .refused($0) } ?? .taken
        }
    }

    /// Every zone is read from its file, but for those that the server keeps itself.
    func keeping(
        of zones: [ZoneName], by server: NameServerSettings
    ) async -> [ZoneName: ZoneKeeping] {
        guard act() else { return [:] }
        let (trouble, dynamic) = world.change { state in
            (state.server(server.name).flatMap { state.servers[$0].trouble }, state.dynamicZones)
        }
        let keeping: ZoneKeeping =
            trouble?.isUnreachable == true ? .unasked(reason: "no answer") : .file(isSigned: false)
        return Dictionary(
            zones.map { zone in
                let isDynamic = trouble?.isUnreachable != true && dynamic.contains(zone)
                return (zone, isDynamic ? .dynamic : keeping)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The world's secondaries find out by themselves; a server that is down can't be told.
    func notify(_ zones: [ZoneName], by server: NameServerSettings) async -> ControlReport {
        guard act() else { return ControlReport(failure: "killed") }
        let isDown = world.change { state in
            state.server(server.name).map { state.servers[$0].trouble == .down } ?? true
        }
        return ControlReport(failure: isDown ? "connection refused" : nil)
    }

    /// No zone is ever given up.
    func remove(
        _ zones: [ZoneName], from server: NameServerSettings
    ) async -> ControlReport {
        ControlReport()
    }
}
