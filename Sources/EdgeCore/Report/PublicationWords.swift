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
            "published \(zones.count.counted("zone")) because \(cause.words(of: zones.count)): "
                + zones.sorted().fewWords
        }
    }
}
