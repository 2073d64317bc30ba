import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemAlarm
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemNameServers
import EdgeSystemPublish
import EdgeSystemTemplate

/// `edgemanage check`: whether a round would find what it needs.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Checks the configuration and everything it names; asks every edge and name server once.",
        discussion: """
            Tests the test object, edge lists, canaries, zone includes, the zone template with them, the \
            directories' permissions and the commands' existence; then asks the name servers which zones they serve, and every edge as a \
            round would, and says which answers the original counted otherwise. Changes nothing.

            Exit status: 0 all is well (warnings and failing edges are printed), 1 something must be \
            mended first, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to check; all of them when none is named.")
    var networks: [String] = []

    @Flag(name: .customLong("no-probe"), help: "Ask neither edges nor name servers.")
    var skipsProbes = false

    func run() async throws {
        let configuration = try source.load()
        let all = try source.settings(configuration, networks: networks)
        let findings = ConfigurationCheck(
            parser: LdnsZoneParser(), includes: DirectoryIncludeReader(),
            templates: StencilTemplateReader()
        ).findings(for: all)
        for finding in findings { Terminal.say("\(finding)") }
        let keyErrors = all.reduce(0) { $0 + Self.sayKeys(of: $1) }
        for settings in all where !settings.tellsNameServers {
            Terminal.say(
                "warning: \(settings.network): no reload command is given (publish: {reload: …}, "
                    + "run_after_changes): the name server must notice changed files itself")
        }
        let knownErrors = all.reduce(0) { $0 + Self.sayWhatIsKnown(of: $1) }
        let receiverErrors = all.reduce(0) { $0 + Self.sayReceivers(of: $1) }
        let errors =
            findings.count { $0.severity == .error } + keyErrors + knownErrors + receiverErrors
        if !skipsProbes, errors == 0 {
            for settings in all {
                await ServerCheck(settings: settings).say()
                await EdgeSurvey(settings: settings).say()
            }
        }
        guard errors == 0 else {
            throw CommandFailure(
                message:
                    "\(errors.counted("thing")) must be mended before a round can run"
            )
        }
        Terminal.say("\(source.config): \(all.count.counted("network")) checked")
    }

    /// Says whether the database can be read, and which zones it gives to another network; how many errors
    /// that makes.
    private static func sayWhatIsKnown(of settings: NetworkSettings) -> Int {
        func say(_ subject: String, _ problems: [String]) -> Int {
            for problem in problems {
                Terminal.say("error: \(settings.network): \(subject): \(problem)")
            }
            return problems.count
        }
        do {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            let state = try bench.store.load(
                settings.network, judge: settings.judge, now: bench.clock.now())
            // Includes that can't be read are told of already.
            let present = try? bench.runner.effects.includes.zones(in: settings.zoneIncludes)
            let problems = ForeignZones.problems(
                of: present ?? [], owners: state.foreignZones, settings: settings)
            return say("database", bench.warnings) + say("zones", problems)
        } catch let failure as CommandFailure {
            return say("database", [failure.message])
        } catch {
            return say("database", ["\(error)"])
        }
    }

    /// Says of every receiver of alarms whether its files can be used; how many can't be.
    private static func sayReceivers(of settings: NetworkSettings) -> Int {
        let problems = settings.alarms.receivers.compactMap { receiver in
            AlarmReceiverCheck.problem(of: receiver).map {
                "error: \(settings.network): alarm receiver \(receiver.name): \($0)"
            }
        }
        for problem in problems { Terminal.say(problem) }
        return problems.count
    }

    /// Says of every update key whether it can be used; how many can't.
    private static func sayKeys(of settings: NetworkSettings) -> Int {
        var errors = 0
        for server in settings.publish.servers {
            guard let path = server.update?.keyFile else { continue }
            if let problem = UpdateKeyCheck.problem(of: server) {
                errors += 1
                Terminal.say("error: \(settings.network): name server \(server.name): \(problem)")
            } else {
                Terminal.say(
                    "ok: \(settings.network): name server \(server.name): the key file \(path) can be used"
                )
                if let warning = UpdateKeyCheck.warning(of: server) {
                    Terminal.say(
                        "warning: \(settings.network): name server \(server.name): \(warning)")
                }
            }
        }
        return errors
    }
}

extension NetworkSettings {
    /// Whether something tells a name server of changed zones.
    fileprivate var tellsNameServers: Bool {
        commands.afterChanges != nil || publish.method == .updates
            || publish.servers.contains { $0.control != nil }
    }
}

/// Asks every edge of a network once and compares with what the original would have made of it.
struct EdgeSurvey {
    var settings: NetworkSettings
    var stream = Terminal.Stream.standardOutput

    /// Prints one line an edge; trouble is a line too, since a survey never fails.
    func say() async {
        do {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            let options = RoundOptions(isDry: true, ignoresLastRun: true)
            let outcome = try await bench.runner.run(settings, options: options)
            var table = TextTable()
            for edge in outcome.report.edges {
                let target = AddressFamily.allCases.lazy.compactMap { family in
                    outcome.decision.verdicts[
                        ProbeTarget(
                            role: edge.isCanary ? .canary : .edge, name: edge.name, family: family)]
                }.first
                table.add([
                    edge.name.text, edge.health.rawValue,
                    (target?.reason.description ?? "not judged")
                        + (note(edge, outcome).map { "; \($0)" } ?? ""),
                ])
            }
            Terminal.say("network \(settings.network), probed just now:", to: stream)
            table.lines(indent: "  ").forEach { Terminal.say($0, to: stream) }
            for line in Self.silentReferences(outcome.observations) {
                Terminal.say("  warning: \(line)", to: stream)
            }
            for warning in outcome.report.warnings {
                Terminal.say("  warning: \(warning)", to: stream)
            }
        } catch {
            Terminal.say("network \(settings.network) could not be probed: \(error)", to: stream)
        }
    }

    /// Reference targets that do not answer, a sentence each.
    static func silentReferences(_ observations: [Observation]) -> [String] {
        let silent = observations.filter {
            // One that can't be asked from here, for want of IPv6 perhaps, does not count.
            $0.target.role == .reference && !$0.outcome.showsAHost && !$0.outcome.isLocalFault
        }
        return silent.map {
            "the reference target \($0.target.name) does not answer (\($0.outcome)); while fewer than two "
                + "thirds of them do, nothing changes for health's sake"
        }
    }

    /// What the original made of the same answer, where that differs.
    private func note(_ edge: EdgeReport, _ outcome: RoundOutcome) -> String? {
        guard let observation = outcome.observations.first(where: { $0.target.name == edge.name })
        else { return nil }
        switch observation.outcome {
        case .redirect: return "the original followed redirects and may have passed it"
        case .mismatch(.encoding): return "the original decoded it and may have passed it"
        case .http(let status) where status < 400:
            return "the original passed every status under 400"
        case .ok(let time) where time >= settings.judge.goodEnough:
            guard let transfer = observation.phases.transfer,
                time - transfer < settings.judge.goodEnough
            else { return nil }
            return "the original stopped the clock at the headers and found it fast enough"
        case .timeout
        where (settings.judge.steady?.attemptTimeout ?? settings.probe.timeout) != .seconds(10):
            return "the original's timeout was 10 seconds unless testing was set"
        default: return nil
        }
    }
}
