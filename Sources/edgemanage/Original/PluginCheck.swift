internal import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemReport

/// `check_edgemanage`: whether networks are well, by the Monitoring Plugins guidelines.
struct PluginCheck: Hashable, Sendable {
    var configuration: String
    /// Each once; empty: all that the configuration declares.
    var networks: [NetworkName]
    var limits: [NetworkMeasure: MeasureLimits]
    /// Whole seconds after which the answer is UNKNOWN.
    var timeout: UInt32
    var listsEdges: Bool

    /// Parses, looks, and says; the exit status is 3 for everything but a judgement.
    static func outcome(_ arguments: [String]) -> OriginalOutcome {
        do throws(UsageError) {
            let check = try parse(arguments).get()
            PluginAlarm.set(seconds: check.timeout)
            let report = check.report()
            PluginAlarm.clear()
            return OriginalOutcome(status: report.state.rawValue, output: report.output)
        } catch {
            guard case .wrong(let message, _, let usage, let status) = error else {
                return error.outcome(version: Version.text)
            }
            // Nagios shows standard output alone.
            let report = PluginReport(
                state: .unknown, headline: message,
                details: usage.split(separator: "\n").map(String.init))
            return OriginalOutcome(status: status, output: report.output)
        }
    }

    /// Reads the database, as `status` does.
    private func report() -> PluginReport {
        let loaded = ConfigurationLoader().load(configuration)
        let inUse = ConfigurationInUse.find(insteadOf: configuration)
        guard let found = loaded.configuration ?? inUse?.configuration else {
            let problems = loaded.problems.map { "\($0)" }
            return PluginReport(
                state: .unknown, headline: problems.first ?? "\(configuration) can't be read",
                details: Array(problems.dropFirst()))
        }
        do {
            let names =
                networks.isEmpty
                ? try ConfigurationLoader().networks(of: found).names : networks
            guard !names.isEmpty else {
                return PluginReport(
                    state: .unknown,
                    headline: "\(configuration) names no network: add one, or name it with -A")
            }
            var checks: [NetworkCheck] = []
            var unreadable: [(network: String, reason: String)] = []
            for name in names {
                do {
                    checks.append(try check(try found.settings(for: name)))
                } catch {
                    let reason = (error as? CommandFailure)?.message ?? "\(error)"
                    unreadable.append((name.text, reason))
                }
            }
            var report = NetworkCheck.report(checks, unreadable: unreadable)
            if loaded.configuration == nil {
                if report.state == .ok { report.state = .warning }
                let first = loaded.problems.first?.headline ?? "\(configuration) can't be used"
                report.headline = "configuration refused: \(first); \(report.headline)"
                report.details = loaded.problems.map { "\($0)" } + report.details
            }
            return report
        } catch {
            return PluginReport(state: .unknown, headline: "\(error)")
        }
    }

    private func check(_ settings: NetworkSettings) throws -> NetworkCheck {
        let bench = try Workplace(
            settings: settings, isVerbose: false, isDry: true, isSilent: true)
        // What a damaged database shows is not what is so.
        if let damage = bench.warnings.first { throw CommandFailure(message: damage) }
        return NetworkCheck(
            try bench.status(settings), settings: settings, given: limits,
            certificates: Self.certificates(of: settings), listsEdges: listsEdges)
    }

    /// When edges' certificates end: what the last round noted in the metrics file; nil: there is none.
    private static func certificates(of settings: NetworkSettings) -> [String: UnixTime]? {
        guard settings.object.scheme == .https, let path = settings.metrics.file else { return nil }
        return MetricsLedger.certificateEnds(in: path, network: settings.network)
    }
}
