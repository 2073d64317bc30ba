import EdgeCore

/// What name servers owe after a round's plan was published, and what came of telling them.
struct Delivery: Sendable {
    /// The generation that they have to serve.
    var generation: Int
    /// When the run that published it began, which names the run.
    var round: Moment
    var updates: [ServerName: ServerUpdate]
    /// Zones that each server was found to serve, well or not, when the round was planned.
    var served: [ServerName: Set<ZoneName>]
    /// What each zone of the network should look like.
    var expected: [ZoneName: ServedExpectation]
    /// Zones that could not be brought to a server, and why.
    var failures: [ServerName: [ZoneName: String]] = [:]
    /// Zones that servers took as updates.
    var updated: [ServerName: Set<ZoneName>] = [:]
    /// Zones that have, by updates, the planned content on a server at least, as far as is known.
    var reached: Set<ZoneName> = []
    /// Why it failed, by server that was tried in vain when it was last tried before this round.
    var lastFailures: [ServerName: String] = [:]
    /// Name servers that could not be told, and why.
    var troubles: [ServerName: String] = [:]

    /// What is owed by a server now: what was known, what the survey and this round added, less what was
    /// found settled.
    static func owed(
        by server: ServerName, state: NetworkState, survey: ServerSurvey
    ) -> [ZoneName: OwedZone] {
        var owed = state.servers[server]?.owed ?? [:]
        guard let update = survey.updates[server] else { return owed }
        for zone in update.settled { owed[zone] = nil }
        owed.merge(update.owed) { _, new in new }
        return owed
    }
}
