/// What is known of a zone's include in this round.
public enum IncludeState: Hashable, Sendable {
    /// Its file is as it was when its text was accepted.
    case unchanged
    /// A text was accepted in this round; its revision counts up.
    case accepted(revision: Int, stamp: FileStamp)
    /// Refused, unreadable or gone: the last accepted one goes on, and the problem is named.
    case refused([String])

    /// The problems to be named.
    public var problems: [String] {
        switch self {
        case .unchanged, .accepted: []
        case .refused(let problems): problems
        }
    }
}

/// Why a zone's file is looked at in this round.
public enum ZoneCause: String, Hashable, Sendable, Comparable {
    case new
    case addresses
    case canary
    case parameters
    case include
    /// The operator's zone template is another one, or is set newly, or is used no more.
    case template
    /// A catalog: zones came or went.
    case members
    /// The file is missing, or is not the one that was written (I7), or a write was cut short (I22).
    case repair
    /// A name server serves something else than what was published (I7).
    case served
    case forced
    /// An operator brought an old include back.
    case restored

    public static func < (left: ZoneCause, right: ZoneCause) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The cause in words, as it is said of one zone.
    public var words: String { words(of: 1) }

    /// The cause in words, as it is said of so many zones.
    public func words(of count: Int) -> String {
        let isOne = count == 1
        return switch self {
        case .new: isOne ? "it is new" : "they are new"
        case .addresses: "the live set changed"
        case .canary: isOne ? "its canary changed" : "their canaries changed"
        case .parameters: isOne ? "its parameters changed" : "their parameters changed"
        case .include: isOne ? "its include changed" : "their includes changed"
        case .template: "the zone template changed"
        case .members: "zones came or went"
        case .repair:
            isOne
                ? "its file is not the one that was published"
                : "their files are not those that were published"
        case .served: "a name server serves something else"
        case .restored:
            isOne
                ? "an operator brought its old include back"
                : "an operator brought their old includes back"
        case .forced: "--force-update asked for it"
        }
    }
}

/// A zone that has to be looked at: written, unless its file proves to be right already.
public struct ZoneStep: Hashable, Sendable {
    public var zone: ZoneName
    public var addresses: ZoneAddresses
    /// The parameters in effect, which a held change leaves as they were.
    public var dns: DNSSettings
    /// `ZoneContent.key` of what was planned; kept with the zone, so that it is planned again when it changes.
    public var contentKey: String
    /// Of the include to write with.
    public var includeRevision: Int
    /// What identifies the include's file; nil while the present file is refused.
    public var includeStamp: FileStamp?
    /// In ascending order; none when only the note of its include changes.
    public var causes: [ZoneCause]
}

extension ZoneStep {
    /// The step of a catalog, which has neither addresses nor an include.
    public init(catalog: CatalogZone, dns: DNSSettings, causes: [ZoneCause]) {
        self.init(
            zone: catalog.zone, addresses: ZoneAddresses(addresses: []), dns: dns,
            contentKey: catalog.key, includeRevision: 0, includeStamp: nil, causes: causes)
    }
}
