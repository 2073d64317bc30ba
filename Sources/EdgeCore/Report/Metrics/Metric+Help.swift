extension Metric {
    /// One sentence for the page.
    public var help: String { ofEdges ?? ofPublication ?? ofRounds ?? "" }

    private var ofRounds: String? {
        switch self {
        case .buildInfo: "A constant 1, labelled with the version of edgemanage."
        case .configLastReloadSuccessful:
            "Whether the configuration could be used when it was last read (1 or 0)."
        case .configLastReloadSuccess: "Unix time when the configuration in use was last read."
        case .rounds:
            "Rounds by result: done, failed (something of it could not be done), refused (none was run)."
        case .roundDuration: "How long rounds took, probing included."
        case .roundInterval: "The configured time from one round to the next."
        case .lastRound: "Unix time when the last round ended."
        case .roundTroubles:
            "What went wrong in the last round besides zones that could not be published."
        case .monitorSick:
            "Whether this monitor seems to be the sick one, so that health changes nothing (1 or 0)."
        case .testObjectSuspect:
            "Whether all edges serve other content than the local test object (1 or 0)."
        default: nil
        }
    }

    private var ofEdges: String? {
        switch self {
        case .edgeUp: "Whether the edge passes, as judged after the last round (1 or 0)."
        case .edgeLive: "Whether the edge's address of this family is handed out (1 or 0)."
        case .edgeMode: "A constant 1, labelled with the mode that operators gave the edge."
        case .edgeFetch: "The edge's best fetch in the last round, when it served the object."
        case .certificateExpiry: "Unix time when the certificate ends that the edge showed last."
        case .edges: "Edges in the edge list."
        case .liveEdges: "Edges in the live set."
        case .liveEdgesWanted: "Edges that should be live."
        case .liveEdgesMinimum: "The fewest edges that may be live."
        case .edgesKeptBack: "Live edges that would have left, had something not kept them."
        case .canaries: "Canaries that were probed in the last round."
        case .canariesUp: "Canaries that pass."
        case .references: "Reference targets that were asked in the last round."
        case .referencesAnswering: "Reference targets that answered."
        case .probes: "Probes by what they came to in the end."
        case .probeRetries: "Attempts that were made again within a probe."
        case .probeDuration: "How long the phases of probes took, as far as they came."
        case .fetchDuration: "How long it took to fetch the whole object, from connecting on."
        default: nil
        }
    }

    private var ofPublication: String? {
        switch self {
        case .rotations: "Edges that went into or out of the live set, by direction."
        case .budget: "Substitutions that health may cause in any 10 minutes."
        case .budgetRemaining: "Substitutions that health may still cause at this time."
        case .rotationsHeld: "Whether an operator holds the rotations (1 or 0)."
        case .planHeld: "Whether a plan, or a part of one, waits (1 or 0)."
        case .holds: "What waits, by reason."
        case .zones: "Zones that are published."
        case .generation: "The number of the last published plan."
        case .publishSerial: "The highest serial among the published zones."
        case .lastPublish: "Unix time when a plan was last published."
        case .zonesPublished: "Zones whose files were written, or that were updated."
        case .publicationFailures: "Zones that could not be published in the last round."
        case .nameServerUp: "Whether the name server answers (1 or 0)."
        case .nameServerLag: "For how long the name server has not served what was published."
        case .nameServerZonesOwed: "Zones that the name server does not serve as published."
        default: nil
        }
    }
}
