/// A sum of samples kept exactly, in whole nanoseconds, so that adding and taking away never
/// drifts.
public struct SampleSum: Hashable, Sendable {
    public var count: Int
    public var nanoseconds: Int64

    public init(count: Int = 0, nanoseconds: Int64 = 0) {
        self.count = count
        self.nanoseconds = nanoseconds
    }

    /// The samples' mean; nil when there are none.
    public var mean: Duration? {
        count > 0 ? .nanoseconds(nanoseconds / Int64(count)) : nil
    }

    /// The sum with one sample more.
    public func adding(_ sample: Duration) -> SampleSum {
        SampleSum(count: count + 1, nanoseconds: nanoseconds + sample.inNanoseconds)
    }

    /// The sum with one sample less.
    public func removing(_ sample: Duration) -> SampleSum {
        SampleSum(count: count - 1, nanoseconds: nanoseconds - sample.inNanoseconds)
    }
}

/// What is known of one probed target before this round's outcome is added.
public struct TargetRecord: Hashable, Sendable {
    /// The class of the last judged round; nil when it was never judged.
    public var health: Health?
    /// The last outcome's word (`ProbeOutcome.word`); nil when it was never probed.
    public var lastOutcome: String?
    /// The last outcome's sentence (`ProbeOutcome.description`).
    public var lastDetail: String?
    /// When it was last probed.
    public var lastProbed: UnixTime?
    /// The newest kept sample.
    public var lastSample: Duration?
    /// The samples of the last 300 s.
    public var window: SampleSum
    /// All kept samples.
    public var kept: SampleSum
    /// The oldest kept sample, which falls out when a new one is added and the store is full; nil
    /// when there is room.
    public var expiring: Duration?
    /// The address last used, for a name that stops resolving and for choosing among several.
    public var lastAddress: IPAddress?
    /// What the steady judge remembers; nil when it never judged the target.
    public var steady: SteadyMemory?

    public init(
        health: Health? = nil, lastOutcome: String? = nil, lastDetail: String? = nil,
        lastProbed: UnixTime? = nil, lastSample: Duration? = nil, window: SampleSum = SampleSum(),
        kept: SampleSum = SampleSum(), expiring: Duration? = nil, lastAddress: IPAddress? = nil,
        steady: SteadyMemory? = nil
    ) {
        self.steady = steady
        self.health = health
        self.lastOutcome = lastOutcome
        self.lastDetail = lastDetail
        self.lastProbed = lastProbed
        self.lastSample = lastSample
        self.window = window
        self.kept = kept
        self.expiring = expiring
        self.lastAddress = lastAddress
    }
}

/// One substitution: an edge that left the live set, and whether an operator's word made it leave.
public struct Substitution: Hashable, Sendable {
    public var moment: Moment
    public var edge: EdgeName
    /// Exempt from the budget, though counted in it.
    public var byOperator: Bool

    public init(moment: Moment, edge: EdgeName, byOperator: Bool) {
        self.moment = moment
        self.edge = edge
        self.byOperator = byOperator
    }
}

/// A member of the published live set, with the addresses that DNS hands out for it.
public struct LiveEdge: Hashable, Sendable {
    public var name: EdgeName
    public var addresses: EdgeAddresses

    public init(name: EdgeName, addresses: EdgeAddresses) {
        self.name = name
        self.addresses = addresses
    }
}
