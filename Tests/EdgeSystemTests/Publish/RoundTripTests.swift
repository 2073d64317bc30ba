import EdgeCore
import EdgeShell
import EdgeSystemPublish
import Testing

/// A record that was accepted is the same when its own text is read again: held, saved and compared
/// records would else differ from what they were made of.
@Suite struct RoundTripTests {
    static let generic: [String] = [0, 1, 255].flatMap { length in
        let bytes = String(repeating: "0aF", count: 2 * length).prefix(2 * length)
        return ["TYPE65280", "TYPE300", "TYPE32767", "TYPE65534"].map { type in
            "g \(type) \\# \(length) \(bytes)"
        }
    }

    static func text(_ record: DNSRecord) -> String {
        "\(record.owner) \(record.ttl) IN \(record.type) \(record.data)\n"
    }

    @Test func acceptedRecordsReadTheSame() throws {
        let parser = LdnsZoneParser()
        let dns = ZoneWorld.explicit
        var count = 0
        for include in IncludeCorpus.all + Self.generic {
            let read = parser.checkInclude(
                Array(include.utf8), zone: ZoneWorld.zone, dns: dns, file: "f")
            guard case .success(let checked) = read else { continue }
            let again = parser.checkInclude(
                Array(checked.records.map(Self.text).joined().utf8), zone: ZoneWorld.zone,
                dns: dns, file: "again")
            #expect((try? again.get().records) == checked.records, "\(include): \(again)")
            let content = ZoneWorld.content(dns: dns)
            let zone = ZoneRenderer.render(
                content, serial: SOASerial(7), include: Array(include.utf8))
            let expected = ZoneRenderer.expectedRecords(
                content, serial: SOASerial(7), includeRecords: checked.records)
            let whole = parser.parse(zone, zone: ZoneWorld.zone, file: "whole")
            #expect((try? whole.get().records) == expected, "\(include): \(whole)")
            count += checked.records.count
        }
        #expect(count > 100)
    }

    @Test func genericFormsAreTaken() throws {
        for include in Self.generic {
            let read = LdnsZoneParser().checkInclude(
                Array(include.utf8), zone: ZoneWorld.zone, dns: ZoneWorld.explicit, file: "f")
            #expect(try read.get().records.count == 1, "\(include)")
        }
        let empty = try LdnsZoneParser().checkInclude(
            Array("g TYPE65280 \\# 00".utf8), zone: ZoneWorld.zone, dns: ZoneWorld.explicit,
            file: "f"
        ).get()
        #expect(empty.records.first?.data == "\\# 0")
    }
}
