import EdgeCore
import EdgeRealServers
import EdgeTesting
import Foundation
import Testing

/// The estimate of an answer's size (I11) against what name servers send: never less, and near.
@Suite struct AnswerSizeTests {
    static let counts = [1, 5, 20, 40]

    static func zone(_ count: Int) -> String { "n\(count).example.test" }

    static func records(_ count: Int) -> String {
        let addresses = (1...count).flatMap { ["192.0.2.\($0)", "2001:db8::\($0)"] }
        return "@ 60 IN NS ns2.dns.test.\n" + ServerScene.plain(addresses)
    }

    static func dns(_ signing: ZoneSigning? = nil) -> DNSSettings {
        DNSSettings(
            primary: "ns1.dns.test.", mailbox: "hostmaster.dns.test.",
            nameServers: ["ns1.dns.test.", "ns2.dns.test."], signing: signing)
    }

    /// The size that dig tells of an answer with EDNS; nil: the answer is cut off or has no
    /// signature that was asked for.
    static func size(
        _ scene: ServerScene, _ name: String, _ type: String, _ options: [String]
    ) async throws -> Int? {
        let log = "\(scene.directory)/dig-\(UUID().uuidString)"
        let status = try await RealServer.run(
            ["dig", "@127.0.0.1", "-p", "\(scene.server.port)", "+bufsize=4096", "+tcp"]
                + options
                + [name, type], log: log)
        let text = try String(contentsOfFile: log, encoding: .utf8)
        let flags = text.firstMatch(of: #/;; flags:([^;]*);/#)?.1 ?? ""
        guard status == 0, !flags.contains(" tc"),
            !options.contains("+dnssec") || text.contains("RRSIG\t\(type) "),
            let match = text.firstMatch(of: #/MSG SIZE +rcvd: (\d+)/#)
        else { return nil }
        return Int(match.1)
    }

    /// Asks for every zone, both families, apex and www; `slack`: how much more the estimate may
    /// say.
    static func compare(
        _ scene: ServerScene, signing: ZoneSigning? = nil, options: [String], slack: Int
    ) async throws {
        for count in counts {
            let zone = zone(count) + "."
            for (family, name) in [
                (AddressFamily.ipv4, zone), (.ipv6, zone), (.ipv4, "www.\(zone)"),
                (.ipv6, "www.\(zone)"),
            ] {
                let real = try #require(
                    try await size(scene, name, family.recordType, options),
                    "\(scene.server.kind) \(name) \(family)")
                let estimate =
                    AnswerSize.bytes(
                        name: name, zone: zone, count: count, family: family, dns: dns(signing))
                    + AnswerSize.ednsSize
                #expect(
                    estimate >= real && estimate - real <= slack,
                    "\(scene.server.kind) \(name) \(family): \(estimate) for \(real)")
            }
        }
    }

    static let zones = counts.map(zone)

    static func records(of zone: String) -> String {
        records(counts.first { Self.zone($0) == zone } ?? 1)
    }

    /// BIND sends the name servers along when it is asked as resolvers ask it, else not.
    @Test func bindsAnswersAreAsLargeAsSaid() async throws {
        try await ServerScene.with(.bind, zones: Self.zones, records: Self.records(of:)) { scene in
            try await Self.compare(scene, options: ["+norecurse"], slack: 0)
            // minimal-responses: without the name servers, 60 bytes fewer
            try await Self.compare(scene, options: ["+recurse"], slack: 60)
        }
    }

    /// Whatever other servers leave out, the estimate is no smaller.
    @Test(arguments: [RealServer.Kind.knot, .nsd, .powerdns])
    func othersAnswersAreNotLarger(kind: RealServer.Kind) async throws {
        try await ServerScene.with(kind, zones: Self.zones, records: Self.records(of:)) { scene in
            try await Self.compare(scene, options: ["+norecurse"], slack: 100)
        }
    }

    @Test func bindsSignedAnswersAreAsLargeAsSaid() async throws {
        try await ServerScene.with(
            .bind, zones: Self.zones, keeping: .signed, records: Self.records(of:)
        ) { scene in
            let patience = ContinuousClock.now + .seconds(60)
            for zone in Self.zones {
                while try await Self.size(scene, "www.\(zone)", "AAAA", ["+dnssec"]) == nil {
                    try #require(ContinuousClock.now < patience, "\(zone) is not signed")
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            try await Self.compare(
                scene, signing: .ecdsa, options: ["+norecurse", "+dnssec"], slack: 0)
        }
    }
}
