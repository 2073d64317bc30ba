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

    var dictionary: [String: Any] {
        let dns = content.dns
        let labels = dns.rotatedLabels.map(\.text)
        let addresses = content.addresses.map { address in
            ["address": "\(address)", "type": address.family.recordType]
        }
        let records = (["@"] + labels).flatMap { label in
            content.addresses.map { address in
                [
                    "name": label, "ttl": "\(dns.ttl(of: label))",
                    "type": address.family.recordType, "data": "\(address)",
                ]
            }
        }
        return [
            "zone": content.zone.text, "origin": "\(content.zone).", "serial": "\(serial)",
            "ttl": "\(dns.ttl)",
            "soa": [
                "ttl": "\(dns.soa.ttl)", "refresh": "\(dns.soa.refresh)",
                "retry": "\(dns.soa.retry)", "expire": "\(dns.soa.expire)",
                "minimum": "\(dns.soa.minimum)",
            ],
            "soa_nameserver": dns.primary, "soa_mailbox": dns.mailbox,
            "ns_records": dns.nameServers, "edges": addresses, "rotate_zones": labels,
            "records": records, "include": String(decoding: include, as: UTF8.self),
        ]
    }
}
