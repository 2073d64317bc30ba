/// Which names must be host names: BIND, as it comes (`check-names primary fail`), loads no zone in which one
/// is not (RFC 952, RFC 1123 §2.1; RFC 1035 §3.3.13 for mailboxes).
enum HostNameRules {
    /// What is wrong with the names of a canonical record; nil: nothing.
    static func problem(of record: DNSRecord) -> String? {
        let (owner, type) = (record.owner, record.type)
        if isHostOwner(type), !isHost(withoutWildcard(owner)), !isDirectoryName(owner, type) {
            return "\(owner) has an \(type) record and is no host name: letters, "
                + "digits and hyphens alone; BIND would not load the zone"
        }
        guard let name = nameInData(of: record) else { return nil }
        let isRight = type == "RP" ? isMailbox(name) : isHost(name)
        guard !isRight else { return nil }
        return
            "\(name) in the \(type) record of \(owner) is no \(type == "RP" ? "mailbox" : "host") "
            + "name; BIND would not load the zone"
    }

    private static func isHostOwner(_ type: String) -> Bool { ["A", "AAAA", "MX"].contains(type) }

    /// The name in the data that is looked at, if there is one.
    private static func nameInData(of record: DNSRecord) -> Substring? {
        let fields = record.data.split(separator: " ")
        let place: Int
        switch record.type {
        case "NS", "RP": place = 0
        case "MX", "AFSDB": place = 1
        case "SRV": place = 3
        // AliasMode (RFC 9460 §2.4.2) may name anything.
        case "SVCB", "HTTPS": place = fields.first == "0" ? -1 : 1
        case "PTR":
            let isReverse = ["in-addr.arpa.", "ip6.arpa.", "ip6.int."].contains {
                DomainText.isInside(record.owner, zone: $0)
            }
            place = isReverse ? 0 : -1
        default: place = -1
        }
        return fields.indices.contains(place) ? fields[place] : nil
    }

    private static func withoutWildcard(_ name: String) -> Substring {
        name.hasPrefix("*.") ? name.dropFirst(2) : name[...]
    }

    /// Where Active Directory keeps the addresses of its global catalogs, which BIND lets pass when what
    /// follows is a host name.
    private static func isDirectoryName(_ owner: String, _ type: String) -> Bool {
        let prefix = "gc._msdcs."
        return type != "MX" && owner.hasPrefix(prefix) && isHost(owner.dropFirst(prefix.count))
    }

    /// Labels of letters, digits and hyphens, no hyphen first or last; the root is one too. In canonical form
    /// such names have no escapes.
    private static func isHost(_ name: Substring) -> Bool {
        if name == "." { return true }
        return name.utf8.dropLast().split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false
        )
        .allSatisfy { label in
            guard let first = label.first, let last = label.last, isBorder(first),
                isBorder(last)
            else { return false }
            return label.allSatisfy { isBorder($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isBorder(_ byte: UInt8) -> Bool {
        DomainText.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// Any visible characters in the first label, then a host name.
    private static func isMailbox(_ name: Substring) -> Bool {
        if name == "." { return true }
        var rest = Array(name.utf8)[...]
        while let byte = rest.popFirst(), byte != UInt8(ascii: ".") {
            guard byte == UInt8(ascii: "\\") else { continue }
            // \DDD stands for what can't be seen, \C for a character that means something else.
            guard let next = rest.popFirst(), !DomainText.isDigit(next) else { return false }
        }
        return rest.isEmpty || isHost(Substring(decoding: rest, as: UTF8.self))
    }
}
