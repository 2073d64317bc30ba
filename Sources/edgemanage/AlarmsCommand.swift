import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemAlarm
import EdgeSystemPublish

/// `edgemanage alarms`: what fires, who was told, what waits.
struct AlarmsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarms",
        abstract: "Shows what fires, since when, who was told, and what waits or failed.",
        discussion: """
            Reads the database only. Rounds tell the receivers of the configuration's section alarms \
            (docs/alarms.md); --test sends one of them a test at once and says what came back.

            Exit status: 0 done; 1 error, or the test did not arrive; 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to show; all of them when none is named.")
    var networks: [String] = []

    @Flag(help: "Print the alarms as JSON, one object a network, each on one line.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Send a test notification to this receiver and say what came back.",
            valueName: "receiver"))
    var test: String?

    func run() async throws {
        let configuration = try source.loadInUse()
        let all = try source.settings(configuration, networks: networks)
        if let test {
            try await send(to: test, of: all)
            return
        }
        var isDamaged = false
        for (index, settings) in all.enumerated() {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            isDamaged = isDamaged || !bench.warnings.isEmpty
            let view = try bench.alarmView()
            if json {
                Terminal.say(try JSONText.line(view))
            } else {
                if index > 0 { Terminal.say("") }
                Terminal.show(view.text())
            }
        }
        if isDamaged { throw ExitCode(1) }
    }

    /// Sends one test, for the first network that has the receiver.
    private func send(to name: String, of networks: [NetworkSettings]) async throws {
        let found = networks.lazy.compactMap { settings in
            settings.alarms.receivers.first { $0.name.text == name }.map { (settings, $0) }
        }.first
        guard let (settings, receiver) = found else {
            let known = Set(networks.flatMap { $0.alarms.receivers.map(\.name.text) }).sorted()
            let near = NearestKey.find(name, among: known).map { "; did you mean \($0)?" }
            let names = known.isEmpty ? "none" : known.joined(separator: ", ")
            throw CommandFailure(
                message: "\(source.config) has no receiver \(name)"
                    + (near ?? "; it has \(names)"), status: 2)
        }
        let now = Workplace.now().wall
        let clock = ContinuousClock()
        let begin = clock.now
        let failure = await SystemAlarmSender(commands: SubprocessRunner()).send(
            .test(settings.network, to: receiver.name, now: now), to: receiver,
            within: receiver.timeout)
        guard failure == nil else {
            throw CommandFailure(
                message: "receiver \(receiver.name) was not reached: \(failure ?? "")")
        }
        Terminal.say(
            "receiver \(receiver.name) took the test in \((clock.now - begin).shortSeconds)")
    }
}
