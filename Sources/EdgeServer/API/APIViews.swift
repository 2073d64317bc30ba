internal import EdgeCore

/// The networks that the daemon runs.
struct NetworksView: Encodable {
    /// The version of this shape.
    var schema = 1
    var networks: [DaemonHealth.Network]
}

/// Edges of a network.
struct EdgesView: Encodable {
    /// The version of this shape.
    var schema = 1
    var network: String
    var edges: [StatusView.StatusEdge]
    /// What `after` takes to go on; nil: there are no more.
    var next: String?
}

/// How edges of a network did.
struct UptimesView: Encodable {
    /// The version of this shape.
    var schema = 1
    var network: String
    /// Unix time of this view.
    var asOf: Int64
    var edges: [UptimeView.Edge]
    /// What `after` takes to go on; nil: there are no more.
    var next: String?
}

/// Published zones of a network.
struct ZonesView: Encodable {
    /// The version of this shape.
    var schema = 1
    var network: String
    var zones: [Zone]
    /// What `after` takes to go on; nil: there are no more.
    var next: String?

    /// One zone.
    struct Zone: Encodable {
        var name: String
        var serial: UInt32
        /// What is to be said of it, a sentence each; empty: it is served as it should be.
        var notes: [String]

        init(_ zone: PageZone) {
            name = zone.name
            serial = zone.serial
            notes = zone.notes
        }
    }
}

/// What a generation changed.
struct DifferenceView: Encodable {
    /// The version of this shape.
    var schema = 1
    var network: String
    var from: Int
    var to: Int
    var edgesOut: [String]
    var edgesIn: [String]
    var zones: [PlanView.PlannedZone]
    /// What the comparison leaves out; nil: nothing.
    var note: String?
    /// What `after` takes to go on; nil: there are no more.
    var next: String?

    init(_ view: DiffView, zones: [PlanView.PlannedZone], next: String?) {
        network = view.network
        from = view.from
        to = view.to
        edgesOut = view.edgesOut
        edgesIn = view.edgesIn
        self.zones = zones
        note = view.note
        self.next = next
    }
}
