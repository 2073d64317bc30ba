import ArgumentParser
import EdgeCore
import EdgeServer

/// `edgemanage approve`: lets held plans through.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Lets a network's held plans through; a running daemon publishes them at once.",
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
        let configuration = try source.loadInUse()
        for settings in try source.settings(configuration, networks: [network]) {
            try await OrderDispatch(configuration: configuration, source: source).send(
                .approve(zone: zone), to: settings)
        }
    }
}
