import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage network`: what operators say of whole networks.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "Gives a network another name.",
        subcommands: [NetworkRenameCommand.self])
}

/// `edgemanage network rename`: what the database knows goes on under another name.
struct NetworkRenameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Follows a network that was renamed in the configuration.",
        discussion: """
            Rename it in the configuration first, then say so here: zones, generations, modes, holds and \
            measurements go on under the new name. Until then its zones belong to the old name, and runs \
            of the new one fail.

            Exit status: 0 renamed, 1 refused (nothing was changed), 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The name that the database knows.")
    var old: String

    @Argument(help: "The name in the configuration.")
    var new: String

    func run() async throws {
        guard let old = NetworkName(old), let new = NetworkName(new), old != new else {
            throw CommandFailure(
                message: "\(old) and \(new) must be two networks' names", status: 2)
        }
        let configuration = try source.load()
        let declared = try ConfigurationLoader().networks(of: configuration).names
        guard !declared.contains(old) else {
            throw CommandFailure(
                message: "\(source.config) still declares network \(old): rename it there first")
        }
        guard declared.contains(new) else {
            throw CommandFailure(
                message: "\(source.config) declares no network \(new): rename \(old) there first")
        }
        for settings in try source.settings(configuration, networks: [new.text]) {
            try await rename(old, to: new, settings: settings)
        }
        Terminal.say("network \(old) is \(new) now; the next run goes on from what was known")
    }

    private func rename(
        _ old: NetworkName, to new: NetworkName, settings: NetworkSettings
    ) async throws {
        let bench = try Workplace(settings: settings, isVerbose: false)
        try await bench.heed {
            var held: [any HeldLock] = []
            defer { held.forEach { $0.release() } }
            do {
                for network in [old, new].sorted() {
                    held.append(
                        try Workplace.locks.lockNetwork(network, database: settings.database))
                }
                try bench.store.rename(old, to: new, actor: Actor.name, now: bench.clock.now())
            } catch let busy as LockBusy {
                throw CommandFailure(message: "a run is under way (\(busy)): try again later")
            } catch {
                throw CommandFailure(message: "\(error)")
            }
            bench.log.write(.notice, "network \(old) was renamed \(new)")
        }
    }
}
