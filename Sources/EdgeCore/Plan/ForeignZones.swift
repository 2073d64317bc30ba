/// Zones that a network has includes of and that another network publishes already: each zone is in one
/// network only, or both would write the same file in turn.
public enum ForeignZones {
    /// What is wrong, one sentence for each such network, and the way out.
    ///
    /// - Parameters:
    ///   - zones: the zones that the network has includes of.
    ///   - owners: the zones that other networks publish (`NetworkState.foreignZones`).
    ///   - settings: the network that may not publish them.
    public static func problems(
        of zones: some Sequence<ZoneName>, owners: [ZoneName: NetworkName],
        settings: NetworkSettings
    ) -> [String] {
        var found: [NetworkName: [ZoneName]] = [:]
        for zone in zones {
            if let owner = owners[zone] { found[owner, default: []].append(zone) }
        }
        return found.sorted { $0.key < $1.key }.map { owner, zones in
            sentence(owner: owner, zones: zones.sorted(), settings: settings)
        }
    }

    /// The network that publishes some of these zones and that the configuration does not declare: probably
    /// this one's old name. What is new waits until its zones have come over, with modes and holds.
    static func predecessor(
        of zones: some Sequence<ZoneName>, owners: [ZoneName: NetworkName],
        settings: NetworkSettings
    ) -> NetworkName? {
        guard let declared = settings.declaredNetworks else { return nil }
        return zones.compactMap { owners[$0] }.filter { !declared.contains($0) }.min()
    }

    private static func sentence(
        owner: NetworkName, zones: [ZoneName], settings: NetworkSettings
    ) -> String {
        let network = settings.network
        let isOne = zones.count == 1
        let what =
            isOne
            ? "zone \(zones.fewWords) is published by network \(owner) already"
            : "\(zones.count.counted("zone")) are published by network \(owner) already "
                + "(\(zones.fewWords))"
        let removal =
            isOne ? "remove its include from one" : "remove each one's include from one of the two"
        let forgetting =
            "edgemanage zone forget \(owner) " + (isOne ? "\(zones.fewWords)" : "ZONE for each")
        let renaming = "edgemanage network rename \(owner) \(network)"
        guard let declared = settings.declaredNetworks else {
            return "\(what): \(removal); if \(owner) is \(network)'s old name, run \(renaming); if "
                + "\(network) is to publish \(isOne ? "it" : "them") from now on, run \(forgetting)"
        }
        guard declared.contains(owner) else {
            return
                "\(what), which this configuration does not declare: run \(renaming), if \(owner) is "
                + "\(network)'s old name; else \(forgetting)"
        }
        return
            "\(what): \(removal); if \(network) is to publish \(isOne ? "it" : "them") from now on, "
            + "then run \(forgetting)"
    }
}
