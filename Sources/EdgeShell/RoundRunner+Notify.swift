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
            // Others each minute, when they are more than are notified at once.
            let start = all.isEmpty ? 0 : Int(now.seconds / 60 * 200 % Int64(all.count))
            let zones = Array((all[start...] + all[..<start]).prefix(200))
            guard !zones.isEmpty, delivery.updates[primary.name]?.silentSince == nil else {
                continue
            }
            let report = await control.notify(zones, by: primary)
            let secondaries = names.map(\.text).joined(separator: " ")
            if let failure = report.failure {
                effects.log.write(
                    .warning,
                    "\(primary.name) could not be told to notify \(secondaries): \(failure)")
            } else {
                effects.log.write(
                    .info,
                    "\(primary.name) was told to notify \(secondaries) again of \(zones.count) zones"
                )
            }
        }
    }
}
