import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

@testable import EdgeSystemNameServers

/// What control commands print, word for word as rndc 9.18, knotc 3.2, nsd-control 4.6 and pdns_control 4.7
/// do, and what is made of it.
@Suite struct ControlAnswerTests {
    private func dialect(_ kind: NameServerKind) throws -> ControlDialect {
        ControlDialect(
            server: NameServerSettings(
                name: try #require(ServerName("ns1")), kind: kind, address: .v4(0x7F00_0001),
                control: ["control"]),
            directory: "/zones")
    }

    private func report(
        _ kind: NameServerKind, _ output: String, status: Int32, zones: [ZoneName]
    ) throws -> ControlReport {
        var report = ControlReport()
        try dialect(kind).take(
            CommandResult(ending: .exited(status: status), output: output), of: zones,
            into: &report)
        return report
    }

    /// Answers about the one zone that was asked about; nil: it was taken.
    @Test(
        arguments: [
            (.bind, "zone reload queued\n", 0, nil), (.bind, "zone notify queued\n", 0, nil),
            (
                .bind,
                "rndc: 'reload' failed: not found\nno matching zone 'a.test' in any view\n", 1,
                "does not know it: add it to named.conf and run rndc reconfig, or set new_zones"
            ),
            (
                .bind, "rndc: 'reload' failed: dynamic zone\n", 1,
                "takes updates of it and does not read its file: publish by updates "
                    + "(publish.method), or take the zone's update-policy away"
            ),
            (
                .bind, "rndc: 'addzone' failed: file not found\ndns_zone_loadnew failed\n", 1,
                "refuses it: rndc: 'addzone' failed: file not found"
            ),
            (.nsd, "ok\n", 0, nil),
            (
                .nsd, "error zone a.test not configured\n", 1,
                "does not know it: add it to nsd.conf and run nsd-control reconfig, or set new_zones"
            ),
            (.knot, "OK\n", 0, nil),
            (
                .knot, "error: [a.test] (no such zone found)\n", 1,
                "does not know it: add it to knot.conf and run knotc reload, or use a catalog zone"
            ),
            (
                .knot, "error: [a.test.] (value is out of range)\n", 1,
                "refuses it: error: [a.test.] (value is out of range)"
            ),
            (.powerdns, "a.test: \tparsed into memory at 2026-11-25 07:09:30 +0000\n\n", 0, nil),
            (.powerdns, "Added to queue\n", 0, nil),
            (
                .powerdns, "a.test no such domain\n\n", 0,
                "does not know it: add it to the bind backend's file and run pdns_control rediscover"
            ),
            (
                .powerdns, "a.test: [rejected]\terror at 2026: bad record\n", 0,
                "refuses it: a.test: [rejected]\terror at 2026: bad record"
            ),
            (
                .powerdns, "Failed to add to the queue - see log\n", 0,
                "refuses it: Failed to add to the queue - see log"
            ),
        ] as [(NameServerKind, String, Int32, String?)])
    func anAnswerIsAboutTheZone(
        kind: NameServerKind, output: String, status: Int32, words: String?
    ) throws {
        let report = try report(kind, output, status: status, zones: ["a.test"])
        #expect(report.failure == nil, "\(report)")
        let said = try report.refused.mapValues { try dialect(kind).sentence($0) }
        #expect(said == (words.map { ["a.test": $0] } ?? [:]))
    }

    /// Answers about the server: no zone is refused for them.
    @Test(
        arguments: [
            (.bind, "rndc: connect failed: 127.0.0.1#953: connection refused\n"),
            (.bind, "rndc: 'reload' failed: permission denied\n"),
            (.bind, "rndc: error: zone 'x' failed: here\n"),
            (.nsd, "error: connect (/run/nsd.sock): Connection refused\n"),
            (.nsd, "error: could not read zone list\n"),
            (.knot, "error: failed to connect to socket '/run/knot.sock' (not exists)\n"),
            (.knot, "error:  (operation failed for some zones)\n"),
            (.knot, "error: [control] (timeout)\n"),
            (.powerdns, "Fatal error: Unable to connect to remote '/run/x': Connection refused\n"),
            (.other, "a.test no such domain\n"),
        ] as [(NameServerKind, String)])
    func anAnswerIsAboutTheServer(kind: NameServerKind, output: String) throws {
        let report = try report(kind, output, status: 1, zones: ["a.test"])
        #expect(report.refused.isEmpty, "\(report)")
        let line = output.split(separator: "\n").joined()
        #expect(report.failure == "control ended with status 1: \(line)")
    }

    /// A zone's name within another's, or within words about another zone, is not that zone.
    @Test func namesAreComparedWhole() throws {
        let zones: [ZoneName] = ["test", "a.test", "ba.test", "no.test"]
        let knot = try report(
            .knot,
            "error: [ba.test] (no such zone found)\nerror: [other.test] (no such zone found)\n",
            status: 1, zones: zones)
        #expect(knot.refused.keys.sorted() == ["ba.test"] && knot.failure == nil)
        let powerdns = try report(
            .powerdns, "ba.test: \tparsed: a.test no such domain\nno.test no such domain\n",
            status: 0, zones: zones)
        #expect(powerdns.refused == ["no.test": "no.test no such domain"])
    }

    @Test(
        arguments: [
            (
                .bind, "rndc: 'addzone' failed: already exists\nzone 'a.test' already exists\n", 1,
                true
            ),
            (.bind, "rndc: 'addzone' failed: unexpected token\n", 1, false),
            (.nsd, "zone a.test already exists\nok\n", 0, true),
            (.nsd, "error pattern x does not exist\n", 1, false),
            (.powerdns, "Already loaded\n", 0, true),
            (.powerdns, "Loaded zone a.test from /zones/a.test.zone\n", 0, true),
            (
                .powerdns,
                "Unable to load zone a.test from /zones/a.test.zone: No such file or directory\n",
                0,
                false
            ),
        ] as [(NameServerKind, String, Int32, Bool)])
    func anAdditionIsKnownByItsWords(
        kind: NameServerKind, output: String, status: Int32, isAdded: Bool
    ) throws {
        let result = CommandResult(ending: .exited(status: status), output: output)
        #expect(try (dialect(kind).addFailure(result) == nil) == isAdded)
    }

    /// Each line is matched with its zone, however many there are.
    @Test(arguments: [NameServerKind.knot, .powerdns])
    func manyLinesFindTheirZones(kind: NameServerKind) throws {
        let zones = (0..<10_000).compactMap { ZoneName("z\($0).test") }
        let lines = zones.enumerated().map { index, zone in
            switch (kind, index % 2) {
            case (.knot, 0): "error: [\(zone)] (no such zone found)"
            case (_, 0): "\(zone) no such domain"
            default: kind == .knot ? "" : "\(zone): \tparsed into memory"
            }
        }
        let report = try report(
            kind, lines.joined(separator: "\n"), status: kind == .knot ? 1 : 0, zones: zones)
        #expect(report.refused.count == 5_000 && report.failure == nil)
        #expect(report.refused["z9998.test"]?.contains("z9998.test") == true)
        #expect(report.refused["z9999.test"] == nil)
    }
}
