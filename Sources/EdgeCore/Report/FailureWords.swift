/// What failed, in a few lines: zones that failed for the same reason share one.
public enum FailureWords {
    /// How many reasons are told of unless a caller wants them all.
    public static let mostLines = 20

    /// One sentence for each reason, by the first zone that it holds for.
    ///
    /// - Parameter most: how many reasons are told of; the zones of the others are counted.
    public static func lines(of failures: [ZoneName: String], most: Int = mostLines) -> [String] {
        var zones: [String: [ZoneName]] = [:]
        for (zone, reason) in failures.sorted(by: { $0.key < $1.key }) {
            zones[reason, default: []].append(zone)
        }
        let reasons = zones.sorted { $0.value[0] < $1.value[0] }
        var lines = reasons.prefix(most).map { reason, zones in
            zones.count == 1
                ? "zone \(zones[0]): \(reason)"
                : "\(zones.count.counted("zone")) (\(zones.fewWords)): \(reason)"
        }
        let rest = reasons.dropFirst(most).reduce(0) { $0 + $1.value.count }
        if rest > 0 {
            lines.append("\(rest.counted("more zone")) failed for other reasons: see the log")
        }
        return lines
    }
}
