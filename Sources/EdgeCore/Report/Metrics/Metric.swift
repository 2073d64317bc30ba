/// Every metric that the program shows to Prometheus, in the order of the page.
///
/// The raw values are the names. All but those of `isOfProcess` have the label `network` first, then `labels`.
public enum Metric: String, Hashable, Sendable, CaseIterable {
    // The process.
    case buildInfo = "edgemanage_build_info"
    case configLastReloadSuccessful = "edgemanage_config_last_reload_successful"
    case configLastReloadSuccess = "edgemanage_config_last_reload_success_timestamp_seconds"

    // Rounds.
    case rounds = "edgemanage_rounds_total"
    case roundDuration = "edgemanage_round_duration_seconds"
    case roundInterval = "edgemanage_round_interval_seconds"
    case lastRound = "edgemanage_last_round_timestamp_seconds"
    case roundTroubles = "edgemanage_round_troubles"
    case monitorSick = "edgemanage_monitor_sick"
    case testObjectSuspect = "edgemanage_test_object_suspect"

    // Edges, one by one and counted.
    case edgeUp = "edgemanage_edge_up"
    case edgeLive = "edgemanage_edge_live"
    case edgeMode = "edgemanage_edge_mode"
    case edgeFetch = "edgemanage_edge_fetch_duration_seconds"
    case certificateExpiry = "edgemanage_certificate_expiry_timestamp_seconds"
    case edges = "edgemanage_edges"
    case liveEdges = "edgemanage_live_edges"
    case liveEdgesWanted = "edgemanage_live_edges_wanted"
    case liveEdgesMinimum = "edgemanage_live_edges_minimum"
    case edgesKeptBack = "edgemanage_edges_kept_back"
    case canaries = "edgemanage_canaries"
    case canariesUp = "edgemanage_canaries_up"
    case references = "edgemanage_references"
    case referencesAnswering = "edgemanage_references_answering"

    // Probes.
    case probes = "edgemanage_probes_total"
    case probeRetries = "edgemanage_probe_retries_total"
    case probeDuration = "edgemanage_probe_duration_seconds"
    case fetchDuration = "edgemanage_fetch_duration_seconds"

    // Rotations and what waits.
    case rotations = "edgemanage_rotations_total"
    case budget = "edgemanage_substitutions_budget"
    case budgetRemaining = "edgemanage_substitutions_budget_remaining"
    case rotationsHeld = "edgemanage_rotations_held"
    case planHeld = "edgemanage_plan_held"
    case holds = "edgemanage_holds"

    // Publication and name servers.
    case zones = "edgemanage_zones"
    case generation = "edgemanage_generation"
    case publishSerial = "edgemanage_publish_serial"
    case lastPublish = "edgemanage_last_publish_timestamp_seconds"
    case zonesPublished = "edgemanage_zones_published_total"
    case publicationFailures = "edgemanage_publication_failures"
    case nameServerUp = "edgemanage_nameserver_up"
    case nameServerLag = "edgemanage_nameserver_lag_seconds"
    case nameServerZonesOwed = "edgemanage_nameserver_zones_owed"

    /// What a metric's values are.
    public enum Kind: String, Hashable, Sendable {
        case counter, gauge, histogram
    }

    /// Its type, as the page names it.
    public var kind: Kind {
        switch self {
        case .rounds, .probes, .probeRetries, .rotations, .zonesPublished: .counter
        case .roundDuration, .probeDuration, .fetchDuration: .histogram
        default: .gauge
        }
    }

    /// Whether it speaks of the process and has no label `network`.
    public var isOfProcess: Bool {
        switch self {
        case .buildInfo, .configLastReloadSuccessful, .configLastReloadSuccess: true
        default: false
        }
    }

    /// Its labels after `network`, and without a bucket's `le`.
    public var labels: [String] {
        switch self {
        case .buildInfo: ["version"]
        case .rounds: ["result"]
        case .edgeUp, .edgeLive, .edgeFetch, .certificateExpiry: ["edge", "family"]
        case .edgeMode: ["edge", "mode"]
        case .probes: ["edge", "family", "result"]
        case .probeRetries, .fetchDuration: ["family"]
        case .probeDuration: ["family", "phase"]
        case .rotations: ["direction"]
        case .holds: ["reason"]
        case .nameServerUp, .nameServerLag, .nameServerZonesOwed: ["server"]
        default: []
        }
    }

    /// A histogram's buckets: their upper bounds in seconds, ascending, without the last, which has none.
    public var buckets: [Double] {
        switch self {
        case .probeDuration, .fetchDuration:
            [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        case .roundDuration: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30, 60]
        default: []
        }
    }
}
