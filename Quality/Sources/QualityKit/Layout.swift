/// How many edges there are and how many of them are live.
public struct Layout: Hashable, Sendable {
    public var name: String
    /// At most 64: sets of edges are bits of a word.
    public var edges: Int
    public var live: Int

    public init(name: String, edges: Int, live: Int) {
        self.name = name
        self.edges = min(edges, 64)
        self.live = live
    }

    /// The layouts that rules are compared on.
    public static let all = [
        Layout(name: "scarce", edges: 6, live: 4), Layout(name: "middle", edges: 12, live: 4),
        Layout(name: "large", edges: 40, live: 6),
    ]

    /// The fetch time, in seconds, under which an edge is fine.
    public static let goodEnough = 1.0
    /// Seconds between rounds.
    public static let interval = 60
}

/// A set of edges, a bit each.
public struct EdgeSet: Hashable, Sendable {
    public var bits: UInt64 = 0

    public init() {}

    /// The edges of the list.
    public init(_ edges: some Sequence<Int>) {
        for edge in edges { insert(edge) }
    }

    public var count: Int { bits.nonzeroBitCount }

    /// Whether it holds the edge.
    public func contains(_ edge: Int) -> Bool { bits >> UInt64(edge) & 1 == 1 }

    /// Adds an edge.
    public mutating func insert(_ edge: Int) { bits |= 1 << UInt64(edge) }

    /// Takes an edge out.
    public mutating func remove(_ edge: Int) { bits &= ~(1 << UInt64(edge)) }

    /// Calls `body` with each edge, lowest first.
    @inline(__always)
    public func forEach(_ body: (Int) -> Void) {
        var rest = bits
        while rest != 0 {
            body(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
    }
}
