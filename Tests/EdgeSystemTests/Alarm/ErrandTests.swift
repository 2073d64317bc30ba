import EdgeCore
import EdgeLoopback
import EdgeRealServers
import EdgeShell
import EdgeSystemAlarm
import EdgeSystemPublish
import EdgeTesting
import Foundation
import Testing

/// Errands: commands, several notifications, and a real Alertmanager.
@Suite struct ErrandTests {
    private func receiver(_ way: AlarmReceiver.Way) throws -> AlarmReceiver {
        var receiver = AlarmReceiver(name: try #require(ReceiverName("ops")), way: way)
        receiver.timeout = .seconds(50)
        return receiver
    }

    private func run(
        _ load: AlarmErrand.Load, to receiver: AlarmReceiver,
        within patience: Duration = .seconds(200)
    ) async -> AlarmErrandResult {
        await SystemAlarmSender(commands: SubprocessRunner()).run(
            AlarmErrand(receiver: receiver, load: load), network: "web", interval: .seconds(60),
            now: UnixTime(seconds: Int64(Date().timeIntervalSince1970)), within: patience)
    }

    private func notification(_ number: Int) -> AlarmNotification {
        var notification = HookScene.notification
        notification.id = "web-\(number)-1"
        return notification
    }

    @Test func aCommandGetsJSONOnItsInput() async throws {
        try await HookScene.with { scene in
            let script = try scene.write(
                "page",
                "#!/bin/sh\necho \"$*\" > \(scene.directory)/arguments\ncat > \(scene.directory)/input\n",
                mode: 0o755)
            let result = await run(
                .notifications([notification(1)]), to: try receiver(.command([script, "a b", "c"])))
            #expect(result.delivered == ["web-1-1"] && result.failure == nil)
            let input = try String(contentsOfFile: scene.directory + "/input", encoding: .utf8)
            #expect(input.hasSuffix("}\n") && input.split(separator: "\n").count == 1)
            let read = try JSONDecoder().decode(AlarmNotification.self, from: Data(input.utf8))
            #expect(read == notification(1))
            // No text from edges in arguments (I35).
            #expect(
                try String(contentsOfFile: scene.directory + "/arguments", encoding: .utf8)
                    == "a b c\n")
        }
    }

    /// A command that reads nothing has done its work all the same; one that fails says why.
    @Test(
        arguments: [
            (["true"], nil),
            (["sh", "-c", "echo no; echo really >&2; exit 3"], "it exited with status 3: really"),
            (["sh", "-c", "kill -9 $$"], "it was ended by signal 9"),
            (["/nonexistent/page"], "/nonexistent/page could not be run"),
        ] as [([String], String?)])
    func saysHowTheCommandEnded(command: [String], words: String?) async throws {
        let result = await run(
            .notifications([notification(1)]), to: try receiver(.command(command)))
        #expect(result.failure?.hasPrefix(words ?? "") ?? (words == nil), "\(result)")
        #expect(result.delivered.isEmpty == (words != nil))
    }

    @Test func aCommandThatHangsIsEnded() async throws {
        var slow = try receiver(.command(["sleep", "60"]))
        slow.timeout = .milliseconds(300)
        let result = await run(.notifications([notification(1)]), to: slow)
        #expect(result.failure?.hasPrefix("it ran for more than") == true)
    }

    /// The first that fails ends the errand, and what arrived before it is not sent again.
    @Test func whatArrivedIsKnown() async throws {
        try await HookScene.with { scene in
            let script = try scene.write(
                "page",
                "#!/bin/sh\ncat >> \(scene.directory)/all\n! grep -q web-2 \(scene.directory)/all\n",
                mode: 0o755)
            let result = await run(
                .notifications([notification(1), notification(2), notification(3)]),
                to: try receiver(.command([script])))
            #expect(result.delivered == ["web-1-1"])
            #expect(result.failure == "it exited with status 1")
        }
    }

    /// A receiver that is slow does not use more than the whole time; what was not sent is no failure.
    @Test func allNotificationsShareTheTime() async throws {
        try await HookScene.with { scene in
            let result = await run(
                .notifications((1...50).map(notification)),
                to: try receiver(.command(["sleep", "0.2"])), within: .seconds(1))
            #expect(result.delivered.count < 50)
        }
    }

    private struct Told: Decodable {
        var labels: [String: String]
        var annotations: [String: String]
        var endsAt: String
        var startsAt: String
    }

    private func alerts(of manager: RealAlertmanager) async throws -> [Told] {
        let result = await SubprocessRunner().run(
            ["amtool", "--alertmanager.url=\(manager.url)", "alert", "query", "-o", "json"],
            timeout: .seconds(20))
        #expect(result.succeeded, "\(result.output)")
        return try JSONDecoder().decode([Told].self, from: Data(result.output.utf8))
    }

    @Test func aRealAlertmanagerShowsAlertsAndTheirEnd() async throws {
        try await HookScene.with { scene in
            let manager = try await RealAlertmanager.start(in: scene.directory)
            do {
                try await tell(manager)
            } catch {
                await manager.stop()
                throw error
            }
            await manager.stop()
        }
    }

    private func tell(_ manager: RealAlertmanager) async throws {
        let now = UnixTime(seconds: Int64(Date().timeIntervalSince1970))
        let alert = { (edge: String) in
            StandingAlert(
                kind: .edgeOut, subject: edge, severity: .warning, words: "refused \"it\"",
                since: now.adding(.seconds(-300)))
        }
        let sick = StandingAlert(
            kind: .monitorSick, subject: "", severity: .critical, words: "this monitor seems sick",
            since: now)
        let to = try receiver(.alertmanager(AlarmWebhook(url: manager.url + "/")))
        let first = await run(
            .alerts(standing: [alert("a.test"), alert("b.test"), sick], over: []), to: to)
        #expect(first.failure == nil && first.standing?.count == 3)
        var told = try await alerts(of: manager)
        #expect(
            Set(told.map { ($0.labels["alertname"] ?? "") + ($0.labels["edge"] ?? "-") }) == [
                "EdgemanageEdgeOuta.test", "EdgemanageEdgeOutb.test", "EdgemanageMonitorSick-",
            ])
        let one = try #require(told.first { $0.labels["edge"] == "a.test" })
        #expect(one.labels["network"] == "web" && one.labels["severity"] == "warning")
        #expect(one.annotations["summary"] == "network web: edge a.test refused \"it\"")
        // It ends by itself when nobody speaks of it any more, but not before the next rounds.
        let end = try #require(
            ISO8601DateFormatter().date(from: String(one.endsAt.prefix(19)) + "Z"))
        #expect((250...310).contains(end.timeIntervalSince1970 - Double(now.seconds)))
        let second = await run(
            .alerts(standing: [alert("b.test")], over: [alert("a.test"), sick]), to: to)
        #expect(second.standing?.map(\.subject) == ["b.test"])
        told = try await alerts(of: manager)
        #expect(told.map { $0.labels["edge"] } == ["b.test"])
        // What it does not take is told in its own words.
        let wrong = AlarmReceiver(
            name: to.name, way: .alertmanager(AlarmWebhook(url: manager.url + "/nowhere")))
        let failure = await run(.alerts(standing: [alert("b.test")], over: []), to: wrong).failure
        #expect(failure?.hasPrefix("it answered 404") == true, "\(failure ?? "")")
        let test = await SystemAlarmSender(commands: SubprocessRunner()).send(
            .test("web", to: to.name, now: now), to: to, within: .seconds(10))
        #expect(test == nil)
        #expect(
            try await alerts(of: manager).contains { $0.labels["alertname"] == "EdgemanageTest" })
    }
}
