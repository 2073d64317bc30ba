import EdgeCore
import EdgeSystemConfiguration
import EdgeTesting
import Testing

/// The section `alarms`.
@Suite struct AlarmSettingsTests {
    private func read(_ text: String) throws -> Configuration {
        let loaded = Fixtures.load(text)
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        return try #require(loaded.configuration)
    }

    @Test func readsEveryKey() throws {
        let loaded = ConfigurationLoader()
            .load(try Fixtures.bytes("valid/alarms.yaml"), file: "/etc/e/edgemanage.yaml")
        #expect(loaded.problems.isEmpty)
        let alarms = try #require(loaded.configuration).settings(for: "web").alarms
        #expect(alarms.remind == nil && alarms.quiet?.text == "22:00-07:00")
        #expect(alarms.pace == .seconds(60) && alarms.flapping == nil && alarms.perHour == 5)
        #expect(alarms.edges == .live && alarms.certificate == .seconds(30 * 86_400))
        #expect(alarms.timeout == .seconds(3))
        var out = AlarmRule(.edgeOut)
        out.after = .time(.seconds(90))
        out.severity = .critical
        out.remind = .seconds(3600)
        var held = AlarmRule(.planHeld)
        held.isOn = false
        var none = AlarmRule(.noRound)
        none.remind = .zero
        #expect(alarms.rules == [.edgeOut: out, .planHeld: held, .noRound: none])
        let webhook = AlarmWebhook(
            url: "https://chat.example.net/hooks/{secret}", headers: ["X-Team": "ops"],
            secretFile: "/etc/e/ops.secret", template: "/etc/e/ops.template",
            authorities: "/etc/ca.pem")
        let name = { (text: String) throws in try #require(ReceiverName(text)) }
        #expect(
            alarms.receivers == [
                AlarmReceiver(
                    name: try name("ops"), way: .webhook(webhook),
                    severities: [.critical, .warning], kinds: [.edgeOut], networks: ["web"],
                    retries: 3, timeout: .milliseconds(700)),
                AlarmReceiver(
                    name: try name("am"),
                    way: .alertmanager(AlarmWebhook(url: "http://127.0.0.1:9093/"))),
                AlarmReceiver(name: try name("pager"), way: .command(["page", "ops"])),
            ])
    }

    @Test func nobodyIsToldUnlessSomebodyIsNamed() throws {
        let loaded = Fixtures.load(ConfigurationTemplate.text())
        let settings = try #require(loaded.configuration).settings(for: "mynet")
        #expect(settings.alarms == AlarmSettings())
    }

    /// A network's keys win, and its list of receivers replaces the top's.
    @Test func networksOverrideTheTop() throws {
        let head = """
            version: 1
            object: {url: "http://www.example.net/o.txt", local: o.txt}
            dns: {primary: ns1.example.net., mailbox: h@example.net, name_servers: [ns1.example.net.]}
            publish: {directory: z}
            alarms:
              remind: 2h
              receivers: [{name: a, kind: command, command: [a]}]
            networks:
              web: {edges: [192.0.2.1], live: 1, zones: a}
              shop:
                edges: [192.0.2.1]
                live: 1
                zones: b
                alarms: {per_hour: 3, receivers: [{name: b, kind: command, command: [b]}]}
              none: {edges: [192.0.2.1], live: 1, zones: c, alarms: {receivers: []}}

            """
        let read = try read(head)
        let all = try ["web", "shop", "none"].map { name in
            try read.settings(for: try #require(NetworkName(name))).alarms
        }
        #expect(all.map { $0.receivers.map(\.name.text) } == [["a"], ["b"], []])
        #expect(all.map(\.perHour) == [30, 3, 30])
        #expect(all.allSatisfy { $0.remind == .seconds(7200) })
    }
}
