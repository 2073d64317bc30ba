/// The IPv6 addresses of live edges that are slow and stay beside their IPv4 ones all the same.
///
/// Users of IPv6 are spread over the IPv6 addresses alone. Were more than half of these taken out for slowness, the
/// few others would carry what all of them did. Without any of them left, everybody is spread over IPv4 as evenly as
/// before, so then all go.
struct SlowAddresses {
    /// Their edges, in the order of their names.
    private(set) var edges: [EdgeName] = []
    /// How many IPv6 addresses are fine.
    private var fine = 0

    /// - Parameter live: the edges that will be live.
    init(live: [EdgeName], input: RoundInput, verdicts: [ProbeTarget: Verdict]) {
        for name in live {
            guard let probed = input.inventory.addresses[name], probed.ipv4 != nil,
                let address = probed.ipv6,
                let verdict = verdicts[ProbeTarget(name: name, family: .ipv6)]
            else { continue }
            if verdict.isFit {
                fine += 1
            } else if verdict.health?.isPassing == true, !verdict.isMismatch,
                input.state.live.contains(where: {
                    $0.name == name && $0.addresses.ipv6 == address
                })
            {
                edges.append(name)
            }
        }
        if fine == 0 || edges.count <= fine { edges = [] }
    }

    /// What an operator is told; nil: nobody stays for this.
    var warning: String? {
        guard !edges.isEmpty else { return nil }
        let percent = LoadGuard.percent(Double(fine + edges.count), of: Double(fine))
        return
            "the IPv6 addresses of \(edges.map(\.text).joined(separator: ", ")) are slow and stay, since the "
            + "\(fine == 1 ? "other one" : "other \(fine)") would carry \(percent) % of what "
            + "\(fine == 1 ? "it does" : "they do") now"
    }
}
