import EdgeCore

extension RoundRunner {
    /// Has the servers that are told notify their secondaries again of what these still owe: a secondary
    /// that missed a NOTIFY asks by itself only when its refresh time is over, hours later.
    ///
    /// - Parameter fresh: zones that were published a moment ago and are on their way.
    func notifyAgain(
        _ delivery: Delivery, except fresh: Set<ZoneName>, settings: NetworkSettings
    ) async {
        guard settings.publish.method == .files, let control = effects.nameServers?.control else {
            return
        }
        let servers = settings.publish.servers
        let primaries = servers.filter { $0.control != nil }
        var behind: Set<ZoneName> = []
        var names: [ServerName] = []
        for server in servers where server.control == nil {
            // Who does not answer hears no NOTIFY.
            guard let update = delivery.updates[server.name], update.silentSince == nil else {
                continue
            }
            let owed = Set(update.owed.keys).subtracting(fresh)
            if !owed.isEmpty { names.append(server.name) }
            behind.formUnion(owed)
        }
        guard !behind.isEmpty else { return }
        let now = effects.clock.now().wall
        for primary in primaries {
            let owed = delivery.updates[primary.name]?.owed ?? [:]
            let all = behind.filter { owed[$0] == nil }.sorted()
            let start = Self.turn(of: all.count, at: now)
            let zones = Array((all[start...] + all[..<start]).prefix(Self.mostNotified))
            guard !zones.isEmpty, delivery.updates[primary.name]?.silentSince == nil else {
                continue
            }
            let report = await control.notify(zones, by: primary)
            say(report, of: zones, by: primary.name, to: names)
        }
    }

    /// How many zones are notified at once.
    private static let mostNotified = 200

    /// Which of so many zones comes first: others each minute, when they are more than are notified at once.
    private static func turn(of count: Int, at now: UnixTime) -> Int {
        guard count > 0 else { return 0 }
        let place = Int(now.seconds / 60) % count * mostNotified % count
        // Before 1970 it is below zero.
        return place < 0 ? place + count : place
    }

    private func say(
        _ report: ControlReport, of zones: [ZoneName], by primary: ServerName,
        to names: [ServerName]
    ) {
        let secondaries = names.map(\.text).joined(separator: " ")
        if let failure = report.failure {
            let count = zones.count.counted("zone")
            effects.log.write(
                .warning,
                "\(primary) could not be told to notify \(secondaries) of \(count) "
                    + "(\(zones.fewWords)): \(failure)")
            return
        }
        let taken = zones.count - report.refused.count
        if taken > 0 {
            effects.log.write(
                .info,
                "\(primary) was told to notify \(secondaries) again of \(taken.counted("zone"))")
        }
        if let refusal = report.refusal(by: primary) {
            let count = "\(report.refused.count) of \(zones.count.counted("zone"))"
            effects.log.write(
                .warning, "\(primary) did not notify \(secondaries) of \(count): \(refusal)")
        }
    }
}
