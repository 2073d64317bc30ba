import EdgeCore

extension RoundRunner {
    /// How long name servers are asked before a round is planned: a dead one must not hold it up.
    static let surveyPatience: Duration = .seconds(5)

    /// Asks every name server what it serves of what was published, and compares.
    func survey(_ settings: NetworkSettings, state: NetworkState) async -> ServerSurvey {
        var survey = ServerSurvey()
        guard let asker = effects.nameServers?.asker, !settings.publish.servers.isEmpty else {
            return survey
        }
        var book = ExpectationBook(settings: settings)
        let zones = state.zones.sorted { $0.key < $1.key }
        let expected = zones.compactMap { book.expectation(of: $0.key, $0.value) }
        let unknown = unpublished(settings, state: state)
        guard !expected.isEmpty || !unknown.isEmpty else { return survey }
        let servers = settings.publish.servers
        let store = effects.store
        var withdrawals = Withdrawals(settings, state: state) {
            try store.published(settings.network, since: $0)
        }
        let expectations = servers.map { server in
            let remains = withdrawals.remains(on: server.name)
            guard !remains.isEmpty else { return expected }
            return expected.map { $0.withdrawing(remains[$0.zone] ?? []) }
        }
        let answers = await ask(
            expectations, unknown, through: asker, settings: settings, state: state)
        let now = effects.clock.now()
        for (index, server) in servers.enumerated() {
            let given = answers[index] ?? [:]
            survey.take(
                given, of: server.name,
                expected: expectations[index].map { $0.withoutSerial(settings, server) },
                known: state.servers[server.name] ?? ServerState(), generation: state.generation,
                remedy: Self.remedy(server, settings), now: now)
            survey.take(
                given, of: server.name, unpublished: unknown.map(\.zone),
                comparesSerials: Self.comparesSerials(server, settings))
        }
        withdrawals.noteRemains(in: &survey, now: now)
        survey.warnings += [withdrawals.problem].compactMap { $0 }
        return survey
    }

    /// Asks each server, the `n`th for the `n`th expectations, and all for zones that are not published yet.
    private func ask(
        _ expectations: [[ServedExpectation]], _ unknown: [ZoneQuestion],
        through asker: any NameServerAsker, settings: NetworkSettings, state: NetworkState
    ) async -> [Int: ServerSurvey.Answers] {
        let patience = min(settings.probe.timeout, Self.surveyPatience)
        // Nothing is known of ours, but that it would be a time of today.
        let today = SOASerial.following([], at: effects.clock.now().wall)
        let strangers = unknown.map {
            ServedExpectation(zone: $0.zone, serial: today, addresses: [], names: [])
        }
        return await withTaskGroup(of: (Int, ServerSurvey.Answers).self) { group in
            for (index, server) in settings.publish.servers.enumerated() {
                let expected = expectations[index]
                group.addTask {
                    let given = await asker.ask(
                        expected.map(\.question) + unknown, of: server, within: patience)
                    return (
                        index,
                        await confirm(
                            given, published: expected + strangers, of: server, through: asker,
                            settings: settings, state: state, within: patience)
                    )
                }
            }
            return await group.reduce(into: [Int: ServerSurvey.Answers]()) { $0[$1.0] = $1.1 }
        }
    }

    /// Asks once more over TCP where an answer would cost a good part of the serials' space.
    private func confirm(
        _ answers: ServerSurvey.Answers, published: [ServedExpectation],
        of server: NameServerSettings, through asker: any NameServerAsker,
        settings: NetworkSettings, state: NetworkState, within patience: Duration
    ) async -> ServerSurvey.Answers {
        let doubts = ServerSurvey.doubtful(
            answers, published: published,
            comparesSerials: Self.comparesSerials(server, settings),
            known: state.servers[server.name] ?? ServerState(),
            remedy: Self.remedy(server, settings), now: effects.clock.now())
        return await confirm(answers, doubts, of: server, through: asker, within: patience)
    }

    /// Has TCP's answers take the place of doubted ones.
    func confirm(
        _ answers: ServerSurvey.Answers, _ doubts: [ServedExpectation],
        of server: NameServerSettings, through asker: any NameServerAsker,
        within patience: Duration
    ) async -> ServerSurvey.Answers {
        guard !doubts.isEmpty else { return answers }
        let confirmed = await asker.confirm(
            doubts.map(\.question), of: server, within: patience)
        return ServerSurvey.settled(answers, doubts: doubts, confirmed: confirmed)
    }

    /// Whether the serials of a server's zones are ours.
    private static func comparesSerials(
        _ server: NameServerSettings, _ settings: NetworkSettings
    ) -> Bool {
        settings.publish.method == .files && !server.choosesSerials
    }

    private static func remedy(
        _ server: NameServerSettings, _ settings: NetworkSettings
    ) -> ServerRemedy {
        guard settings.publish.method == .files else { return .none }
        return server.control == nil ? .asked : .told(patience: settings.publish.patience)
    }

    /// A zone that is not known to be published may be on the server all the same: by updates its content must
    /// be known before its first change, by files its serial, after a database was lost.
    private func unpublished(
        _ settings: NetworkSettings, state: NetworkState
    ) -> [ZoneQuestion] {
        guard let present = try? effects.includes.zones(in: settings.zoneIncludes)
        else { return [] }
        let labels = settings.publish.method == .updates ? settings.dns.rotatedLabels : []
        return present.filter { state.zones[$0] == nil }.sorted().map { zone in
            let apex = "\(zone)."
            let names = [apex] + labels.map { "\($0).\(apex)" }
            return ZoneQuestion(
                zone: zone, names: names, families: Set(AddressFamily.allCases))
        }
    }
}

extension ServedExpectation {
    /// The expectation without its serial where the server makes its own.
    func withoutSerial(
        _ settings: NetworkSettings, _ server: NameServerSettings
    ) -> ServedExpectation {
        guard settings.publish.method == .updates || server.choosesSerials else { return self }
        var expectation = self
        expectation.serial = nil
        return expectation
    }
}

/// Makes expectations of published zones; thousands of zones share one content key, which is read once.
struct ExpectationBook {
    let settings: NetworkSettings
    private var contents: [String: PublishedContent] = [:]

    init(settings: NetworkSettings) {
        self.settings = settings
    }

    /// What name servers should serve of a zone; nil when its content key can't be read.
    mutating func expectation(
        of zone: ZoneName, _ published: PublishedZone
    ) -> ServedExpectation? {
        guard !published.isCatalog else {
            return ServedExpectation(zone: zone, serial: published.serial, addresses: [], names: [])
        }
        let key = published.contentKey
        let content: PublishedContent
        if let known = contents[key] {
            content = known
        } else {
            guard let read = PublishedContent(key: key) else { return nil }
            contents[key] = read
            content = read
        }
        return content.expectation(of: zone, serial: published.serial)
    }
}
