/// What was published of each zone, as far as it is kept, the latest first.
public struct PublishedHistory: Sendable {
    private var contents: [ZoneName: [PublishedContent]] = [:]
    private var known: [String: PublishedContent?] = [:]

    public init() {}

    /// Adds what came before all that it has.
    public mutating func add(_ zones: [ZoneName: GenerationZone]) {
        for (zone, published) in zones {
            guard let content = content(published.contentKey),
                contents[zone]?.last != content
            else { continue }
            contents[zone, default: []].append(content)
        }
    }

    /// What was published of a zone.
    public func contents(of zone: ZoneName) -> [PublishedContent] { contents[zone] ?? [] }

    /// Whether a zone was published with these addresses, given ascending.
    public func had(_ addresses: [IPAddress], in zone: ZoneName) -> Bool {
        contents[zone]?.contains { $0.addresses == addresses } ?? false
    }

    /// Thousands of zones share a key.
    private mutating func content(_ key: String) -> PublishedContent? {
        if let content = known[key] { return content }
        let content = PublishedContent(key: key)
        known[key] = .some(content)
        return content
    }
}
