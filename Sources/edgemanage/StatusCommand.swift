import ArgumentParser
import EdgeCore
import EdgeShell

/// `edgemanage status`: what is known, without probing.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows every edge with its place and why, what is held, and what needs a look.",
        discussion: """
            Reads the database only: nothing is probed, and any user who may read it can ask. A star \
            marks live edges, c canaries.

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to show; all of them when none is named.")
    var networks: [String] = []

    @Flag(help: "Print the status as JSON, one object a network, each on one line.")
    var json = false

    func run() async throws {
        let configuration = try source.load()
        let all = try source.settings(configuration, networks: networks)
        var isDamaged = false
        for (index, settings) in all.enumerated() {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            isDamaged = isDamaged || !bench.warnings.isEmpty
            let view = try bench.status(settings)
            if json {
                Terminal.say(try JSONText.line(view))
            } else {
                if index > 0 { Terminal.say("") }
                view.text().forEach { Terminal.say(Terminal.painted($0)) }
            }
        }
        // What is shown then is not what is so.
        if isDamaged { throw ExitCode(1) }
    }
}
