import ArgumentParser
import EdgeCore

/// `edgemanage demo`: the whole program on this machine alone, in a minute.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the program at work: real edges on loopback that break and heal.",
        discussion: """
            Needs no configuration, no root and no network. Starts web servers on 127.x addresses, some \
            with TLS, publishes a zone for each of two networks, breaks edges in several ways, shows what \
            changed and why, repairs them, and leaves configuration and zones for you to look at.

            On a terminal the edges stay up until Ctrl-C, for commands of your own; with its output in a \
            pipe it ends by itself. Exit status: 0 everything happened as it says, 1 something did not.
            """)

    @Option(help: "Where to leave configuration and zones; a new directory in /tmp by default.")
    var directory: String?

    func run() async throws {
        let stage = try await DemoStage.raise(in: directory)
        do {
            try await DemoStory(stage: stage).tell()
        } catch {
            await stage.close()
            throw error
        }
        if Terminal.isTerminal(.standardOutput) {
            Terminal.say("\nThe edges stay up until Ctrl-C.")
            Interruption.listen()
            await Interruption.sleep(until: nil)
        }
        await stage.close()
    }
}
