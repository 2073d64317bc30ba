/// What a name's lookup came to, for one edge.
public enum LookedUp: Hashable, Sendable {
    /// Addresses of the families asked for, ascending.
    case addresses([IPAddress])
    /// None, and why.
    case nothing(reason: String)
}

/// Chooses the one address a family that an edge is probed and published at (SPEC: probing).
public struct AddressChoice: Sendable {
    /// By edge.
    public private(set) var addresses: [EdgeName: EdgeAddresses] = [:]
    /// Edges without any address to probe, and why.
    public private(set) var unresolvable: [EdgeName: String] = [:]
    public private(set) var warnings: [String] = []

    /// Whether addresses of this very machine may be published: all edges live on it, a bench.
    public let allowsLoopback: Bool

    private let families: Set<AddressFamily>
    private let state: NetworkState

    /// - Parameter families: which are probed; an edge named by an IPv6 address counts all the same.
    public init(
        edges: [EdgeName], lookups: [EdgeName: LookedUp], families: Set<AddressFamily>,
        state: NetworkState
    ) {
        self.families = families
        self.state = state
        allowsLoopback = Self.isBenchOnLoopback(edges: edges, lookups: lookups)
        for edge in edges {
            if let literal = edge.address {
                if mayBePublished(literal) {
                    addresses[edge, default: EdgeAddresses()][literal.family] = literal
                } else {
                    unresolvable[edge] = "no edge can have this address"
                    warnings.append("edge \(edge) is an address that no edge can have")
                }
                continue
            }
            choose(edge, from: lookups[edge] ?? .nothing(reason: "it was not looked up"))
        }
        warnAboutSharedAddresses(edges)
    }

    /// A name that leads to this very machine is a mistake or an attack, unless all edges live here: a
    /// bench. Names without an answer prove nothing, so at least two others must live here then.
    private static func isBenchOnLoopback(
        edges: [EdgeName], lookups: [EdgeName: LookedUp]
    ) -> Bool {
        var found = 0
        var unanswered = 0
        for edge in edges {
            if let literal = edge.address {
                guard literal.isLoopback else { return false }
                found += 1
            } else if case .addresses(let addresses)? = lookups[edge] {
                guard addresses.allSatisfy(\.isLoopback) else { return false }
                found += 1
            } else {
                unanswered += 1
            }
        }
        return unanswered == 0 || found >= 2
    }

    /// Whether an address can be an edge's or a canary's.
    public func mayBePublished(_ address: IPAddress) -> Bool {
        address.isPubliclyUsable || allowsLoopback && address.isLoopback
    }

    private mutating func choose(_ edge: EdgeName, from lookup: LookedUp) {
        var usable: [IPAddress] = []
        var reason = "it has no usable address"
        switch lookup {
        case .addresses(let found):
            usable = found.filter(mayBePublished)
            if let refused = found.first(where: { !usable.contains($0) }) {
                reason = "it resolves to \(refused), which no edge can have"
                warnings.append("edge \(edge) resolves to \(refused), which no edge can have")
            }
        case .nothing(let why):
            reason = why
        }
        for family in families.sorted() {
            let before = state.targets[ProbeTarget(name: edge, family: family)]?.lastAddress
            let found = usable.filter { $0.family == family }
            if let before, found.contains(before) {
                addresses[edge, default: EdgeAddresses()][family] = before
            } else if let lowest = found.min() {
                addresses[edge, default: EdgeAddresses()][family] = lowest
                if found.count > 1 {
                    warnings.append(
                        "edge \(edge) has \(found.count) \(family.recordType) addresses; "
                            + "\(lowest), the lowest, is used: list the machines one by one")
                }
            } else if let before, usable.isEmpty, mayBePublished(before) {
                addresses[edge, default: EdgeAddresses()][family] = before
                warnings.append("edge \(edge): \(reason); its last address \(before) goes on")
            }
        }
        if addresses[edge] == nil { unresolvable[edge] = reason }
    }

    private mutating func warnAboutSharedAddresses(_ edges: [EdgeName]) {
        var owners: [IPAddress: EdgeName] = [:]
        for edge in edges {
            for address in addresses[edge]?.all ?? [] {
                if let other = owners[address] {
                    warnings.append("edges \(other) and \(edge) have one address, \(address)")
                } else {
                    owners[address] = edge
                }
            }
        }
    }
}
