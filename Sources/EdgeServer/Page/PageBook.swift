internal import EdgeCore

/// What the overview shows, made once a round however many look: the database is asked and HTML is written by the
/// first who looks after it.
actor PageBook {
    /// A part of the overview, with the number of the writing in which it changed last.
    struct Kept {
        var part: PageRenderer.Part
        var changed: Int
    }

    /// Something that was read, and when.
    private struct Reading<Value> {
        var stamp: Int
        var read: ContinuousClock.Instant
        var value: Value

        func isFresh(_ now: ContinuousClock.Instant, stamp: Int) -> Bool {
            self.stamp == stamp && now - read < ReadingDesk.patience
        }
    }

    /// What is kept of a network.
    private struct Shelf {
        var parts: [Kept] = []
        /// Ids of the rows in their order, and when that changed last.
        var rows: [String] = []
        var rowsChanged = 0
    }

    /// The sparklines of a network.
    private struct Hour {
        var read: ContinuousClock.Instant
        var lines: [ProbeTarget: Sparkline]
    }

    /// What is asked for anew.
    struct Changes: Encodable {
        var release: String
        var version: String
        /// Names of the networks: with other ones the whole page is another.
        var networks: [String]
        /// By network, the rows' ids in their order, where that changed.
        var rows: [String: [String]]
        var parts: [PageRenderer.Part]
    }

    /// The whole overview.
    struct Overview {
        struct Network {
            var name: String
            var head: String
            var rows: String
            var rest: String
        }
        var health: String
        var networks: [Network]
        var version: String
    }

    private let daemon: any PageFace
    private let renderer: PageRenderer
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let queue = ReadingQueue("page")
    private var shelves: [NetworkName: Reading<Shelf>] = [:]
    private var hours: [NetworkName: Hour] = [:]
    private var health: Kept?
    private var zones: [NetworkName: Reading<[PageZone]>] = [:]
    /// What was last looked at of edges, by network and name.
    private var edges: [[String]: Reading<PageEdge?>] = [:]
    /// Counts what was written; versions of another process mean nothing.
    private var written = 0
    private let epoch: Int

    /// How many parts an hour has, and how often they are counted anew: many samples are read for it.
    private static let (cells, hourPause): (Int, Duration) = (30, .seconds(60))
    /// How many edges are kept at most.
    private static let mostEdges = 64

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - epoch: of this process alone.
    ///   - clock: the time.
    init(
        _ daemon: any PageFace, renderer: PageRenderer, epoch: Int,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.daemon = daemon
        self.renderer = renderer
        self.epoch = epoch
        self.clock = clock
    }

    /// The overview, with the edges whose names contain a text.
    func overview(finding text: String) -> Overview {
        refresh()
        let wanted = text.lowercased()
        let networks = daemon.networks.compactMap { name -> Overview.Network? in
            guard let shelf = shelves[name]?.value else { return nil }
            let parts = Dictionary(
                shelf.parts.map { ($0.part.id, $0.part.html) }, uniquingKeysWith: { $1 })
            let rows = shelf.rows.filter { id in
                wanted.isEmpty
                    || id.split(separator: ":", maxSplits: 2).last.map {
                        $0.lowercased().contains(wanted)
                    } ?? false
            }
            return Overview.Network(
                name: name.text, head: parts["head:\(name)"] ?? "",
                rows: rows.compactMap { parts[$0] }.joined(separator: "\n"),
                rest: parts["rest:\(name)"] ?? "")
        }
        return Overview(
            health: health?.part.html ?? "", networks: networks,
            version: wanted.isEmpty ? version : "")
    }

    /// What changed since a version; everything for one of another process.
    func changes(since version: String) -> Changes {
        refresh()
        let parts = version.split(separator: ".")
        let isOurs = parts.count == 2 && Int(parts[0]) == epoch
        let since = isOurs ? Int(parts[1]) ?? 0 : 0
        var changes = Changes(
            release: renderer.assets.release, version: self.version,
            networks: daemon.networks.map(\.text), rows: [:], parts: [])
        for name in daemon.networks {
            guard let shelf = shelves[name]?.value else { continue }
            if shelf.rowsChanged > since { changes.rows[name.text] = shelf.rows }
            changes.parts += shelf.parts.filter { $0.changed > since }.map(\.part)
        }
        if let health, health.changed > since { changes.parts.insert(health.part, at: 0) }
        return changes
    }

    /// A network's zones by name; nil: the daemon runs no such one.
    func zones(of network: NetworkName) throws -> [PageZone]? {
        guard let stamp = daemon.stamp(of: network) else { return nil }
        let now = clock()
        if let kept = zones[network], kept.isFresh(now, stamp: stamp) { return kept.value }
        let found = try daemon.pageZones(network)
        zones[network] = found.map { Reading(stamp: stamp, read: now, value: $0) }
        return found
    }

    /// One edge; nil: there is no such one.
    func edge(_ edge: EdgeName, of network: NetworkName) throws -> PageEdge? {
        guard let stamp = daemon.stamp(of: network) else { return nil }
        let key = [network.text, edge.text]
        let now = clock()
        if let kept = edges[key], kept.isFresh(now, stamp: stamp) { return kept.value }
        let found = try daemon.pageEdge(edge, of: network)
        if edges[key] == nil, edges.count >= Self.mostEdges,
            let oldest = edges.min(by: { $0.value.read < $1.value.read })
        {
            edges[oldest.key] = nil
        }
        edges[key] = Reading(stamp: stamp, read: now, value: found)
        return found
    }

    private var version: String { "\(epoch).\(written)" }

    /// Writes anew what has changed. A network that can't be read says so, and the others are shown.
    private func refresh() {
        let now = clock()
        let names = daemon.networks
        shelves = shelves.filter { names.contains($0.key) }
        hours = hours.filter { names.contains($0.key) }
        zones = zones.filter { names.contains($0.key) }
        written += 1
        var isNew = false
        for name in names {
            guard let stamp = daemon.stamp(of: name) else { continue }
            if let kept = shelves[name], kept.isFresh(now, stamp: stamp) { continue }
            let rows: [PageRenderer.Part]
            let others: [PageRenderer.Part]
            do {
                guard let network = try daemon.pageNetwork(name) else { continue }
                rows = renderer.rows(of: network, hour: try hour(of: name, now: now))
                others = [renderer.head(of: network), renderer.rest(of: network)]
            } catch {
                rows = []
                others = renderer.unreadable(name, because: "\(error)")
            }
            isNew = true
            let shelf = shelf(rows, of: name, with: others)
            shelves[name] = Reading(stamp: stamp, read: now, value: shelf)
        }
        let part = renderer.health(daemon.health)
        if health?.part != part {
            health = Kept(part: part, changed: written)
            isNew = true
        }
        if !isNew { written -= 1 }
    }

    private func shelf(
        _ rows: [PageRenderer.Part], of name: NetworkName, with others: [PageRenderer.Part]
    ) -> Shelf {
        let old = shelves[name]?.value
        let known = Dictionary(
            (old?.parts ?? []).map { ($0.part.id, $0) }, uniquingKeysWith: { $1 })
        var shelf = Shelf()
        shelf.parts = (others + rows).map { part in
            if let kept = known[part.id], kept.part == part { return kept }
            return Kept(part: part, changed: written)
        }
        shelf.rows = rows.map(\.id)
        shelf.rowsChanged = old?.rows == shelf.rows ? old?.rowsChanged ?? written : written
        return shelf
    }

    private func hour(
        of name: NetworkName, now: ContinuousClock.Instant
    ) throws -> [ProbeTarget: Sparkline] {
        if let kept = hours[name], now - kept.read < Self.hourPause { return kept.lines }
        let lines = try daemon.hour(of: name, cells: Self.cells)
        // An hour that has only begun fills up in front of everybody's eyes.
        if lines.values.contains(where: { $0.cells.first?.failed != nil }) {
            hours[name] = Hour(read: now, lines: lines)
        }
        return lines
    }
}
