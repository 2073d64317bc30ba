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

    /// Reads a key that `ZoneContent.key` made; nil when it is none.
    public init?(key: String) {
        // By bytes, and once: every round reads every zone's key.
        var (to, at, ttls): (Substring.UTF8View?, Substring.UTF8View?, Substring.UTF8View?)
        var ttl: UInt32?
        for part in key.utf8.split(separator: 0x20) {
            guard let sign = part.firstIndex(of: 0x3D) else { continue }
            let value = part[part.index(after: sign)...]
            switch Substring(part[..<sign]) {
            case "to": to = value
            case "at": at = value
            case "ttl": ttl = UInt32(Substring(value))
            case "ttls": ttls = value
            default: break
            }
        }
        guard let to, let at, let ttl else { return nil }
        let (texts, words) = (to.split(separator: 0x2C), at.split(separator: 0x2C))
        let addresses = texts.compactMap { IPAddress(Substring($0)) }
        let labels = words.compactMap { RotatedLabel(Substring($0)) }
        guard addresses.count == texts.count, labels.count == words.count else { return nil }
        let kept = Set(Self.keptLabels(of: key))
        self.addresses = addresses
        self.labels = labels.filter { !kept.contains($0.text) }
        self.ttl = ttl
        nameTTLs = [:]
        for part in ttls?.split(separator: 0x2C) ?? [] {
            let pair = part.split(separator: 0x3A).map { Substring($0) }
            guard pair.count == 2, let value = UInt32(pair[1]) else { return nil }
            nameTTLs[String(pair[0])] = value
        }
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

    /// A field that follows the planned key.
    private static let keptField = " kept="

    /// The key of a zone in which some rotated labels stay its include's own for now: what was planned, and
    /// which labels are not published.
    public static func key(_ planned: String, keeping labels: [RotatedLabel]) -> String {
        planned + keptField + labels.map(\.text).sorted().joined(separator: ",")
    }

    /// The key that was planned, whatever labels an include kept.
    public static func planned(_ key: String) -> String {
        keptPlace(in: key).map { String(key[..<$0.lowerBound]) } ?? key
    }

    /// The rotated labels at which the zone has records of its own instead.
    public static func keptLabels(of key: String) -> [String] {
        guard let field = keptPlace(in: key) else { return [] }
        return key[field.upperBound...].prefix { $0 != " " }.split(separator: ",")
            .map(String.init)
    }

    /// Where the field of kept labels begins. Byte by byte: every round reads every zone's key.
    private static func keptPlace(in key: String) -> Range<String.Index>? {
        var key = key
        let field = keptField.utf8.count
        let place = key.withUTF8 { bytes in
            bytes.indices.dropLast(field - 1).first { place in
                bytes[place] == 0x20 && bytes[place...].starts(with: keptField.utf8)
            }
        }
        return place.map { place in
            let begin = key.utf8.index(key.startIndex, offsetBy: place)
            return begin..<key.utf8.index(begin, offsetBy: field)
        }
    }

    /// What name servers should serve of a zone with this content.
    public func expectation(of zone: ZoneName, serial: SOASerial) -> ServedExpectation {
        let apex = "\(zone)."
        let names = (["@"] + labels.map(\.text)).map { label in
            ServedExpectation.Name(
                owner: label == "@" ? apex : "\(label).\(apex)", ttl: nameTTLs[label] ?? ttl)
        }
        return ServedExpectation(
            zone: zone, serial: serial, addresses: addresses, names: names)
    }
}
