import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemFiles
import EdgeSystemHistory

/// `edgemanage rollback`: publishes what was published before.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Publishes an earlier generation's content anew, with new serials.",
        discussion: """
            Live set, canaries, includes and parameters become what they were at that generation; edges \
            that left the list since, were made unavailable or fail now stay out, and so do zones that were \
            forgotten. An include that is brought back goes on until its file changes. Without --hold the next run rotates again as health \
            asks. The edges are asked once before: when fewer than min_live of them answer, it is refused.

            Exit status: 0 published, 1 refused or something failed, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    @Argument(help: "The generation (edgemanage history lists them).")
    var generation: Int

    @Option(
        help: ArgumentHelp(
            "Hold the rotations for this long, such as 30m: health changes nothing until then.",
            valueName: "time"))
    var hold: String?

    @Flag(help: "Publish it with edges that fail, too, however few answer.")
    var insist = false

    @Flag(help: "Wait until the name servers serve it, publish.wait (60 s) at most.")
    var wait = false

    @Flag(name: [.short, .long], help: "Log to standard error instead of the log file or syslog.")
    var verbose = false

    func run() async throws {
        let length = try hold.map { try HoldCommand.parse($0, option: "--hold") }
        let configuration = try source.load()
        for settings in try source.settings(configuration, networks: [network]) {
            let bench = try Workplace(settings: settings, isVerbose: verbose)
            try await bench.heed {
                let now = bench.clock.now()
                let state = try bench.store.load(settings.network, judge: settings.judge, now: now)
                let contents = try GenerationShelf(settings: settings, store: bench.store)
                    .contents(generation)
                var directive = directive(contents, state: state)
                directive.insists = insist
                // Before anything is published, so that no run comes in between and rotates.
                if let length {
                    try bench.store.setRotationHold(
                        settings.network,
                        RotationHold(
                            since: now, length: length, actor: Actor.name,
                            reason: "rolled back to generation \(generation)"),
                        actor: Actor.name, now: now)
                }
                do {
                    try await DirectedRound(settings: settings, bench: bench, waits: wait)
                        .publish(directive)
                } catch let failure as CommandFailure {
                    if length != nil {
                        try bench.store.setRotationHold(
                            settings.network, state.rotationHold, actor: Actor.name, now: now)
                    }
                    throw failure
                }
                try sayWhatIsLeftOut(contents, bench: bench)
                sayWhatFollows(directive, length: length)
                if let dns = directive.dns, dns != settings.dns, settings.publish.method == .files {
                    Terminal.say(
                        "the configuration's own parameters (name servers, SOA, TTLs, rotated labels) return "
                            + "with the next run: change \(source.config) to keep those of generation "
                            + "\(generation)")
                }
            }
        }
    }

    private func directive(
        _ contents: GenerationContents, state: NetworkState
    ) -> RoundDirective {
        var includes: [ZoneName: [UInt8]] = [:]
        for (zone, content) in contents.zones {
            guard let present = state.zones[zone],
                present.includeRevision != content.includeRevision,
                let text = contents.includes[zone]?.text
            else { continue }
            includes[zone] = text
        }
        return RoundDirective(
            cause: .rollback(to: generation), live: contents.generation.live,
            canaries: contents.zones.compactMapValues(\.canary), dns: contents.generation.dns,
            includes: includes)
    }

    /// Zones that were given up since then are not brought back: that was an operator's word too.
    private func sayWhatIsLeftOut(_ contents: GenerationContents, bench: Workplace) throws {
        let settings = bench.settings
        let now = bench.clock.now()
        let known = try bench.store.load(settings.network, judge: settings.judge, now: now).zones
        let gone = contents.zones.filter { known[$0.key] == nil && !$0.value.isCatalog }.keys
        guard !gone.isEmpty else { return }
        let sentence =
            "left out of generation \(generation), since forgotten: \(gone.sorted().fewWords)"
        Terminal.say("\(sentence); an include brings a zone back")
        try bench.store.record(
            [
                AuditEvent(
                    kind: .command, actor: Actor.name,
                    message: "rollback \(generation): \(sentence)")
            ], network: settings.network, now: now)
    }

    private func sayWhatFollows(_ directive: RoundDirective, length: Duration?) {
        if !directive.includes.isEmpty {
            Terminal.say(
                "the includes of generation \(generation) go on until their files change: "
                    + directive.includes.keys.sorted().fewWords)
        }
        Terminal.say(
            length.map {
                "rotations are held for \(DurationText.text($0)); edgemanage resume \(network) lets "
                    + "them go on"
            } ?? "the next run rotates again as health asks (--hold keeps it)")
    }
}
