/// Decides who is told of what: values in, values out.
///
/// Each kind of a network is one group, so that fifty edges that fall at once are one notification. Ages are
/// those of `Moment`, so that a clock that is set makes nobody hear less or more (I25).
public struct AlarmEngine: Sendable {
    let network: NetworkName
    let settings: AlarmSettings
    let now: Moment
    /// Whether only critical notifications pass.
    let isQuiet: Bool

    /// - Parameter minuteOfDay: of the system's local time, from 0 to 1439.
    public init(network: NetworkName, settings: AlarmSettings, now: Moment, minuteOfDay: Int) {
        self.network = network
        self.settings = settings
        self.now = now
        isQuiet = settings.quiet?.contains(minuteOfDay) ?? false
    }

    /// Takes in what a round came to, and puts what is to be told into the receivers' outboxes.
    public func take(_ report: AlarmReport, into state: inout AlarmState) {
        restamp(&state)
        forgetFormerReceivers(in: &state)
        for kind in AlarmKind.allCases {
            guard settings.rule(kind).isOn else {
                state.groups[kind] = nil
                continue
            }
            guard report.examined.contains(kind) else { continue }
            var group = state.groups[kind] ?? AlarmGroup()
            update(
                &group, kind, with: report.conditions.filter { $0.kind == kind },
                withdrawn: report.withdrawn)
            speak(of: &group, kind, state: &state)
            let isOver = group.items.isEmpty && !group.isTold && isOld(group.lastTold)
            state.groups[kind] = isOver ? nil : group
        }
        tellOfQuietHours(&state)
    }

    /// Whether what was told then bears on nothing any more.
    private func isOld(_ told: Moment?) -> Bool {
        told.map { now.elapsed(since: $0) >= settings.pace } ?? true
    }

    private func forgetFormerReceivers(in state: inout AlarmState) {
        let names = Set(settings.receivers.map(\.name.text))
        for name in state.receivers.keys where !names.contains(name) {
            state.receivers[name] = nil
        }
    }

    /// Moments of another boot, or from the future, are told by this boot's clock once: they count on from
    /// there whatever the wall clock does.
    private func restamp(_ state: inout AlarmState) {
        func renew(_ moment: inout Moment) {
            guard moment.bootID != now.bootID || moment.sinceBoot > now.sinceBoot else { return }
            moment = now.restamped(moment)
        }
        func renew(_ moment: inout Moment?) {
            if var known = moment {
                renew(&known)
                moment = known
            }
        }
        for kind in state.groups.keys {
            renew(&state.groups[kind, default: AlarmGroup()].lastTold)
            for subject in state.groups[kind]?.items.keys.map({ $0 }) ?? [] {
                guard var item = state.groups[kind]?.items[subject] else { continue }
                renew(&item.since)
                renew(&item.absentSince)
                for index in item.appearances.indices { renew(&item.appearances[index]) }
                state.groups[kind]?.items[subject] = item
            }
        }
        for name in state.receivers.keys {
            guard var receiver = state.receivers[name] else { continue }
            renew(&receiver.lastTry)
            renew(&receiver.claimed)
            for index in receiver.sent.indices { renew(&receiver.sent[index]) }
            state.receivers[name] = receiver
        }
    }
}
