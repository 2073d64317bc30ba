import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage zone`: what operators say of single zones.
struct ZoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zone",
        abstract: "Gives a zone up.",
        subcommands: [ZoneForgetCommand.self])
}

/// `edgemanage zone forget`: gives a zone up.
struct ZoneForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Gives a zone up whose include is gone: it is no longer kept up to date.",
        discussion: """
            A zone never goes because a file vanished: remove its include first, then say so here. The \
            published file stays where it is; take it out of the name server and delete it yourself.

            Exit status: 0 forgotten; 1 not known, its include is still there, or forgotten although a name \
            server did not give it up or the database was damaged; 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network that publishes the zone.")
    var network: String

    @Argument(help: "The zone.")
    var zone: String

    func run() async throws {
        let configuration = try source.load()
        guard let zone = ZoneName(zone) else {
            throw CommandFailure(message: "\(zone) is no zone name", status: 2)
        }
        let former = try source.formerSettings(configuration, network: network)
        for settings in try former.map({ [$0] })
            ?? source.settings(configuration, networks: [network])
        {
            let bench = try Workplace(settings: settings, isVerbose: false)
            try await bench.heed {
                try await giveUp(zone, bench, isDeclared: former == nil)
            }
        }
    }

    private func giveUp(_ zone: ZoneName, _ bench: Workplace, isDeclared: Bool) async throws {
        let settings = bench.settings
        let writer: any HeldLock
        do {
            writer = try Workplace.locks.lockNetwork(
                settings.network, database: settings.database)
        } catch let busy as LockBusy {
            throw CommandFailure(
                message: "network \(settings.network) is being run (\(busy)): try again later")
        }
        defer { writer.release() }
        try forget(zone, bench, isDeclared: isDeclared)
        // Of a network that is not declared nobody knows which servers it had.
        let refused = isDeclared ? await tellServers(zone, bench) : false
        let rest =
            settings.publish.method == .files
            ? "its file \(settings.publish.directory)/\(zone).zone stays until you delete it"
            : "what the name servers have of it stays until you change it"
        Terminal.say("zone \(zone) is forgotten; \(rest)")
        if refused { throw ExitCode(1) }
    }

    private func forget(_ zone: ZoneName, _ bench: Workplace, isDeclared: Bool) throws {
        let settings = bench.settings
        let now = bench.clock.now()
        let known = try bench.store.load(settings.network, judge: settings.judge, now: now).zones
        guard known[zone] != nil else {
            throw CommandFailure(
                message: "network \(settings.network) publishes no zone \(zone)")
        }
        // A network that is not declared has no include directory: no run brings the zone back.
        let present =
            isDeclared ? try bench.runner.effects.includes.zones(in: settings.zoneIncludes) : []
        guard !present.contains(zone) else {
            throw CommandFailure(
                message: "\(settings.zoneIncludes)/\(zone).zone is still there: remove it first")
        }
        try bench.store.forgetZones(settings.network, zones: [zone])
        try bench.store.record(
            [
                AuditEvent(
                    kind: .command, subject: zone.text, actor: Actor.name,
                    message: "zone \(zone) was given up")
            ], network: settings.network, now: now)
    }

    /// Servers that were told to add the zone are told to give it up; whether one did not.
    private func tellServers(_ zone: ZoneName, _ bench: Workplace) async -> Bool {
        var refused = false
        for server in bench.settings.publish.servers where server.newZones != nil {
            let report = await bench.runner.effects.nameServers?.control.remove(
                [zone], from: server)
            guard let refusal = report?.refused[zone] else { continue }
            refused = true
            Terminal.say(
                "edgemanage: \(server.name) did not give zone \(zone) up: \(refusal); take it out there "
                    + "yourself", to: .standardError)
        }
        return refused
    }
}
