import EdgeTesting
import Testing

@testable import EdgeCore

/// Live edges that are known by an address alone.
@Suite struct LiveSetRecoveryTests {
    private func edge(_ name: EdgeName, _ addresses: IPAddress...) -> LiveEdge {
        var known = EdgeAddresses()
        for address in addresses { known[address.family] = address }
        return LiveEdge(name: name, addresses: known)
    }

    private func renamed(_ live: LiveEdge..., by listed: LiveEdge...) -> [LiveEdge] {
        var inventory = Inventory(edges: listed.map(\.name))
        for edge in listed { inventory.addresses[edge.name] = edge.addresses }
        return LiveSetRecovery.renamed(live, by: inventory)
    }

    @Test func anAddressGetsItsEdgesName() {
        #expect(
            renamed(edge("192.0.2.1", "192.0.2.1"), by: edge("e1", "192.0.2.1"))
                == [edge("e1", "192.0.2.1")])
        #expect(
            renamed(edge("192.0.2.1", "192.0.2.1"), by: edge("e1", "192.0.2.9"))
                == [edge("192.0.2.1", "192.0.2.1")])
    }

    @Test func bothFamiliesBecomeOneEdge() {
        let both = edge("e1", "192.0.2.1", "2001:db8::1")
        #expect(
            renamed(
                edge("192.0.2.1", "192.0.2.1"), edge("2001:db8::1", "2001:db8::1"), by: both)
                == [both])
        #expect(
            renamed(edge("e1", "192.0.2.1"), edge("2001:db8::1", "2001:db8::1"), by: both)
                == [both])
    }

    /// A name that now leads to the address of another live edge, which left the list: both stay published (I1).
    @Test func noAddressIsLostOverNames() {
        let live = [edge("192.0.2.2", "192.0.2.2"), edge("e1", "192.0.2.1")]
        #expect(renamed(live[1], live[0], by: edge("e1", "192.0.2.2")) == live)
        #expect(renamed(live[0], live[1], by: edge("e1", "192.0.2.2")) == live)
    }
}
