import EdgeCore
import EdgeTesting
import Testing

/// What an earlier template added, read from the published file.
@Suite struct TemplateGuardTests {
    private func record(_ owner: String, _ data: String, ttl: UInt32 = 60) -> DNSRecord {
        let type = IPAddress(data).map(\.family.recordType) ?? "TXT"
        return DNSRecord(owner: "\(owner)zone.test.", ttl: ttl, type: type, data: data)
    }

    private func following(
        _ additions: [(String, String)], from old: [String], to present: [String]
    ) -> [String] {
        let added = additions.map { record($0.0, $0.1) }
        let existing = ExistingZone(
            serial: SOASerial(1), records: old.map { record("", $0, ttl: 300) } + added,
            stamp: FileStamp(inode: 1, size: 1, modified: 1, changed: 1))
        let found = TemplateGuard.following(
            added, from: existing, zone: "zone.test", to: present.compactMap { IPAddress($0) })
        return found.map { "\($0.owner.dropLast("zone.test.".count))\($0.ttl) \($0.data)" }
    }

    /// A name with the whole live set gets the present one, one that has others too keeps these.
    @Test func wholeSetsFollow() {
        #expect(
            following(
                [
                    ("*.", "192.0.2.1"), ("*.", "192.0.2.2"), ("b.", "192.0.2.1"),
                    ("b.", "192.0.2.2"), ("b.", "192.0.2.9"), ("t.", "192.0.2.1 is an edge"),
                ], from: ["192.0.2.1", "192.0.2.2"], to: ["192.0.2.2", "192.0.2.3"])
                == [
                    "*.60 192.0.2.2", "*.60 192.0.2.3", "b.60 192.0.2.2", "b.60 192.0.2.3",
                    "b.60 192.0.2.9", "t.60 192.0.2.1 is an edge",
                ])
    }

    /// Who left is nowhere any more, and no name is left empty for it.
    @Test func whoLeftIsGone() {
        #expect(
            following(
                [
                    ("e1.", "192.0.2.1"), ("e2.", "192.0.2.2"), ("m.", "192.0.2.1"),
                    ("m.", "192.0.2.9"), ("own.", "192.0.2.9"),
                ], from: ["192.0.2.1", "192.0.2.2"], to: ["192.0.2.2", "192.0.2.3"])
                == [
                    "e1.60 192.0.2.2", "e1.60 192.0.2.3", "e2.60 192.0.2.2", "m.60 192.0.2.9",
                    "own.60 192.0.2.9",
                ])
    }

    private func hints(_ data: String, from old: [String], to present: [String]) -> String? {
        let added = DNSRecord(owner: "www.zone.test.", ttl: 60, type: "HTTPS", data: data)
        let existing = ExistingZone(
            serial: SOASerial(1), records: old.map { record("", $0, ttl: 300) } + [added],
            stamp: FileStamp(inode: 1, size: 1, modified: 1, changed: 1))
        let found = TemplateGuard.following(
            [added], from: existing, zone: "zone.test", to: present.compactMap { IPAddress($0) })
        return found.count == 1 ? found[0].data : nil
    }

    /// Browsers take hints before addresses: they follow the live set as address records do (RFC 9460 §7.3).
    @Test(arguments: [
        // All of it, with others, or a part.
        ("1 . ipv4hint=\"192.0.2.1,192.0.2.2\"", "1 . ipv4hint=\"192.0.2.2,192.0.2.3\""),
        (
            "1 . ipv4hint=\"192.0.2.9,192.0.2.2,192.0.2.1\"",
            "1 . ipv4hint=\"192.0.2.9,192.0.2.2,192.0.2.3\""
        ),
        ("1 . ipv4hint=\"192.0.2.1\"", "1 . ipv4hint=\"192.0.2.2,192.0.2.3\""),
        ("1 . ipv4hint=\"192.0.2.1,192.0.2.9\"", "1 . ipv4hint=\"192.0.2.9\""),
        // Nobody left, nothing of the live set, each family by itself.
        ("1 . ipv4hint=\"192.0.2.2\"", "1 . ipv4hint=\"192.0.2.2\""),
        ("1 . ipv4hint=\"192.0.2.9,192.0.2.8\"", "1 . ipv4hint=\"192.0.2.9,192.0.2.8\""),
        (
            "1 s.zone.test. alpn=\"h2\" ipv4hint=\"192.0.2.1\" ech=\"AEX+DQ==\" ipv6hint=\"2001:db8::9\"",
            "1 s.zone.test. alpn=\"h2\" ipv4hint=\"192.0.2.2,192.0.2.3\" ech=\"AEX+DQ==\" "
                + "ipv6hint=\"2001:db8::9\""
        ),
        // A hint that nothing is left for goes, and is mandatory no more (§8).
        ("1 . alpn=\"h2\" ipv6hint=\"2001:db8::1\"", "1 . alpn=\"h2\""),
        ("1 . mandatory=\"ipv6hint\" ipv6hint=\"2001:db8::1\"", "1 ."),
        (
            "1 . mandatory=\"alpn,ipv6hint\" alpn=\"h2\" ipv6hint=\"2001:db8::1\" key700=\"x\"",
            "1 . mandatory=\"alpn\" alpn=\"h2\" key700=\"x\""
        ),
        ("0 s.zone.test.", "0 s.zone.test."),
    ])
    func hintsFollow(data: String, expected: String) {
        #expect(
            hints(
                data, from: ["192.0.2.1", "192.0.2.2", "2001:db8::1"],
                to: ["192.0.2.2", "192.0.2.3"]) == expected)
    }

    /// Where who left is still named, in data that stays as it is.
    @Test func whoIsStillNamedIsFound() {
        let known: [IPAddress: EdgeName] = [
            "192.0.2.1": "e1.test", "192.0.2.2": "e2.test",
            "2001:db8::1": "e1.test",
        ]
        let texts = [
            "\"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2/32 -all\"", "\"v=spf1 ip4:192.0.2.9 -all\"",
            "\"v=spf1 ip4:192.0.2.11 ip4:1192.0.2.1 ip4:192.0.2.0/24 -all\"",
            "\"v=spf1 ip6:2001:DB8:0::1/128 -all\"", "\"at 192.0.2.1:443, and 192.0.2.1.\"",
            "\"2001:db8::1\"", "\"2001:db8::11 dead beef : . :: ...\"",
        ]
        let added = texts.map {
            DNSRecord(owner: "t.zone.test.", ttl: 60, type: "TXT", data: $0)
        }
        let found = TemplateGuard.remnants(
            in: added + [record("a.", "192.0.2.1")], known: known,
            present: ["192.0.2.2"])
        #expect(
            found.map { "\(texts.firstIndex(of: $0.record.data)!) \($0.address) \($0.edge)" } == [
                "0 192.0.2.1 e1.test", "3 2001:db8::1 e1.test", "4 192.0.2.1 e1.test",
                "5 2001:db8::1 e1.test",
            ])
    }

    /// Each family by itself.
    @Test func familiesAreApart() {
        #expect(
            following(
                [("*.", "192.0.2.1"), ("*.", "2001:db8::1"), ("own.", "2001:db8::9")],
                from: ["192.0.2.1", "2001:db8::1"], to: ["192.0.2.2"])
                == ["*.60 192.0.2.2", "own.60 2001:db8::9"])
        #expect(
            following(
                [("own.", "2001:db8::9")], from: ["192.0.2.1"], to: ["192.0.2.2", "2001:db8::2"])
                == ["own.60 2001:db8::9"])
    }
}
