internal import EdgeCore

/// Says in one sentence how a file differs from its plan (I8).
enum ZoneDifference {
    static func sentence(file: String, found: [DNSRecord], expected: [DNSRecord]) -> String {
        let (foundSet, expectedSet) = (Set(found), Set(expected))
        let missing = expected.first { !foundSet.contains($0) }
        let extra = found.first { !expectedSet.contains($0) }
        let what: String
        switch (missing, extra) {
        case (let missing?, let extra?) where extra < missing:
            what = "has \(text(extra)), not planned"
        case (let missing?, _): what = "lacks \(text(missing))"
        case (nil, let extra?): what = "has \(text(extra)), not planned"
        case (nil, nil): what = "was compared with a plan that is not sorted"
        }
        return "\(file) as written \(what); the old file stays"
    }

    private static func text(_ record: DNSRecord) -> String {
        "\(record.owner) \(record.ttl) \(record.type) \(record.data)"
    }
}
