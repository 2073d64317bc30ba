/// What fires in a network, who was told, and what waits: `edgemanage alarms` prints it as text and JSON.
public struct AlarmView: Hashable, Sendable, Codable {
    /// The version of this shape.
    public var schema = 1
    public var network: String
    /// Everything that holds or flaps, the worst first.
    public var alarms: [Alarm]
    public var receivers: [Receiver]
    /// Whether only critical notifications pass now; nil: there are no quiet hours.
    public var isQuiet: Bool?
    /// How many notifications wait for the end of the quiet hours.
    public var quieted: Int
    /// Unix time of this view.
    public var asOf: Int64

    /// One thing that holds.
    public struct Alarm: Hashable, Sendable, Codable {
        public var kind: AlarmKind
        public var subject: String
        public var severity: AlarmSeverity
        /// `pending`: not past its threshold; `firing`; `flapping`.
        public var state: State
        public var words: String
        /// Unix time.
        public var since: Int64
        public var secondsSince: Int64
        /// Those whom word of it reached.
        public var told: [String]

        /// Where it stands.
        public enum State: String, Hashable, Sendable, Codable {
            case pending, firing, flapping
        }
    }

    /// One who is told.
    public struct Receiver: Hashable, Sendable, Codable {
        public var name: String
        public var kind: String
        /// Sentences of what waits for it.
        public var waiting: [String]
        /// Notifications within the last hour, and the most that there may be; Alertmanager has no limit.
        public var sentInHour: Int
        public var perHour: Int?
        /// Attempts in a row that failed.
        public var failures: Int
        /// Why the last attempt failed; nil: it did not.
        public var lastFailure: String?
        /// How many notifications wait because it was told as much as it may be in an hour; nil: none.
        public var heldBack: Int?
        /// Seconds since it.
        public var secondsSinceFailure: Int64?
        /// Unix time of the last notification that arrived.
        public var lastDelivered: Int64?
        /// Alerts that Alertmanager has.
        public var alerts: Int
    }

    public init(
        network name: NetworkName, settings: AlarmSettings, state: AlarmState, now: Moment,
        minuteOfDay: Int
    ) {
        network = name.text
        asOf = now.wall.seconds
        isQuiet = settings.quiet.map { $0.contains(minuteOfDay) }
        quieted = state.quieted.count + state.quietedMore
        alarms = state.groups.flatMap { kind, group in
            group.items.filter { $0.value.isPresent || $0.value.isFiring }.map { subject, item in
                Alarm(
                    kind: kind, subject: subject, severity: item.severity,
                    state: item.isFlapping ? .flapping : item.isFiring ? .firing : .pending,
                    words: item.words, since: item.since.wall.seconds,
                    secondsSince: now.elapsed(since: item.since).components.seconds,
                    told: settings.receivers.filter { receiver in
                        receiver.keepsAccount
                            ? state.hasAlert(kind, subject, at: receiver.name)
                            : group.hasTold(item, to: receiver.name)
                    }.map(\.name.text).sorted())
            }
        }.sorted {
            ($1.severity, $0.kind.rawValue, $0.subject)
                < ($0.severity, $1.kind.rawValue, $1.subject)
        }
        receivers = settings.receivers.map { receiver in
            Receiver(
                receiver, state: state.receivers[receiver.name.text] ?? ReceiverState(),
                perHour: settings.perHour, now: now)
        }
    }
}

extension AlarmGroup {
    /// Whether a notification that told of an item arrived.
    fileprivate func hasTold(_ item: AlarmItem, to receiver: ReceiverName) -> Bool {
        guard item.isTold, let first = item.toldBy else { return false }
        return (delivered?[receiver.text] ?? 0) >= first
    }
}

extension AlarmState {
    /// Whether an Alertmanager has an alert.
    fileprivate func hasAlert(
        _ kind: AlarmKind, _ subject: String, at receiver: ReceiverName
    ) -> Bool {
        receivers[receiver.text]?.alerts.contains { ($0.kind, $0.subject) == (kind, subject) }
            ?? false
    }
}

extension AlarmView.Receiver {
    fileprivate init(
        _ receiver: AlarmReceiver, state: ReceiverState, perHour: Int, now: Moment
    ) {
        name = receiver.name.text
        kind =
            switch receiver.way {
            case .webhook: "webhook"
            case .alertmanager: "alertmanager"
            case .command: "command"
            }
        waiting = state.outbox.map(\.notification.sentence)
        sentInHour = state.sent.count { now.elapsed(since: $0) < .seconds(3600) }
        self.perHour = receiver.keepsAccount ? nil : perHour
        failures = state.failures
        lastFailure = state.lastFailure
        heldBack = state.outbox.isEmpty ? nil : state.heldBack
        secondsSinceFailure =
            state.lastFailure == nil
            ? nil : state.lastTry.map { now.elapsed(since: $0).components.seconds }
        lastDelivered = state.lastDelivered?.seconds
        alerts = state.alerts.count
    }

    /// What status says of it; nil while it can be reached and gets all there is.
    var trouble: String? {
        guard let lastFailure, let seconds = secondsSinceFailure else {
            return heldBack.map {
                "alarm receiver \(name) was told as much as it may be in an hour (per_hour): "
                    + Self.waits($0)
            }
        }
        let waits = waiting.isEmpty ? "" : ", and \(Self.waits(waiting.count))"
        return
            "alarm receiver \(name) was not reached "
            + "\(AlarmWords.length(.seconds(seconds))) ago: \(lastFailure)\(waits)"
    }

    private static func waits(_ count: Int) -> String {
        "\(count.counted("notification")) \(count == 1 ? "waits" : "wait")"
    }

    private var standing: String {
        if let lastFailure { return "failing: \(lastFailure)" }
        if let heldBack { return "held back by per_hour: \(Self.waits(heldBack))" }
        return lastDelivered == nil ? "not used yet" : "ok"
    }

    fileprivate var row: [String] {
        [
            name, kind, "\(sentInHour)\(perHour.map { " of \($0)" } ?? "")",
            kind == "alertmanager" ? alerts.counted("alert") : "\(waiting.count)",
            standing,
        ]
    }
}

extension AlarmView {
    /// What `status` says of receivers that can't be reached, or not be told more for now.
    public var troubles: [String] { receivers.compactMap(\.trouble) }

    /// The view as text.
    public func text() -> [String] {
        guard !receivers.isEmpty else {
            return [
                "network \(network): nobody is told of alarms: name receivers in \"alarms\" of the configuration"
            ]
        }
        let firing = alarms.count { $0.state != .pending }
        var lines = ["network \(network): \(firing.counted("alarm"))"]
        if isQuiet == true {
            lines[0] += ", quiet hours, \(quieted.counted("notification")) kept for later"
        }
        if !alarms.isEmpty {
            var table = TextTable(header: ["SEVERITY", "KIND", "STATE", "SINCE", "TOLD", "WHAT"])
            for alarm in alarms {
                let what = [alarm.subject, alarm.words].filter { !$0.isEmpty }
                table.add([
                    alarm.severity.rawValue, alarm.kind.rawValue, alarm.state.rawValue,
                    AlarmWords.length(.seconds(alarm.secondsSince)),
                    alarm.told.isEmpty ? "-" : alarm.told.joined(separator: " "),
                    what.joined(separator: ": "),
                ])
            }
            lines += [""] + table.lines()
        }
        var table = TextTable(header: ["RECEIVER", "KIND", "IN AN HOUR", "WAITING", "STATE"])
        for receiver in receivers { table.add(receiver.row) }
        lines += [""] + table.lines()
        let waiting = receivers.flatMap { receiver in
            receiver.waiting.map { "  \(receiver.name): \($0)" }
        }
        if !waiting.isEmpty { lines += ["", "waiting:"] + waiting }
        return lines
    }
}
