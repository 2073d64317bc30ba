import ArgumentParser
import EdgeSimulation

/// `edgemanage simulate`: the program's own rounds in a simulated world.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Runs rounds in a simulated world full of faults, and checks what must always hold.",
        discussion: """
            Every seed is a network with edges, name servers, disk, clock and operators of its own, in memory: \
            nothing is read, probed or published, and no time is waited for. The rounds are the program's own. \
            A broken invariant is told with its seed, the last rounds, and how to see it again. \
            docs/simulation.md says what is simulated.

            Exit status: 0 every invariant held, 1 one did not, 2 wrong usage.
            """)

    @Option(help: "The first seed: the same seed is the same story.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds; as many as are needed with --hours or --for, else 1.")
    var seeds: Int?

    @Option(help: "Rounds with faults of each seed; some without follow.")
    var rounds = 200

    @Option(help: "Go on with more seeds until so many simulated hours have passed.")
    var hours: Double?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Go on with more seeds for so long, such as 30m.", valueName: "time"))
    var time: String?

    @Option(
        help: "How many seeds to run side by side; as many as there are processors if not given.")
    var jobs: Int?

    @Flag(help: "Begin other seeds after one in which an invariant broke.")
    var keepGoing = false

    @Flag(help: "Tell the last rounds of the first seed although nothing broke.")
    var story = false

    @Flag(help: "Print the report as JSON on one line.")
    var json = false

    func run() async throws {
        let campaign = Campaign(
            seed: seed, seeds: seeds, rounds: rounds, hours: hours,
            time: try time.map { try HoldCommand.parse($0, option: "--for") },
            jobs: jobs ?? Campaign.processors, keepsGoing: keepGoing, tellsAll: story)
        if let problem = campaign.problem { throw CommandFailure(message: problem, status: 2) }
        let report = await campaign.run()
        if json {
            Terminal.say(report.json(), to: .standardOutput)
        } else {
            report.text(program: "edgemanage simulate").forEach {
                Terminal.say($0, to: .standardOutput)
            }
        }
        if !report.violations.isEmpty { throw ExitCode(1) }
    }
}
