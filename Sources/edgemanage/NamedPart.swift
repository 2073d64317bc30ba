import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemFiles
import EdgeSystemHistory

/// What an operator means by a name: a network, or an edge or zone of one.
struct NamedPart {
    enum Kind: Equatable {
        case network
        case edge(EdgeName)
        case zone(ZoneName)
    }

    var kind: Kind
    var bench: Workplace
    /// The network's edges, in the list's order.
    var edges: [EdgeName]

    var settings: NetworkSettings { bench.settings }

    /// Finds what a name means among all networks of a configuration, or one of them: first a network, then an edge,
    /// then a zone.
    ///
    /// - Parameter network: where it is looked for; nil: everywhere.
    static func find(
        _ text: String, network: String?, source: ConfigurationOptions
    ) throws -> NamedPart {
        let configuration = try source.loadInUse()
        let all = try source.settings(configuration, networks: network.map { [$0] } ?? [])
        if let settings = all.first(where: { $0.network.text == text }) {
            return try NamedPart(kind: .network, settings: settings)
        }
        var found: [NamedPart] = []
        for settings in all {
            var part = try NamedPart(kind: .network, settings: settings)
            guard let kind = try part.kind(of: text) else { continue }
            part.kind = kind
            found.append(part)
        }
        let networks = all.map(\.network.text).sorted()
        guard let part = found.first else {
            let among =
                networks.count == 1 ? "network \(networks[0])" : "networks \(networks.fewWords)"
            throw CommandFailure(
                message: "\(text) is no network, and no edge or zone of \(among)")
        }
        guard found.count == 1 else {
            let names = found.map(\.settings.network.text).sorted()
            throw CommandFailure(
                message: "\(text) is in networks \(names.fewWords): name one with --network")
        }
        return part
    }

    private init(kind: Kind, settings: NetworkSettings) throws {
        self.kind = kind
        bench = try Workplace(settings: settings, isVerbose: false, isDry: true, isSilent: true)
        edges = (try? FileInventoryReader().edges(from: settings.edges).names) ?? []
    }

    private func kind(of text: String) throws -> Kind? {
        if let edge = EdgeName(text) {
            if edges.contains(edge) { return .edge(edge) }
            let known = try bench.store.knownEdges(settings.network)
            if known.contains(edge) { return .edge(edge) }
        }
        guard let zone = ZoneName(text) else { return nil }
        let state = try bench.store.load(
            settings.network, judge: settings.judge, now: bench.clock.now())
        if state.zones[zone] != nil { return .zone(zone) }
        let present = try? bench.runner.effects.includes.zones(in: settings.zoneIncludes)
        return present?.contains(zone) == true ? .zone(zone) : nil
    }
}

extension NamedPart {
    /// Says on standard error what was wrong with the database; exit status 1 then, for what was shown is not all.
    func finish() throws {
        for warning in bench.warnings {
            Terminal.say(
                "edgemanage: network \(settings.network): \(warning)", to: .standardError)
        }
        if !bench.warnings.isEmpty { throw ExitCode(1) }
    }
}
