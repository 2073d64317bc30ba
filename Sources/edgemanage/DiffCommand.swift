import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemHistory

/// `edgemanage diff`: what generations changed, record by record.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what a generation changed, or what lies between two, record by record.",
        discussion: """
            With one generation: against the one before it. With two: from the first to the second. \
            Zones that change alike are shown once.

            Exit status: 0 done, 1 error, 2 wrong usage.
            """)

    @OptionGroup var source: ConfigurationOptions

    @Argument(help: "The network.")
    var network: String

    @Argument(help: "A generation (edgemanage history lists them).")
    var generation: Int

    @Argument(help: "Another one.")
    var other: Int?

    @Option(help: "Show this zone alone.")
    var zone: String?

    @Flag(help: "Print the difference as JSON on one line.")
    var json = false

    func run() async throws {
        let only = try zone.map { text in
            guard let zone = ZoneName(text) else {
                throw CommandFailure(message: "\(text) is no zone name", status: 2)
            }
            return zone
        }
        guard generation > 0, other ?? 1 > 0 else {
            throw CommandFailure(message: "generations are counted from 1", status: 2)
        }
        let configuration = try source.loadInUse()
        for settings in try source.settings(configuration, networks: [network]) {
            let bench = try Workplace(
                settings: settings, isVerbose: false, isDry: true, isSilent: true)
            let view = try GenerationShelf(settings: settings, store: bench.store).difference(
                of: generation, to: other, zone: only, parser: bench.runner.effects.parser)
            if json {
                Terminal.say(try JSONText.line(view))
            } else {
                view.text().forEach { Terminal.say(Terminal.painted($0)) }
            }
        }
    }
}

extension GenerationShelf {
    /// What a generation changed, or what lies between two.
    ///
    /// - Parameters:
    ///   - other: nil: `generation` against the one before it.
    ///   - zone: the only zone that is compared; nil: all.
    /// - Throws: `CommandFailure` when one of them is not kept.
    func difference(
        of generation: Int, to other: Int? = nil, zone: ZoneName? = nil, parser: any ZoneParser
    ) throws -> DiffView {
        let (from, to) = other.map { (generation, $0) } ?? (generation - 1, generation)
        let new = try side(of: contents(to), parser: parser)
        let old =
            from == 0 ? DiffView.Side(number: 0) : try side(of: contents(from), parser: parser)
        return DiffView(network: settings.network, from: old, to: new, zone: zone)
    }

    /// The records of every zone at a generation.
    private func side(
        of contents: GenerationContents, parser: any ZoneParser
    ) -> DiffView.Side {
        var side = DiffView.Side(
            number: contents.generation.number, live: contents.generation.live)
        for (zone, content) in contents.zones {
            guard let published = PublishedContent(key: content.contentKey) else { continue }
            side.templates[zone] = PublishedContent.template(of: content.contentKey)
            var dns = contents.generation.dns
            dns.rotatedLabels = published.labels
            dns.ttl = published.ttl
            dns.nameTTLs = published.nameTTLs
            let include = parser.checkAccepted(
                contents.includes[zone]?.text ?? [], zone: zone, dns: dns, file: "\(zone)")
            side.zones[zone] = (
                content.serial,
                ZoneRenderer.expectedRecords(
                    ZoneContent(zone: zone, addresses: published.addresses, dns: dns),
                    serial: content.serial, includeRecords: (try? include.get())?.records ?? []),
                content.causes
            )
        }
        return side
    }
}
