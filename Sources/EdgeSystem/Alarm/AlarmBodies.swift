internal import EdgeCore
internal import EdgeSystemReport
internal import FoundationEssentials

/// What receivers are sent, as JSON.
enum AlarmBodies {
    /// The whole notification, on one line.
    static func json(_ notification: AlarmNotification) throws -> [UInt8] {
        try encoded(notification)
    }

    /// Alerts as Alertmanager's API of version 2 takes them.
    ///
    /// - Parameter ends: when alerts that stand end unless they are sent again.
    static func alerts(
        standing: [StandingAlert], over: [StandingAlert], network: NetworkName, now: UnixTime,
        ends: UnixTime
    ) throws -> [UInt8] {
        try encoded(
            standing.map { Alert($0, network: network, ends: ends) }
                + over.map { Alert($0, network: network, ends: now) })
    }

    /// A test as one alert.
    static func test(_ notification: AlarmNotification, ends: UnixTime) throws -> [UInt8] {
        try encoded([
            Alert(
                labels: [
                    "alertname": "EdgemanageTest", "network": notification.network,
                    "severity": notification.severity.rawValue,
                ], annotations: ["summary": notification.sentence],
                startsAt: UnixTime(seconds: notification.time).rfc3339, endsAt: ends.rfc3339)
        ])
    }

    private static func encoded(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// One alert.
    fileprivate struct Alert: Encodable {
        var labels: [String: String]
        var annotations: [String: String]
        var startsAt: String
        var endsAt: String
    }
}

extension AlarmBodies.Alert {
    init(_ alert: StandingAlert, network: NetworkName, ends: UnixTime) {
        labels = [
            "alertname": alert.kind.alertName, "network": network.text,
            "severity": alert.severity.rawValue,
        ]
        if let label = alert.kind.subjectLabel { labels[label] = alert.subject }
        annotations = ["summary": alert.summary(of: network), "description": alert.words]
        startsAt = min(alert.since, ends).rfc3339
        endsAt = ends.rfc3339
    }
}
