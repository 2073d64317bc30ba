public import EdgeCore
public import EdgeShell

/// Tells name servers of changed zones through their own control commands: rndc, knotc, nsd-control,
/// pdns_control.
///
/// None of their exit statuses proves that a zone is served (docs/name-servers.md); what is
/// answered is found out by asking.
public struct ServerCommands: NameServerControl {
    /// Up to so many zones are reloaded one by one; more by one command for all, which BIND, Knot DNS
    /// and NSD carry out for changed files alone.
    public static let mostSingleReloads = 200
    /// How many names one command line is given.
    static let mostNames = 200
    /// How many commands run at once against one server.
    static let width = 4

    private let runner: any CommandRunner
    private let timeout: Duration

    /// - Parameter timeout: of one command.
    public init(runner: any CommandRunner, timeout: Duration = .seconds(30)) {
        self.runner = runner
        self.timeout = timeout
    }

    /// Has the server read these zones' files anew; zones that it does not know are added, where it is
    /// said how.
    public func reload(
        _ zones: [ZoneName], of server: NameServerSettings, directory: String,
        serving known: Set<ZoneName> = []
    ) async -> ControlReport {
        guard let control = server.control, !zones.isEmpty else { return ControlReport() }
        let dialect = ControlDialect(server: server, directory: directory)
        var talk = ControlTalk(control: control, runner: runner, timeout: timeout)
        if zones.count > Self.mostSingleReloads, let together = dialect.reloadTogether {
            await talk.run(together)
            if !talk.last.succeeded {
                talk.report.failure = dialect.words(talk.last)
            } else if server.newZones != nil {
                let others = zones.filter { !known.contains($0) }
                await add(others, dialect: dialect, to: &talk)
            }
            return talk.report.told(by: dialect)
        }
        let batches = dialect.reloadCommands(zones)
        // The first alone: a server that is down is not told two hundred times.
        for (index, batch) in batches.prefix(1).enumerated() {
            await talk.run(batch.arguments)
            dialect.take(talk.last, of: batch.zones, into: &talk.report)
            if index == 0, talk.report.failure != nil { return talk.report }
        }
        await runAside(Array(batches.dropFirst()), dialect: dialect, talk: &talk)
        let unknown = talk.report.refused.filter { dialect.isUnknown($0.value) }.keys.sorted()
        if server.newZones != nil, !unknown.isEmpty {
            await add(unknown, dialect: dialect, to: &talk)
        }
        return talk.report.told(by: dialect)
    }

    private func runAside(
        _ batches: [ControlDialect.Batch], dialect: ControlDialect, talk: inout ControlTalk
    ) async {
        let fresh = ControlTalk(control: talk.control, runner: runner, timeout: timeout)
        let results = await withTaskGroup(of: (Int, CommandResult).self) { group in
            var waiting = Array(batches.enumerated())[...]
            func start() {
                guard let (index, batch) = waiting.popFirst() else { return }
                group.addTask { (index, await fresh.result(of: batch.arguments)) }
            }
            for _ in 0..<Self.width { start() }
            var results: [(Int, CommandResult)] = []
            for await result in group {
                results.append(result)
                // A server that hangs is not waited for once a zone.
                if !result.1.ranToItsEnd { waiting = [] }
                start()
            }
            return results.sorted { $0.0 < $1.0 }
        }
        for (index, result) in results {
            talk.note(result, of: batches[index].arguments)
            dialect.take(result, of: batches[index].zones, into: &talk.report)
        }
    }

    private func add(
        _ zones: [ZoneName], dialect: ControlDialect, to talk: inout ControlTalk
    ) async {
        for zone in zones {
            guard let arguments = dialect.addCommand(zone) else { return }
            await talk.run(arguments)
            if let failure = dialect.addFailure(talk.last) {
                talk.report.refused[zone] = failure
                // A server that hangs, or whose command can't be run, is not asked for every zone.
                if !talk.last.ranToItsEnd {
                    talk.report.failure = failure
                    return
                }
            } else {
                talk.report.refused[zone] = nil
            }
        }
    }

    /// How the server keeps each zone; only BIND tells.
    public func keeping(
        of zones: [ZoneName], by server: NameServerSettings
    ) async -> [ZoneName: ZoneKeeping] {
        guard let control = server.control, server.kind == .bind else { return [:] }
        let talk = ControlTalk(control: control, runner: runner, timeout: timeout)
        return await withTaskGroup(of: (ZoneName, ZoneKeeping).self) { group in
            var waiting = zones[...]
            var found: [ZoneName: ZoneKeeping] = [:]
            func start() {
                guard let zone = waiting.popFirst() else { return }
                group.addTask {
                    (
                        zone,
                        BINDZoneStatus.keeping(await talk.result(of: ["zonestatus", zone.text]))
                    )
                }
            }
            for _ in 0..<Self.width { start() }
            for await (zone, keeping) in group {
                found[zone] = keeping
                // A server that can't be asked is not asked for every zone.
                if case .unasked = keeping {
                    for rest in waiting { found[rest] = keeping }
                    waiting = []
                }
                start()
            }
            return found
        }
    }

    /// Has the server notify its secondaries again, of 200 zones at most.
    public func notify(
        _ zones: [ZoneName], by server: NameServerSettings
    ) async -> ControlReport {
        guard let control = server.control else { return ControlReport() }
        let dialect = ControlDialect(server: server, directory: "")
        var talk = ControlTalk(control: control, runner: runner, timeout: timeout)
        let batches = dialect.notifyCommands(Array(zones.prefix(Self.mostSingleReloads)))
        guard let first = batches.first else { return talk.report }
        await talk.run(first.arguments)
        dialect.take(talk.last, of: first.zones, into: &talk.report)
        guard talk.report.failure == nil else { return talk.report.told(by: dialect) }
        await runAside(Array(batches.dropFirst()), dialect: dialect, talk: &talk)
        return talk.report.told(by: dialect)
    }

    /// Has the server give zones up that it was told to add.
    public func remove(
        _ zones: [ZoneName], from server: NameServerSettings
    ) async -> ControlReport {
        guard let control = server.control, server.newZones != nil else { return ControlReport() }
        let dialect = ControlDialect(server: server, directory: "")
        var talk = ControlTalk(control: control, runner: runner, timeout: timeout)
        for zone in zones {
            guard let arguments = dialect.removeCommand(zone) else { break }
            await talk.run(arguments)
            if !talk.last.succeeded {
                talk.report.refused[zone] = dialect.words(talk.last)
            }
        }
        return talk.report
    }
}

extension ControlReport {
    /// The report with each refusal in words for operators.
    fileprivate func told(by dialect: ControlDialect) -> ControlReport {
        var report = self
        report.refused = refused.mapValues { dialect.sentence($0) }
        return report
    }
}

/// A conversation with one server's control command, and what is reported of it.
struct ControlTalk: Sendable {
    let control: [String]
    let runner: any CommandRunner
    let timeout: Duration
    var report = ControlReport()
    private(set) var last = CommandResult(ending: .exited(status: 0))

    init(control: [String], runner: any CommandRunner, timeout: Duration) {
        self.control = control
        self.runner = runner
        self.timeout = timeout
    }

    /// Runs the control command; what it prints is shown to operators, so no control character is let
    /// through (I34).
    func result(of arguments: [String]) async -> CommandResult {
        var result = await runner.run(control + arguments, timeout: timeout)
        result.output = String(
            result.output.unicodeScalars.map { scalar in
                let isPlain = scalar == "\n" || scalar.value >= 0x20 && scalar.value != 0x7F
                return isPlain ? Character(scalar) : "?"
            })
        return result
    }

    mutating func run(_ arguments: [String]) async {
        note(await result(of: arguments), of: arguments)
    }

    /// The last command is the one that is shown, unless one before it failed.
    mutating func note(_ result: CommandResult, of arguments: [String]) {
        let hadFailed = !last.succeeded
        last = result
        report.duration += result.duration
        guard !hadFailed || !result.succeeded else { return }
        let names = arguments.count > 6 ? Array(arguments.prefix(6)) + ["…"] : arguments
        report.command = (control + names).joined(separator: " ")
        report.output = String(result.output.suffix(4096))
        report.ending =
            switch result.ending {
            case .exited(let status): "exit status \(status)"
            case .signalled(let signal): "signal \(signal)"
            case .timedOut: "stopped after \(timeout.shortSeconds)"
            case .notStarted: "not started"
            }
    }
}
