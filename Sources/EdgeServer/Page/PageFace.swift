public import EdgeCore

/// What the page asks the daemon. All of it is read from the database, which is asked once a round however many
/// look at the page.
public protocol PageFace: DaemonFace {
    /// Changes with everything that the page shows of a network; nil: the daemon runs no such one.
    func stamp(of network: NetworkName) -> Int?
    /// A network as of its last round; nil: the daemon runs no such one.
    func pageNetwork(_ network: NetworkName) throws -> PageNetwork?
    /// The last hour of every edge and canary in so many parts.
    func hour(of network: NetworkName, cells: Int) throws -> [ProbeTarget: Sparkline]
    /// All that is known of one edge; nil: there is no such one.
    func pageEdge(_ edge: EdgeName, of network: NetworkName) throws -> PageEdge?
    /// A network's published zones by name; nil: the daemon runs no such one.
    func pageZones(_ network: NetworkName) throws -> [PageZone]?
    /// Where those who watch are told that something changed.
    var bulletin: Bulletin { get }
}

/// What the page shows of a network.
public struct PageNetwork: Sendable {
    public var status: StatusView
    /// nil: there was no round yet.
    public var overview: ExplainedNetwork?
    public var alarms: AlarmView
    /// The fetch time under which an edge is simply fine.
    public var goodEnough: Duration

    public init(
        status: StatusView, overview: ExplainedNetwork?, alarms: AlarmView, goodEnough: Duration
    ) {
        self.status = status
        self.overview = overview
        self.alarms = alarms
        self.goodEnough = goodEnough
    }
}

/// What the page shows of one edge.
public struct PageEdge: Sendable {
    public var explained: ExplainedEdge
    /// nil: nothing is summed up of it.
    public var uptime: UptimeView.Edge?
    public var hour: PhaseHistory
    /// The fetch time under which an edge is simply fine.
    public var goodEnough: Duration

    public init(
        explained: ExplainedEdge, uptime: UptimeView.Edge?, hour: PhaseHistory,
        goodEnough: Duration
    ) {
        self.explained = explained
        self.uptime = uptime
        self.hour = hour
        self.goodEnough = goodEnough
    }
}

/// One published zone in the list of zones.
public struct PageZone: Hashable, Sendable {
    public var name: String
    public var serial: UInt32
    /// What is to be said of it, a sentence each; empty: it is served as it should be.
    public var notes: [String]

    public init(name: String, serial: UInt32, notes: [String] = []) {
        self.name = name
        self.serial = serial
        self.notes = notes
    }
}

extension PageZone {
    /// The published zones of a network, by name.
    ///
    /// - Parameter servers: the name servers that are asked, in the configuration's order.
    public static func all(of state: NetworkState, servers: [ServerName]) -> [PageZone] {
        var notes: [ZoneName: [String]] = [:]
        for hold in state.holds {
            if let zone = hold.zone { notes[zone, default: []].append("held: \(hold.message)") }
        }
        for server in servers {
            for (zone, owed) in state.servers[server]?.owed ?? [:] {
                let since = UnixTime(seconds: owed.since.seconds).minuteText
                notes[zone, default: []].append(
                    "\(server) owes it since \(since) UTC: \(owed.difference ?? "not asked since")"
                )
            }
        }
        return state.zones.sorted { $0.key < $1.key }.map { zone, published in
            PageZone(
                name: zone.text, serial: published.serial.value, notes: notes[zone] ?? [])
        }
    }
}
