internal import EdgeCore

/// What a template is given of a zone (docs/templates.md).
struct TemplateContext {
    let content: ZoneContent
    let serial: SOASerial
    let include: [UInt8]

    /// Every name, in the order of the documentation.
    static let names = [
        "zone", "origin", "serial", "ttl", "soa", "soa_nameserver", "soa_mailbox", "ns_records",
        "edges", "rotate_zones", "records", "include",
    ]

    /// What each of them is.
    static let shapes: [String: TemplateShape] = [
        "zone": .text, "origin": .text, "serial": .text, "ttl": .number,
        "soa": .map([
            "ttl": .number, "refresh": .number, "retry": .number, "expire": .number,
            "minimum": .number,
        ]),
        "soa_nameserver": .text, "soa_mailbox": .text, "ns_records": .list(.text),
        "edges": .list(.map(["address": .text, "type": .text])), "rotate_zones": .list(.text),
        "records": .list(.map(["name": .text, "ttl": .number, "type": .text, "data": .text])),
        "include": .text,
    ]

    /// The values, by name.
    var dictionary: [String: Any] {
        let dns = content.dns
        let labels = ZoneContent.labels(of: dns).map(\.text)
        let ends = content.addresses.map { (type: $0.family.recordType, data: "\($0)") }
        let addresses = ends.map { ["address": $0.data, "type": $0.type] }
        let records = (["@"] + labels).flatMap { label in
            let ttl = Int(dns.ttl(of: label))
            return ends.map { end -> [String: Any] in
                ["name": label, "ttl": ttl, "type": end.type, "data": end.data]
            }
        }
        return [
            "zone": content.zone.text, "origin": "\(content.zone).", "serial": "\(serial)",
            "ttl": Int(dns.ttl),
            "soa": [
                "ttl": Int(dns.soa.ttl), "refresh": Int(dns.soa.refresh),
                "retry": Int(dns.soa.retry), "expire": Int(dns.soa.expire),
                "minimum": Int(dns.soa.minimum),
            ],
            "soa_nameserver": dns.primary, "soa_mailbox": dns.mailbox,
            "ns_records": dns.nameServers, "edges": addresses, "rotate_zones": labels,
            "records": records, "include": String(decoding: include, as: UTF8.self),
        ]
    }

    /// What each mention of a large value costs (`TemplateBudget`): its elements, or its bytes in
    /// blocks.
    var sizes: [String: Int] {
        let labels = ZoneContent.labels(of: content.dns).count
        return [
            "records": (labels + 1) * content.addresses.count, "edges": content.addresses.count,
            "rotate_zones": labels, "ns_records": content.dns.nameServers.count,
            "include": include.count / TemplateBudget.block,
        ]
    }
}
