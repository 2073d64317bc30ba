import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory
import EdgeSystemReport

#if canImport(Glibc)
    import Glibc
#endif

/// Carries out a call by one of the original's names.
enum OriginalEntry {
    /// Runs the command, prints what it says, and returns its exit status.
    static func run(_ command: OriginalCommandName, arguments: [String]) async -> Int32 {
        let outcome = await outcome(of: command, arguments: arguments)
        Terminal.write(outcome.output, to: .standardOutput)
        Terminal.write(outcome.errors, to: .standardError)
        return outcome.status
    }

    private static func outcome(
        of command: OriginalCommandName, arguments: [String]
    ) async -> OriginalOutcome {
        let now = SystemMomentSource().now()
        do throws(UsageError) {
            switch command {
            case .edgeManage:
                return await manage(try EdgeManageOptions.parse(arguments).get())
            case .edgeConf:
                return await configure(try EdgeConfOptions.parse(arguments).get())
            case .edgeQuery:
                return query(try EdgeQueryOptions.parse(arguments).get(), now: now)
            case .checkRotation:
                return try RotationCheck.parse(arguments).get().run(now: now.wall).outcome
            case .checkIntegrity:
                return try IntegrityCheck.parse(arguments).get().run(now: now.wall).outcome
            case .checkLatency:
                return latency(try LatencyCheck.parse(arguments).get(), now: now).outcome
            case .check: return PluginCheck.outcome(arguments)
            }
        } catch {
            return error.outcome(version: Version.text)
        }
    }

    /// The settings of one network, with what was odd about the configuration.
    private static func settings(
        _ path: String, network: NetworkName
    ) throws -> (configuration: Configuration, settings: NetworkSettings, notes: [String]) {
        let loaded = ConfigurationLoader().load(path)
        guard let configuration = loaded.configuration else {
            throw CommandFailure(
                message: loaded.problems.map { "\($0)" }.joined(separator: "\n"))
        }
        return (
            configuration, try configuration.settings(for: network),
            loaded.problems.map(\.headline)
        )
    }

    private static func failed(
        _ command: OriginalCommandName, _ error: any Error
    ) -> OriginalOutcome {
        let message = (error as? CommandFailure)?.message ?? "\(error)"
        return OriginalOutcome(status: 1, errors: "\(command.rawValue): \(message)\n")
    }

    // MARK: edge_manage

    private static func manage(_ options: EdgeManageOptions) async -> OriginalOutcome {
        do {
            let (configuration, settings, notes) = try settings(
                options.configuration, network: options.network)
            if options.isDaemon { try Watch.checkInterval(of: settings) }
            let bench = try Workplace(
                settings: settings, isVerbose: options.isVerbose, isDry: options.isDryRun)
            for note in notes { bench.log.write(.warning, note) }
            var round = RoundOptions(
                isDry: options.isDryRun, ignoresLastRun: options.isForced,
                forcesUpdate: options.forcesUpdate)
            if options.isDaemon {
                round.ignoresLastRun = true
                try await Daemon(
                    configuration: configuration, settings: [settings], named: [options.network],
                    plan: WatchPlan(
                        configuration: options.configuration, isVerbose: options.isVerbose,
                        speaks: false, options: round,
                        carried: { outcome, _, bench in log(outcome, bench) })
                ).run()
                return OriginalOutcome()
            }
            if !options.isDryRun { try DaemonSeat.check(settings) }
            return await once(settings, round, bench)
        } catch {
            return failed(.edgeManage, error)
        }
    }

    private static func once(
        _ settings: NetworkSettings, _ options: RoundOptions, _ bench: Workplace
    ) async -> OriginalOutcome {
        do {
            let outcome = try await bench.runner.run(settings, options: options)
            if !options.isDry { DaemonSeat.clear(settings) }
            log(outcome, bench)
            let late = bench.store.takeWarnings()
            let hasLost = !options.isDry && !(bench.warnings + late).isEmpty
            return OriginalOutcome(
                status: outcome.hasFailures || hasLost ? 1 : 0,
                errors: late.map { "edge_manage: \($0)\n" }.joined())
        } catch {
            bench.log.write(.error, "\(error)")
            return failed(.edgeManage, error)
        }
    }

    /// Every edge's class and place, as the original logs them.
    private static func log(_ outcome: RoundOutcome, _ bench: Workplace) {
        for edge in outcome.report.edges {
            let place = edge.isCanary ? "canary" : edge.isLive ? "in" : "out"
            let why = outcome.decision.selection.reasons[edge.name].map { ": \($0.cause)" } ?? ""
            bench.log.write(.info, "\(edge.name) is \(edge.health.rawValue), \(place)\(why)")
        }
    }

    // MARK: edge_conf

    private static func configure(_ options: EdgeConfOptions) async -> OriginalOutcome {
        do {
            let (_, settings, _) = try settings(
                options.configuration, network: options.network)
            let store = try SQLiteStore(
                path: settings.database, access: .readWrite, network: settings.network)
            let setter = try ModeSetter(settings, store: store, user: Actor.name) {
                SyslogWriter(identity: "edge_conf").write(.notice, $0)
            }
            var outcome = await EdgeConf.run(options, by: setter)
            let lost = store.takeWarnings()
            outcome.errors += lost.map { "\(EdgeConf.program): \($0)\n" }.joined()
            // The mode is set, and what was said before may be lost: that is no success, as in a run.
            if !lost.isEmpty, outcome.status == 0 { outcome.status = 1 }
            return outcome
        } catch {
            return failed(.edgeConf, error)
        }
    }

    // MARK: edge_query

    private static func query(_ options: EdgeQueryOptions, now: Moment) -> OriginalOutcome {
        do {
            let (_, settings, _) = try settings(
                options.configuration, network: options.network)
            let store = try SQLiteStore(path: settings.database, access: .readOnly)
            let edges = try FileInventoryReader().edges(from: settings.edges).names
            try OriginalTakeover.adopt(into: store, settings: settings, edges: edges, now: now)
            return EdgeQuery.run(
                options, store: store, settings: settings, edges: edges, now: now)
        } catch {
            return failed(.edgeQuery, error)
        }
    }

    // MARK: check_edgemanage_latency

    private static func latency(_ check: LatencyCheck, now: Moment) -> NagiosCheck {
        do {
            let (_, settings, _) = try settings(check.configuration, network: check.network)
            let edges = try FileInventoryReader().edges(from: settings.edges).names
            let store = try SQLiteStore(path: settings.database, access: .readOnly)
            let state = try store.load(settings.network, judge: settings.judge, now: now)
            var readings = LatencyCheck.readings(of: edges, state: state)
            if readings == nil, let directory = settings.original.healthStore {
                readings = LatencyCheck.readings(of: edges, in: directory, now: now.wall)
            }
            return check.result(readings ?? [])
        } catch {
            let text = (error as? CommandFailure)?.message ?? "\(error)"
            return NagiosCheck(
                service: LatencyCheck.service, state: .unknown,
                text: text.split(separator: "\n").first.map(String.init) ?? "no configuration")
        }
    }
}
