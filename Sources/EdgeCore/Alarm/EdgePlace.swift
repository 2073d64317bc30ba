/// Where an edge that fails is, as far as visitors go.
public enum EdgePlace: Hashable, Sendable, Codable {
    /// Still handed out.
    case inDNS
    /// It was live when it failed, and is not handed out any more; these came in when it left, if it is known.
    case replaced(by: [String])
    /// It was not live when it failed.
    case spare

    /// What holds of an edge that fails, to follow its name.
    ///
    /// - Parameters:
    ///   - cause: why it fails.
    ///   - obstacle: why nobody took its place, where it is still handed out.
    public func words(cause: String, obstacle: String?) -> String {
        switch self {
        case .inDNS:
            "fails and is still in the DNS: users meet it (\(cause)"
                + (obstacle.map { "; no replacement: \($0)" } ?? "") + ")"
        case .replaced(let others) where others.count == 1:
            "failed and \(others[0]) took its place: \(cause)"
        case .replaced(let others) where others.isEmpty: "failed and left the DNS: \(cause)"
        case .replaced(let others):
            "failed and left the DNS, where \(others.prefix(5).joined(separator: " ")) came in: \(cause)"
        case .spare: "fails as a spare, users do not meet it: \(cause)"
        }
    }
}
