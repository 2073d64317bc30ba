/// A map of zones to canary addresses, entry by entry: a bad one is left out, the others go on.
public enum CanaryList {
    /// An entry that was left out, and why.
    public struct Complaint: Hashable, Sendable {
        public var position: SourcePosition
        /// One clause naming the entry.
        public var message: String
    }

    /// The most canaries of one network.
    public static let limit = 10_000

    /// Reads the map; nothing at all is an empty one.
    public static func read(_ node: ConfigurationNode) -> (
        map: [ZoneName: IPAddress], complaints: [Complaint]
    ) {
        if node.isNull { return ([:], []) }
        guard let entries = node.entries else {
            let message = "canaries must be a map of zones to addresses, not \(node.kind)"
            return ([:], [Complaint(position: node.position, message: message)])
        }
        var map: [ZoneName: IPAddress] = [:]
        var complaints: [Complaint] = []
        for entry in entries {
            switch read(entry, known: map) {
            case .success(let (zone, address)):
                if map.count < limit {
                    map[zone] = address
                } else {
                    let message =
                        "more than \(limit.counted("canary", plural: "canaries")); the rest is left out"
                    complaints.append(Complaint(position: entry.keyPosition, message: message))
                    return (map, complaints)
                }
            case .failure(let refusal):
                complaints.append(Complaint(position: refusal.position, message: refusal.message))
            }
        }
        return (map, complaints)
    }

    private struct Refusal: Error {
        var position: SourcePosition
        var message: String
    }

    private static func read(
        _ entry: ConfigurationNode.Entry, known: [ZoneName: IPAddress]
    ) -> Result<(ZoneName, IPAddress), Refusal> {
        guard let zone = ZoneName(entry.key) else {
            return .failure(
                Refusal(position: entry.keyPosition, message: "\"\(entry.key)\" is no zone's name"))
        }
        guard known[zone] == nil else {
            return .failure(
                Refusal(position: entry.keyPosition, message: "zone \(zone) stands twice"))
        }
        guard case .scalar(let text, _) = entry.value.content, let address = IPAddress(text) else {
            return .failure(
                Refusal(
                    position: entry.value.position,
                    message: "the canary of \(zone) must be one IP address, not \(entry.value.kind)"
                ))
        }
        return .success((zone, address))
    }
}
