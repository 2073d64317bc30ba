/// What a `ZoneContent.key` says of the generated records, read back: the key is all that the database
/// keeps of a published zone's addresses.
public struct PublishedContent: Hashable, Sendable {
    /// Ascending.
    public var addresses: [IPAddress]
    /// The rotated labels, in ascending order.
    public var labels: [RotatedLabel]
    /// The TTL of address records in seconds.
    public var ttl: UInt32
    /// Other TTLs, by label; `@` is the apex.
    public var nameTTLs: [String: UInt32]
    /// Labels that rotate no more, whose addresses name servers may hold still (updates alone), in
    /// ascending order.
    public var withdrawn: [Withdrawn]

    /// A label that rotates no more.
    public struct Withdrawn: Hashable, Sendable {
        public var label: RotatedLabel
        /// What name servers may have there, each ascending: what was last published, and before it what was
        /// since one of them was last found to serve what it should; 16 at most.
        public var sets: [[IPAddress]]

        static let mostSets = 16
    }

    /// Reads a key that `ZoneContent.key` made; nil when it is none.
    public init?(key: String) {
        var fields: [Substring: Substring] = [:]
        for part in key.split(separator: " ") {
            guard let sign = part.firstIndex(of: "=") else { continue }
            fields[part[..<sign]] = part[part.index(after: sign)...]
        }
        guard let to = fields["to"], let at = fields["at"],
            let ttl = fields["ttl"].flatMap({ UInt32($0) })
        else { return nil }
        let addresses = to.split(separator: ",").compactMap { IPAddress($0) }
        let labels = at.split(separator: ",").compactMap { RotatedLabel($0) }
        guard addresses.count == to.split(separator: ",").count,
            labels.count == at.split(separator: ",").count
        else { return nil }
        let kept = Self.keptLabels(of: key)
        self.addresses = addresses
        self.labels = labels.filter { !kept.contains($0.text) }
        self.ttl = ttl
        nameTTLs = [:]
        for part in fields["ttls"]?.split(separator: ",") ?? [] {
            let pair = part.split(separator: ":")
            guard pair.count == 2, let value = UInt32(pair[1]) else { return nil }
            nameTTLs[String(pair[0])] = value
        }
        guard let withdrawn = Self.withdrawn(fields["gone"] ?? "") else { return nil }
        self.withdrawn = withdrawn
    }

    /// The field before the key of a zone that an operator's template renders.
    private static let templateField = "tpl="
    /// Follows the template's key in a zone that it did not render itself.
    private static let standingMark: Character = "+"

    /// The key of a zone that a template renders; nil: the built-in text.
    public static func key(_ content: String, by template: String?) -> String {
        template.map { "\(templateField)\($0) \(content)" } ?? content
    }

    /// The key of content by the template of a published zone.
    public static func key(_ content: String, templateOf published: String) -> String {
        let bare = key(withoutTemplate(content), by: template(of: published))
        return isStanding(published) ? standing(bare) : bare
    }

    /// Which template added what a zone has beside the planned records, by `ZoneTemplate.key`; empty: it is
    /// not known which; nil: none did.
    public static func template(of key: String) -> String? {
        guard key.hasPrefix(templateField) else { return nil }
        let field = key.dropFirst(templateField.count).prefix { $0 != " " }
        return String(field.last == standingMark ? field.dropLast() : field)
    }

    /// The key of a zone that its template did not render itself: it has what that one added before, and
    /// is rendered anew as soon as a template can.
    public static func standing(_ key: String) -> String {
        guard !isStanding(key) else { return key }
        return "\(templateField)\(template(of: key) ?? "")\(standingMark) \(withoutTemplate(key))"
    }

    /// Whether the zone was not rendered by its template itself.
    public static func isStanding(_ key: String) -> Bool {
        key.hasPrefix(templateField) && key.prefix { $0 != " " }.last == standingMark
    }

    /// The key without its template: what is generated whatever the template adds.
    public static func withoutTemplate(_ key: String) -> String {
        guard key.hasPrefix(templateField) else { return key }
        return String(key.drop { $0 != " " }.dropFirst())
    }

    /// Fields that follow the planned key.
    private static let keptField = " kept="
    private static let goneField = " gone="

    /// The key of a zone in which some rotated labels stay its include's own for now: what was planned, and
    /// which labels are not published.
    public static func key(_ planned: String, keeping labels: [RotatedLabel]) -> String {
        planned + keptField + labels.map(\.text).sorted().joined(separator: ",")
    }

    /// The key of a zone in which the addresses of labels that rotate no more have to go.
    public static func key(_ planned: String, withdrawing labels: [Withdrawn]) -> String {
        guard !labels.isEmpty else { return planned }
        let texts = labels.map { withdrawn in
            let sets = withdrawn.sets.map { $0.map(\.description).joined(separator: "@") }
            return "\(withdrawn.label)@\(sets.joined(separator: "/"))"
        }
        return planned + goneField + texts.sorted().joined(separator: ",")
    }

    /// The key without what has to go.
    public static func withoutWithdrawn(_ key: String) -> String {
        key.firstRange(of: goneField).map { String(key[..<$0.lowerBound]) } ?? key
    }

    /// The key that was planned, whatever labels an include kept, and whatever has to go.
    public static func planned(_ key: String) -> String {
        let ends = [keptField, goneField].compactMap { key.firstRange(of: $0)?.lowerBound }
        return ends.min().map { String(key[..<$0]) } ?? key
    }

    /// The rotated labels at which the zone has records of its own instead.
    public static func keptLabels(of key: String) -> [String] {
        guard let field = key.firstRange(of: keptField) else { return [] }
        return key[field.upperBound...].prefix { $0 != " " }.split(separator: ",")
            .map(String.init)
    }

    /// Reads what `key(_:withdrawing:)` added; nil when it is something else.
    private static func withdrawn(_ field: Substring) -> [Withdrawn]? {
        var labels: [Withdrawn] = []
        for text in field.split(separator: ",") {
            let parts = text.split(separator: "@", maxSplits: 1)
            let texts = parts.dropFirst().first?.split(separator: "/") ?? []
            let sets = texts.map { $0.split(separator: "@").map { IPAddress($0) } }
            guard let label = parts.first.flatMap({ RotatedLabel($0) }),
                sets.allSatisfy({ !$0.contains(nil) })
            else { return nil }
            labels.append(Withdrawn(label: label, sets: sets.map { $0.compactMap(\.self) }))
        }
        return labels
    }

    /// The labels whose addresses have to go from the name servers, when content with the key `next`
    /// follows this one: those that rotate no more, with what was published there.
    ///
    /// - Parameter earlier: what was published before this and name servers may have still, newest first; nil:
    ///   every name server was found to serve this content, so that what was withdrawn before is gone too.
    public func withdrawn(before next: String, earlier: [PublishedContent]?) -> [Withdrawn] {
        guard let following = PublishedContent(key: next) else { return [] }
        let rotating = Set(following.labels)
        let gone = labels.map { label in
            var sets: [[IPAddress]] = []
            for content in [self] + (earlier ?? [])
            where content.labels.contains(label) && !sets.contains(content.addresses) {
                sets.append(content.addresses)
            }
            return Withdrawn(
                label: label,
                sets: Array(sets.filter { !$0.isEmpty }.prefix(Withdrawn.mostSets)))
        }
        return (earlier == nil ? gone : gone + withdrawn)
            .filter { !$0.sets.isEmpty && !rotating.contains($0.label) }
            .sorted { $0.label.text < $1.label.text }
    }

    /// What name servers should serve of a zone with this content.
    public func expectation(of zone: ZoneName, serial: SOASerial) -> ServedExpectation {
        let apex = "\(zone)."
        let names = (["@"] + labels.map(\.text)).map { label in
            ServedExpectation.Name(
                owner: label == "@" ? apex : "\(label).\(apex)", ttl: nameTTLs[label] ?? ttl)
        }
        return ServedExpectation(
            zone: zone, serial: serial, addresses: addresses, names: names,
            withdrawn: withdrawn.map {
                .init(owner: "\($0.label.text).\(apex)", sets: $0.sets)
            })
    }
}
