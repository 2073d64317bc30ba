public import EdgeCore
public import EdgeShell
internal import EdgeSystemTemplate

/// Sends to webhooks, Alertmanagers and commands.
public struct SystemAlarmSender: AlarmSender {
    private let commands: any CommandRunner

    /// Alerts that stand end by themselves after so many intervals without word of them, as though nobody
    /// watched any more.
    static let intervalsOfGrace = 3
    /// But not before this time.
    static let leastGrace: Duration = .seconds(300)

    public init(commands: any CommandRunner) {
        self.commands = commands
    }

    /// Runs one errand; the first notification that does not arrive ends it.
    public func run(
        _ errand: AlarmErrand, network: NetworkName, interval: Duration, now: UnixTime,
        within patience: Duration
    ) async -> AlarmErrandResult {
        let receiver = errand.receiver
        var result = AlarmErrandResult(receiver: receiver.name)
        switch errand.load {
        case .alerts(let standing, let over):
            let grace = max(interval * Self.intervalsOfGrace, Self.leastGrace)
            result.failure = await post(
                standing: standing, over: over, to: receiver, network: network, now: now,
                ends: now.adding(grace), within: min(receiver.timeout, patience))
            if result.failure == nil { result.standing = standing }
        case .notifications(let notifications):
            let clock = ContinuousClock()
            let end = clock.now + patience
            for notification in notifications {
                let left = end - clock.now
                // What there was no time for is no failure: it goes with the next round.
                if left <= .zero { return result }
                result.failure = await send(
                    notification, to: receiver, within: min(receiver.timeout, left))
                guard result.failure == nil else {
                    result.refused = notification.id
                    return result
                }
                result.delivered.append(notification.id)
            }
        }
        return result
    }

    /// Sends one notification; returns why it did not arrive, nil when it did.
    public func send(
        _ notification: AlarmNotification, to receiver: AlarmReceiver, within patience: Duration
    ) async -> String? {
        do {
            switch receiver.way {
            case .webhook(let webhook):
                let client = WebhookClient(
                    webhook: webhook, secret: try ReceiverSecret(of: webhook))
                return await client.post(
                    try body(of: notification, webhook), id: notification.id, within: patience)
            case .alertmanager(let webhook):
                return try await test(notification, webhook, within: patience)
            case .command(let arguments):
                let input = try AlarmBodies.json(notification) + [0x0A]
                return words(await commands.run(arguments, input: input, timeout: patience))
            }
        } catch {
            return "\(error)"
        }
    }

    private func body(
        of notification: AlarmNotification, _ webhook: AlarmWebhook
    ) throws -> [UInt8] {
        guard let path = webhook.template else { return try AlarmBodies.json(notification) }
        return try AlarmTemplate(at: path).body(of: notification)
    }

    private func post(
        standing: [StandingAlert], over: [StandingAlert], to receiver: AlarmReceiver,
        network: NetworkName, now: UnixTime, ends: UnixTime, within patience: Duration
    ) async -> String? {
        guard case .alertmanager(let webhook) = receiver.way else {
            return "receiver \(receiver.name) is no Alertmanager"
        }
        do {
            let client = WebhookClient(webhook: webhook, secret: try ReceiverSecret(of: webhook))
            let body = try AlarmBodies.alerts(
                standing: standing, over: over, network: network, now: now, ends: ends)
            return await client.post(body, path: Self.path, id: nil, within: patience)
        } catch {
            return "\(error)"
        }
    }

    /// Alertmanager's place for alerts.
    private static let path = "/api/v2/alerts"

    /// A test is an alert that ends within a minute.
    private func test(
        _ notification: AlarmNotification, _ webhook: AlarmWebhook, within patience: Duration
    ) async throws -> String? {
        let now = UnixTime(seconds: notification.time)
        let client = WebhookClient(webhook: webhook, secret: try ReceiverSecret(of: webhook))
        let body = try AlarmBodies.test(notification, ends: now.adding(.seconds(60)))
        return await client.post(body, path: Self.path, id: nil, within: patience)
    }

    private func words(_ result: CommandResult) -> String? {
        let output = result.output.split(whereSeparator: \.isNewline).last.map {
            ": \(NetworkText.printable(String($0)))"
        }
        switch result.ending {
        case .exited(status: 0): return nil
        case .exited(let status): return "it exited with status \(status)\(output ?? "")"
        case .signalled(let signal): return "it was ended by signal \(signal)\(output ?? "")"
        case .timedOut: return "it ran for more than \(result.duration.shortSeconds) and was ended"
        case .notStarted(let reason): return NetworkText.printable(reason)
        }
    }
}
