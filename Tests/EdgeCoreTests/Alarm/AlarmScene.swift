import EdgeCore
import EdgeTesting

/// One network's alarms, round after round, with receivers that take everything unless they are told not to.
struct AlarmScene {
    var settings: AlarmSettings
    var state = AlarmState()
    var now = Moment(
        wall: UnixTime(seconds: 1_700_000_000), sinceBoot: .seconds(1000), bootID: "first")
    /// Minutes after midnight.
    var minute = 12 * 60
    let network: NetworkName = "web"
    /// Receivers that take nothing.
    var dead: Set<String> = []
    /// What arrived, in its order.
    private(set) var arrived: [(receiver: String, notification: AlarmNotification)] = []
    /// What Alertmanager was given last.
    private(set) var alerts: (standing: [StandingAlert], over: [StandingAlert])?
    private(set) var notes: [String] = []

    init(_ settings: AlarmSettings = AlarmSettings()) {
        self.settings = settings
        if settings.receivers.isEmpty { self.settings.receivers = [Self.receiver("ops")] }
    }

    static func receiver(
        _ name: String, severities: Set<AlarmSeverity> = [], kinds: Set<AlarmKind> = [],
        networks: Set<NetworkName> = [], retries: Int = 10
    ) -> AlarmReceiver {
        AlarmReceiver(
            name: ReceiverName(name) ?? ReceiverName("bad")!, way: .command(["tell"]),
            severities: severities, kinds: kinds, networks: networks, retries: retries)
    }

    /// What this round told, receiver and sentence.
    var said: [String] { arrived.map(\.notification.sentence) }
    var phases: [AlarmNotification.Phase] { arrived.map(\.notification.phase) }

    mutating func pass(_ time: Duration) {
        now = Moment(
            wall: now.wall.adding(time), sinceBoot: now.sinceBoot + time, bootID: now.bootID)
    }

    var engine: AlarmEngine {
        AlarmEngine(network: network, settings: settings, now: now, minuteOfDay: minute)
    }

    /// What `edgemanage alarms` shows.
    var view: AlarmView {
        AlarmView(
            network: network, settings: settings, state: state, now: now, minuteOfDay: minute)
    }

    /// A minute passes, and a round sees these edges out.
    mutating func round(
        out edges: [String] = [], _ more: [AlarmCondition] = [], after time: Duration = .seconds(60)
    ) {
        round(
            conditions: edges.map {
                AlarmCondition(.edgeOut, subject: $0, words: "is out: refused the connection")
            } + more, after: time)
    }

    mutating func round(
        conditions: [AlarmCondition], examined: Set<AlarmKind> = Set(AlarmKind.allCases),
        withdrawn: Set<String> = [], after time: Duration = .seconds(60)
    ) {
        pass(time)
        engine.take(
            AlarmReport(examined: examined, conditions: conditions, withdrawn: withdrawn),
            into: &state)
        send()
    }

    /// Sends what can be sent.
    mutating func send(elsewhere: [String: [Moment]] = [:]) {
        let errands = engine.claim(&state, elsewhere: elsewhere)
        var results: [AlarmErrandResult] = []
        for errand in errands {
            let name = errand.receiver.name
            var result = AlarmErrandResult(receiver: name)
            switch errand.load {
            case _ where dead.contains(name.text):
                result.failure = "it refused the connection"
                if case .notifications(let all) = errand.load { result.refused = all.first?.id }
            case .alerts(let standing, let over):
                alerts = (standing, over)
                result.standing = standing
            case .notifications(let notifications):
                for notification in notifications {
                    arrived.append((name.text, notification))
                    result.delivered.append(notification.id)
                }
            }
            results.append(result)
        }
        notes += engine.settle(results, in: &state)
    }

    /// What arrived since the last time this was asked.
    mutating func take() -> [AlarmNotification] {
        defer { arrived = [] }
        return arrived.map(\.notification)
    }
}

extension [AlarmNotification] {
    var phases: [AlarmNotification.Phase] { map(\.phase) }
    var sentences: [String] { map(\.sentence) }
}
