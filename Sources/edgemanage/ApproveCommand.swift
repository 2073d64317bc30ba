import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage approve`: lets held plans through.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Lets a network's held plans through; the next run publishes them.",
        discussion: """
            Approves exactly what status shows as held: if the plan is another one by the next run, it is \
            held again. What goes by itself (a sick monitor, a suspect test object) can't be approved.

            Exit status: 0 approved, or nothing was held; 1 something held can't be approved, or the database \
            was damaged and what was held or said before may be lost; 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    @Option(help: "Approve only what concerns this zone.")
    var zone: String?

    func run() async throws {
        let configuration = try source.load()
        let settings = try source.settings(configuration, networks: [network])
        for settings in settings {
            let bench = try Workplace(settings: settings, isVerbose: false)
            try await bench.heed {
                let now = bench.clock.now()
                let all = try bench.store.load(settings.network, judge: settings.judge, now: now)
                    .holds
                let held = all.filter { hold in zone.map { hold.zone?.text == $0 } ?? true }
                if let zone, held.isEmpty, !all.isEmpty {
                    throw CommandFailure(
                        message: "nothing that is held concerns zone \(zone) alone; network "
                            + "\(settings.network) has \(all.count) held: see edgemanage status")
                }
                let keys = held.compactMap(\.approvalKey)
                try bench.store.approve(
                    settings.network, keys: keys, actor: Actor.name, now: now)
                if held.isEmpty { Terminal.say("nothing is held in network \(settings.network)") }
                for hold in held {
                    Terminal.say(
                        hold.approvalKey == nil
                            ? "can't be approved: \(hold.message)"
                            : "approved: \(Hold.approvedWords(of: hold.message))")
                }
                if !keys.isEmpty {
                    Terminal.say("the next run of network \(settings.network) does it")
                }
                if held.contains(where: { $0.approvalKey == nil }) { throw ExitCode(1) }
            }
        }
    }
}
