/// What was published, in a few lines for log and audit: one a cause, zones named as far as they fit.
public enum PublicationWords {
    /// One sentence for each cause, in the causes' order.
    public static func lines(of written: [ZoneSettlement]) -> [String] {
        var zones: [ZoneCause: [ZoneName]] = [:]
        for settlement in written {
            for cause in settlement.step.causes {
                zones[cause, default: []].append(settlement.step.zone)
            }
        }
        return zones.sorted { $0.key < $1.key }.map { cause, zones in
            let named = zones.sorted().prefix(5).map(\.text).joined(separator: " ")
            let more = zones.count > 5 ? " and \(zones.count - 5) more" : ""
            return "published \(zones.count) zone\(zones.count == 1 ? "" : "s") because "
                + "\(cause.words): \(named)\(more)"
        }
    }
}
