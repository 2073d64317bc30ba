import ArgumentParser
import EdgeCore
import EdgeShell

#if canImport(Glibc)
    import Glibc
#endif

/// `edgemanage status`: what is known, without probing.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows every edge with its place and why, what is held, and what needs a look.",
        discussion: """
            Reads the database only: nothing is probed, and any user who may read it can ask.

            live     in the DNS and fine           down     out, and not fit to come in
            failing  in the DNS though it fails    drained  out by an operator's word
            spare    out, and fit to come in       blocked  it keeps this monitor out

            LAST HOUR has a bar for every 5 minutes: a higher one is a slower answer, judge.good_enough fills \
            it, x is where half of the rounds or more had none. SINCE is how long an edge has been in or out.

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The networks to show; all of them when none is named.")
    var networks: [String] = []

    @Flag(help: "Show it again every 2 seconds, until q or Ctrl-C.")
    var watch = false

    @Flag(help: "ASCII alone, without colour.")
    var plain = false

    @Flag(help: "Print the status as JSON, one object a network, each on one line.")
    var json = false

    func run() async throws {
        guard !watch else {
            guard !json else {
                throw CommandFailure(
                    message: "--watch is for people, --json for programs: say one of them",
                    status: 2)
            }
            return try await StatusScreen(isPlain: isPlain).run { width, height in
                try lines(width: width, height: height).lines
            }
        }
        let width = Terminal.isTerminal(.standardOutput) ? Terminal.width : nil
        let isPlain = self.isPlain
        let found = try lines(width: width)
        Terminal.write(
            found.lines.map { Terminal.painted($0, isPlain: isPlain) + "\n" }.joined())
        // What is shown then is not what is so.
        if found.isDamaged { throw ExitCode(1) }
    }

    private var isPlain: Bool { plain || !Terminal.speaksUnicode }

    /// Every network's board; with `--json` a line each.
    ///
    /// - Parameter height: how many lines there may be; nil: as many as there are.
    private func lines(
        width: Int?, height: Int? = nil
    ) throws -> (lines: [BoardLine], isDamaged: Bool) {
        // On the board too: a screen has no other place, and a program reads nothing else.
        var refusals: [String] = []
        let configuration = try source.loadInUse { line in
            refusals.append(line)
            if !watch { Terminal.say(line, to: .standardError) }
        }
        let all = try source.settings(configuration, networks: networks)
        var isDamaged = false
        let style = BoardStyle(isPlain: isPlain, width: width)
        var lines: [BoardLine] = []
        var views: [StatusView] = []
        for settings in all {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            isDamaged = isDamaged || !bench.warnings.isEmpty
            var view = try bench.status(settings)
            view.troubles.insert(contentsOf: refusals, at: 0)
            if !json, !bench.warnings.isEmpty {
                if !lines.isEmpty { lines.append(BoardLine("")) }
                lines += view.damage(bench.warnings, style)
                // Of a database that was not read nothing is known: no number would be true.
                if view.lastRun == nil, view.generation == 0 { continue }
            }
            if json {
                lines.append(BoardLine(try JSONText.line(view)))
            } else {
                views.append(view)
            }
        }
        if !lines.isEmpty, !views.isEmpty { lines.append(BoardLine("")) }
        let boards =
            height.map { StatusView.boards(views, style, height: $0) }
            ?? views.map { $0.board(style) }
        lines += boards.joined(separator: [BoardLine("")])
        return (lines, isDamaged)
    }
}
