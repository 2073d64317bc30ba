import EdgeCore
import EdgeTesting
import Testing

/// Which address of an edge is probed and published.
@Suite struct AddressChoiceTests {
    private static let edge: EdgeName = "edge1.example.net"

    private static func address(_ text: String) -> IPAddress { IPAddress(text)! }

    private static func choose(
        _ lookup: LookedUp?, before: [String] = [],
        families: Set<AddressFamily> = [.ipv4, .ipv6], others: [EdgeName] = []
    ) -> AddressChoice {
        var state = NetworkState()
        for address in before.map(address) {
            state.targets[ProbeTarget(name: edge, family: address.family)] = TargetRecord(
                lastAddress: address)
        }
        return AddressChoice(
            edges: [edge] + others, lookups: lookup.map { [edge: $0] } ?? [:], families: families,
            state: state)
    }

    private static func found(_ choice: AddressChoice) -> [String] {
        (choice.addresses[edge]?.all ?? []).map(\.description)
    }

    @Test(arguments: [
        // The one that was published stays, wherever it stands among several.
        (["192.0.2.1", "192.0.2.2"], ["192.0.2.2"], ["192.0.2.2"], 0),
        // Else the lowest, said so; one of each family.
        (["192.0.2.2", "192.0.2.1"], [], ["192.0.2.1"], 1),
        (["192.0.2.2", "192.0.2.1"], ["192.0.2.9"], ["192.0.2.1"], 1),
        (["192.0.2.1", "2001:db8::1"], [], ["192.0.2.1", "2001:db8::1"], 0),
        // A family that the name lost goes with it, since the other one answers.
        (["192.0.2.1"], ["192.0.2.1", "2001:db8::1"], ["192.0.2.1"], 0),
        // What no edge can have is left out, and said.
        (["169.254.1.1", "192.0.2.1"], [], ["192.0.2.1"], 1),
    ])
    func ofSeveral(lookup: [String], before: [String], chosen: [String], warnings: Int) {
        let choice = Self.choose(.addresses(lookup.map(Self.address)), before: before)
        #expect(Self.found(choice) == chosen)
        #expect(choice.warnings.count == warnings, "\(choice.warnings)")
    }

    /// An edge whose name stops resolving, or leads nowhere, keeps its last addresses, and that is said.
    @Test func theLastAddressGoesOn() {
        let silent = Self.choose(.nothing(reason: "SERVFAIL"), before: ["192.0.2.7"])
        #expect(Self.found(silent) == ["192.0.2.7"])
        #expect(
            silent.warnings == [
                "edge edge1.example.net: SERVFAIL; its last address 192.0.2.7 goes on"
            ])
        #expect(silent.unresolvable.isEmpty)
        let astray = Self.choose(
            .addresses([Self.address("127.0.0.1")]), before: ["192.0.2.7"],
            others: ["203.0.113.9"])
        #expect(Self.found(astray) == ["192.0.2.7"])
        #expect(astray.warnings.count == 2)
    }

    @Test func anEdgeThatNeverHadOneHasNone() {
        let choice = Self.choose(.nothing(reason: "NXDOMAIN"))
        #expect(Self.found(choice).isEmpty)
        #expect(choice.unresolvable == [Self.edge: "NXDOMAIN"])
        #expect(Self.choose(nil).unresolvable[Self.edge] != nil)
    }

    /// Only a family that is asked for is chosen of a name; an address in the list counts as itself.
    @Test func familiesAreThoseAskedFor() {
        let both: [IPAddress] = [Self.address("192.0.2.1"), Self.address("2001:db8::1")]
        let four = Self.choose(.addresses(both), families: [.ipv4], others: ["2001:db8::2"])
        #expect(Self.found(four) == ["192.0.2.1"])
        #expect(four.addresses["2001:db8::2"]?.all == [Self.address("2001:db8::2")])
    }

    /// Two edges at one address are one machine counted twice.
    @Test func sharedAddressesAreSaid() {
        let choice = Self.choose(
            .addresses([Self.address("192.0.2.1")]), others: ["192.0.2.1"])
        #expect(
            choice.warnings == [
                "edges edge1.example.net and 192.0.2.1 have one address, 192.0.2.1"
            ])
    }
}
