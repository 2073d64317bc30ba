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
