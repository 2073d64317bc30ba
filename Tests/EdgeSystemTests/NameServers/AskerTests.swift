import EdgeCore
import EdgeRealServers
import EdgeSystemNameServers
import EdgeTesting
import Testing

/// What real name servers are understood to say.
@Suite(.serialized) struct AskerTests {
    static let fileServers: [RealServer.Kind] = [.bind, .knot, .nsd, .powerdns]

    @Test(arguments: fileServers)
    func serialAndAddressesAreRead(kind: RealServer.Kind) async throws {
        let records = ServerScene.plain(["192.0.2.1", "192.0.2.2", "2001:db8::1"])
        try await ServerScene.with(kind, records: { _ in records }) { scene in
            let served = try await scene.ask().get()
            #expect(served.serial.value == 100)
            #expect(
                served.soa
                    == "ns1.dns.test. hostmaster.dns.test. 100 43200 10800 1209600 300")
            for name in ["example.test.", "www.example.test."] {
                let found = try #require(served.names[name])
                #expect(found[.ipv4]?.addresses.sorted() == ["192.0.2.1", "192.0.2.2"])
                #expect(found[.ipv6]?.addresses == ["2001:db8::1"])
                #expect(found[.ipv4]?.ttl == 60)
            }
        }
    }

    /// Forty addresses of both families do not fit into a datagram: the rest comes over TCP.
    @Test(arguments: fileServers)
    func truncatedAnswersComeOverTCP(kind: RealServer.Kind) async throws {
        let addresses = (1...100).map { "192.0.2.\($0)" }
        try await ServerScene.with(kind, records: { _ in ServerScene.plain(addresses) }) { scene in
            let served = try await scene.ask().get()
            #expect(served.names["www.example.test."]?[.ipv4]?.addresses.count == 100)
            #expect(served.names["example.test."]?[.ipv6]?.addresses == [])
        }
    }

    /// A wildcard is asked for as it is written (RFC 4592 §2.1.1); a name that is not there has no
    /// addresses.
    @Test(arguments: fileServers)
    func wildcardsAndMissingNames(kind: RealServer.Kind) async throws {
        let records = "* 60 IN A 192.0.2.7\n"
        try await ServerScene.with(kind, records: { _ in records }) { scene in
            let served = try await scene.ask(names: ["@", "*"]).get()
            #expect(served.names["*.example.test."]?[.ipv4]?.addresses == ["192.0.2.7"])
            #expect(served.names["example.test."]?[.ipv4]?.addresses == [])
        }
        try await ServerScene.with(kind, records: { _ in "mail 60 IN A 192.0.2.7\n" }) { scene in
            let served = try await scene.ask(names: ["www"]).get()
            #expect(served.names["www.example.test."]?[.ipv4]?.addresses == [])
        }
    }

    /// A CNAME at a name that rotates is told from an answer that can't be read, and says which name.
    @Test(arguments: fileServers)
    func anAliasIsNamed(kind: RealServer.Kind) async throws {
        let records = "@ 60 IN A 192.0.2.7\nwww 60 IN CNAME there.example.test.\n"
        try await ServerScene.with(kind, records: { _ in records }) { scene in
            let fault = ServedFault.alias(owner: "www.example.test.")
            let answer = try await scene.ask(names: ["@", "www"])
            #expect(answer == .failure(fault))
            let other = try await scene.ask(names: ["@", "mail"]).get()
            #expect(other.serial.value == 100)
        }
    }

    @Test(arguments: fileServers)
    func aZoneThatIsNotServedIsAFault(kind: RealServer.Kind) async throws {
        try await ServerScene.with(kind) { scene in
            guard case .failure(let fault) = try await scene.ask("other.test") else {
                Issue.record("served")
                return
            }
            #expect(fault == .answered(code: "REFUSED"))
        }
    }

    @Test func aDeadServerIsUnreachable() async throws {
        try await ServerScene.with(.knot) { scene in
            await scene.server.stop()
            guard case .failure(let fault) = try await scene.ask() else {
                Issue.record("served")
                return
            }
            #expect(fault == .unreachable(reason: "connection refused"))
        }
    }

    /// A server that hangs is silent once the patience is over, not before and not much later.
    @Test func aHangingServerIsSilent() async throws {
        try await ServerScene.with(.knot) { scene in
            await scene.server.freeze()
            let answer = try await scene.ask(within: .milliseconds(700))
            #expect(answer == .failure(.silent))
            scene.server.thaw()
            #expect(try await scene.ask().get().serial.value == 100)
        }
    }

    @Test func thousandsOfZonesAreAskedAtOnce() async throws {
        let zones = (0..<2000).map { "z\($0).test" }
        try await ServerScene.with(.bind, zones: zones) { scene in
            let questions = zones.compactMap { zone in
                ZoneName(zone).map {
                    ZoneQuestion(
                        zone: $0, names: ["\(zone).", "www.\(zone)."], families: [.ipv4, .ipv6])
                }
            }
            let answers = await NIONameServerAsker().ask(
                questions, of: try scene.settings, within: .seconds(60))
            #expect(answers.count == 2000)
            let right = answers.values.count {
                (try? $0.get())?.names.values.allSatisfy { $0[.ipv4]?.addresses.count == 2 } == true
            }
            #expect(right == 2000)
        }
    }
}
