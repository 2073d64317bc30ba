public import EdgeCore

/// What all renderings of one round, or of one check, may take together: each is bounded by itself, but
/// there may be 10,000 of them.
///
/// It counts steps and failures, and measures no time: the same round ends the same way (I20).
public struct TemplateAllowance: Sendable {
    /// For all zones together, besides what an ordinary template takes.
    public static let steps = 20_000_000
    /// What an ordinary template takes at most, for each zone and for each address record in it: so many
    /// zones there are, it is never given up.
    public static let stepsOfZone = 1000
    public static let stepsOfRecord = 20
    /// After so many zones that take too much by themselves the template is given up.
    public static let mostFailures = 3
    /// The most that one zone takes before it is ended.
    public static let dearest = 200_000
    /// The most zones that are rendered before the steps are counted again.
    static let longestWave = 1000

    private var left = Self.steps
    private var failures = 0
    private var wave = 2

    public init() {}

    /// Whether no more zones are to be rendered.
    public var isSpent: Bool { failures >= Self.mostFailures || left <= 0 }

    /// How many zones to render next: so few that they can't take more than there is, however dear each of
    /// them is; and few at first, since what is wrong with a template is mostly wrong in every zone.
    mutating func nextWave() -> Int {
        wave = min(wave * 2, Self.longestWave)
        return max(1, min(wave, left / Self.dearest))
    }

    /// Counts a zone that was rendered.
    public mutating func take(_ content: ZoneContent, steps: Int, passesLimit: Bool) {
        let records = (content.dns.rotatedLabels.count + 1) * content.addresses.count
        left += Self.stepsOfZone + Self.stepsOfRecord * records - steps
        if passesLimit { failures += 1 }
    }
}
