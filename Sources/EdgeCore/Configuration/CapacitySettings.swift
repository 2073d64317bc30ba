/// What edges can carry, and what users ask of the network, both in one unit of the operator's own: requests a
/// second, megabits, or only how edges compare.
public struct CapacitySettings: Hashable, Sendable {
    /// Edges with a number of their own, above zero.
    public let edges: [EdgeName: Double]
    /// Every other edge's, above zero; nil: the smallest of `edges`, or 1 when these are none.
    public let others: Double?
    /// The whole network's load in its busiest ordinary hour, above zero; nil: unknown.
    public let load: Double?
    /// What an edge without a number of its own counts as.
    private let usual: Double

    /// Without numbers all edges count alike, and the load is unknown.
    public init(edges: [EdgeName: Double] = [:], others: Double? = nil, load: Double? = nil) {
        self.edges = edges
        self.others = others
        self.load = load
        usual = others ?? edges.values.min() ?? 1
    }

    /// What an edge can carry.
    public subscript(edge: EdgeName) -> Double { edges[edge] ?? usual }

    /// Whether no edge can be too small for another one's place: all count alike, and the load is unknown.
    public var isEven: Bool { edges.isEmpty && load == nil }
}
