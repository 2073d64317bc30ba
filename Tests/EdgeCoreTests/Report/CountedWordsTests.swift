import EdgeTesting
import Testing

@testable import EdgeCore

/// Numbers with what they count.
@Suite struct CountedWordsTests {
    @Test(arguments: [(0, "0 zones"), (1, "1 zone"), (2, "2 zones"), (-1, "-1 zones")])
    func aNounFollowsItsNumber(number: Int, words: String) {
        #expect(number.counted("zone") == words)
    }

    @Test func somePluralsAreTheirOwn() {
        #expect(1.counted("secondary", plural: "secondaries") == "1 secondary")
        #expect(2.counted("secondary", plural: "secondaries") == "2 secondaries")
    }

    @Test(arguments: [
        (-1, ""), (0, ""), (1, " (and 1 more zone)"), (2, " (and 2 more zones)"),
    ])
    func moreThanTheFirstIsCounted(number: Int, words: String) {
        #expect(number.furtherWords("zone") == words)
    }

    @Test func fiveAreNamed() {
        let zones: [ZoneName] = ["a.test", "b.test", "c.test", "d.test", "e.test", "f.test"]
        #expect(zones.prefix(5).fewWords == "a.test b.test c.test d.test e.test")
        #expect(zones.fewWords == "a.test b.test c.test d.test e.test and 1 more")
    }

    /// One sentence for one zone, another for several.
    @Test func aCauseIsSaidOfOneOrOfMany() {
        func lines(_ zones: [ZoneName]) -> [String] {
            PublicationWords.lines(
                of: zones.map { zone in
                    let step = ZoneStep(
                        zone: zone, addresses: ZoneAddresses(addresses: []),
                        dns: DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["c."]),
                        contentKey: "", includeRevision: 1, includeStamp: nil,
                        causes: [.include, .new])
                    return ZoneSettlement(
                        step: step, action: .write, serial: SOASerial(1), records: [],
                        usedApprovals: [])
                })
        }
        #expect(
            lines(["a.test"]) == [
                "published 1 zone because its include changed: a.test",
                "published 1 zone because it is new: a.test",
            ])
        #expect(
            lines(["b.test", "a.test"]) == [
                "published 2 zones because their includes changed: a.test b.test",
                "published 2 zones because they are new: a.test b.test",
            ])
    }
}
