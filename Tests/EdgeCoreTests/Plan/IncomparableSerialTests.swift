import EdgeTesting
import Testing

@testable import EdgeCore

/// Serials at exactly half the number space (RFC 1982 §3.2): what waits, and what is put back.
@Suite struct IncomparableSerialTests {
    private static let zone: ZoneName = "example.test"
    private static let dns = DNSSettings(
        primary: "ns1.dns.test.", mailbox: "host.dns.test.", nameServers: ["ns1.dns.test."])
    private static let ours = SOASerial(1_700_000_000)
    private static let beyond = SOASerial(1_700_000_000 &+ 0x8000_0000)
    private static let now = Moment(
        wall: UnixTime(seconds: 1_700_000_000), sinceBoot: .seconds(1), bootID: "b")

    private static func settle(
        _ causes: [ZoneCause], fileSerial: SOASerial?, isServed: Bool
    ) -> ZoneSettlement {
        var survey = ServerSurvey()
        if isServed, let server = ServerName("ns1") {
            survey.incomparable[zone] = IncomparableSerial(
                server: server, served: beyond, ours: ours)
        }
        let step = ZoneStep(
            zone: zone, addresses: ZoneAddresses(live: []), dns: dns, contentKey: "k",
            includeRevision: 1, includeStamp: nil, causes: causes)
        let settler = ZoneSettler(approvals: [], approvesAll: false, survey: survey, now: now)
        let existing = fileSerial.map {
            ExistingZone(
                serial: $0,
                records: ZoneRenderer.expectedRecords(
                    settler.content(of: step), serial: $0, includeRecords: []),
                stamp: FileStamp(inode: 1, size: 1, modified: 1, changed: 1))
        }
        return settler.settle(
            step, include: [],
            published: PublishedZone(serial: ours, contentKey: "k", includeRevision: 1),
            existing: existing)
    }

    /// A file that is not ours is put back whatever is served, and with a serial that every server at ours
    /// takes and the others can compare.
    @Test(arguments: [true, false], [nil, beyond])
    func anAlteredFileIsPutBack(isServed: Bool, fileSerial: SOASerial?) {
        let settlement = Self.settle([.repair], fileSerial: fileSerial, isServed: isServed)
        #expect(settlement.action == .write)
        #expect(settlement.serial == SOASerial(Self.ours.value + 1))
        #expect(Self.beyond.isNewer(than: settlement.serial) != nil)
    }

    /// Anything else waits for the server's operator.
    @Test func whatTheServersServeWaits() {
        let settlement = Self.settle([.addresses], fileSerial: nil, isServed: true)
        guard case .hold(.serialNotComparable(let zone, let serial)) = settlement.action else {
            Issue.record("\(settlement.action)")
            return
        }
        #expect(zone == Self.zone && serial.served == Self.beyond)
    }
}
