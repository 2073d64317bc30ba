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
