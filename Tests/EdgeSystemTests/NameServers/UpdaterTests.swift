import EdgeCore
import EdgeRealServers
import EdgeShell
import EdgeSystemFiles
import EdgeSystemNameServers
import EdgeTesting
import Foundation
import Testing

/// Dynamic updates of real name servers.
@Suite(.serialized) struct UpdaterTests {
    static let updatable: [RealServer.Kind] = [.bind, .knot, .powerdnsSQLite]
    static let zone: ZoneName = "example.test"

    static func update(
        _ addresses: [IPAddress], from before: [IPAddress]?, soa: String? = nil,
        zone: ZoneName = zone, ttl: UInt32 = 60
    ) -> ZoneUpdate {
        ZoneUpdate(
            zone: zone, soa: soa,
            changes: ["\(zone).", "www.\(zone)."].flatMap { owner in
                AddressFamily.allCases.map { family in
                    ZoneUpdate.Change(
                        owner: owner, family: family,
                        before: before?.filter { $0.family == family }.sorted(),
                        after: addresses.filter { $0.family == family }.sorted(), ttl: ttl)
                }
            })
    }

    static func send(
        _ updates: [ZoneUpdate], to scene: ServerScene, key: String? = nil,
        patience: Duration = .seconds(10), clock: any MomentSource = SystemMomentSource()
    ) async throws -> [ZoneName: UpdateFault?] {
        var settings = try scene.settings
        if let key { settings.update = UpdateSettings(keyFile: key) }
        return await LdnsZoneUpdater(clock: clock).update(
            updates, on: settings, within: patience, while: { true })
    }

    static func with(
        _ kind: RealServer.Kind, zones: [String] = ["example.test"],
        options: RealServer.Options = .init(), _ body: (ServerScene) async throws -> Void
    ) async throws {
        let fixed = "mail 3600 IN A 192.0.2.25\n@ 3600 IN MX 10 mail\n"
        try await ServerScene.with(
            kind, zones: zones, keeping: .dynamic, options: options, records: { _ in fixed }, body)
    }

    /// What dig says of a name: the records, sorted.
    static func dig(_ scene: ServerScene, _ name: String, _ type: String) async throws -> [String] {
        let log = "\(scene.directory)/dig-\(UUID().uuidString)"
        try await RealServer.run(
            [
                "dig", "@127.0.0.1", "-p", "\(scene.server.port)", "+short", "+time=3", "+tries=2",
                name, type,
            ], log: log)
        let text = try String(contentsOfFile: log, encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).map(String.init).sorted()
    }

    @Test(arguments: updatable)
    func onlyTheRotatedNamesChange(kind: RealServer.Kind) async throws {
        try await Self.with(kind) { scene in
            let mail = try await Self.dig(scene, "mail.example.test", "A")
            let before = try await scene.ask().get().serial
            let first = try await Self.send(
                [Self.update(["192.0.2.1", "192.0.2.2", "2001:db8::1"], from: [])], to: scene)
            #expect(first == [Self.zone: UpdateFault?.none])
            let www = try await Self.dig(scene, "www.example.test", "A")
            #expect(www == ["192.0.2.1", "192.0.2.2"])
            #expect(try await Self.dig(scene, "example.test", "AAAA") == ["2001:db8::1"])
            #expect(try await Self.dig(scene, "mail.example.test", "A") == mail)
            let served = try await scene.ask().get()
            #expect(served.serial.isNewer(than: before) == true)
            #expect(served.names["www.example.test."]?[.ipv4]?.ttl == 60)
            let second = try await Self.send(
                [Self.update(["192.0.2.3"], from: ["192.0.2.1", "192.0.2.2", "2001:db8::1"])],
                to: scene)
            #expect(second == [Self.zone: UpdateFault?.none])
            #expect(try await Self.dig(scene, "www.example.test", "A") == ["192.0.2.3"])
            #expect(try await Self.dig(scene, "www.example.test", "AAAA") == [])
        }
    }

    /// A plan made from what is no longer there fails instead of winning.
    @Test(arguments: updatable)
    func aStalePlanFails(kind: RealServer.Kind) async throws {
        try await Self.with(kind) { scene in
            _ = try await Self.send([Self.update(["192.0.2.1"], from: [])], to: scene)
            let stale = try await Self.send(
                [Self.update(["192.0.2.9"], from: ["192.0.2.7"])], to: scene)
            #expect(stale == [Self.zone: .prerequisite(code: "NXRRSET")])
            let absent = try await Self.send(
                [Self.update(["192.0.2.9"], from: [])], to: scene)
            #expect(absent == [Self.zone: .prerequisite(code: "YXRRSET")])
            #expect(try await Self.dig(scene, "www.example.test", "A") == ["192.0.2.1"])
        }
    }

    /// Where nobody else updates, the SOA is a prerequisite too.
    @Test(arguments: updatable)
    func theSOAIsAPrerequisite(kind: RealServer.Kind) async throws {
        try await Self.with(kind) { scene in
            let soa = try await scene.ask().get().soa
            let first = try await Self.send(
                [Self.update(["192.0.2.1"], from: [], soa: soa)], to: scene)
            #expect(first == [Self.zone: UpdateFault?.none])
            let second = try await Self.send(
                [Self.update(["192.0.2.2"], from: ["192.0.2.1"], soa: soa)], to: scene)
            #expect(second == [Self.zone: .prerequisite(code: "NXRRSET")])
        }
    }

    static func key(
        _ scene: ServerScene, name: String = "update.key.", algorithm: String = "hmac-sha256",
        secret: String = "YSB3cm9uZyBzZWNyZXQgb2YgZW5vdWdoIGJ5dGVz"
    ) throws -> String {
        let path = "\(scene.directory)/\(UUID().uuidString).key"
        let text = "key \"\(name)\" { algorithm \(algorithm); secret \"\(secret)\"; };\n"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    @Test(arguments: [
        (RealServer.Kind.bind, UpdateFault.badSignature(name: "update.key.")),
        (.knot, .badSignature(name: "update.key.")), (.powerdnsSQLite, .refused),
    ])
    func aWrongSecretIsNamed(kind: RealServer.Kind, fault: UpdateFault) async throws {
        try await Self.with(kind) { scene in
            let key = try Self.key(scene)
            let found = try await Self.send(
                [Self.update(["192.0.2.1"], from: [])], to: scene, key: key)
            #expect(found == [Self.zone: fault])
        }
    }

    @Test(arguments: [
        (RealServer.Kind.bind, UpdateFault.badKey(name: "other.key.")),
        (.knot, .badKey(name: "other.key.")), (.powerdnsSQLite, .refused),
    ])
    func anUnknownKeyIsNamed(kind: RealServer.Kind, fault: UpdateFault) async throws {
        try await Self.with(kind) { scene in
            let key = try Self.key(scene, name: "other.key")
            let found = try await Self.send(
                [Self.update(["192.0.2.1"], from: [])], to: scene, key: key)
            #expect(found == [Self.zone: fault])
        }
    }

    /// The zone takes no updates, is not there, or is frozen.
    @Test func bindRefusesInItsOwnWords() async throws {
        try await ServerScene.with(.bind) { scene in
            let denied = try await Self.send([Self.update(["192.0.2.1"], from: nil)], to: scene)
            #expect(denied == [Self.zone: .refused])
            let missing = try await Self.send(
                [Self.update(["192.0.2.1"], from: nil, zone: "none.test")], to: scene)
            #expect(missing == ["none.test": .notAuthoritative])
        }
        try await Self.with(.bind) { scene in
            try await scene.server.tell(["freeze", "example.test"])
            let frozen = try await Self.send([Self.update(["192.0.2.1"], from: [])], to: scene)
            #expect(frozen == [Self.zone: .refused])
            try await scene.server.tell(["thaw", "example.test"])
        }
        try await Self.with(.bind) { scene in
            var update = Self.update(["192.0.2.1"], from: nil)
            update.changes[0].owner = "www.elsewhere.test."
            let outside = try await Self.send([update], to: scene)
            #expect(outside == [Self.zone: .notZone])
        }
    }

    /// BIND verifies what ldns signs, and the other way round (I38).
    @Test func manyZonesAreUpdatedAtOnce() async throws {
        let zones = (0..<300).map { "z\($0).test" }
        try await Self.with(.bind, zones: zones) { scene in
            let updates = zones.compactMap { ZoneName($0) }.map {
                Self.update(["192.0.2.1", "192.0.2.2"], from: [], zone: $0)
            }
            let faults = try await Self.send(updates, to: scene, patience: .seconds(60))
            #expect(faults.count == 300)
            #expect(faults.values.allSatisfy { $0 == nil })
            let www = try await Self.dig(scene, "www.z299.test", "A")
            #expect(www == ["192.0.2.1", "192.0.2.2"])
        }
    }

    @Test func aDeadServerIsUnreachableAndAHangingOneSilent() async throws {
        try await Self.with(.bind) { scene in
            await scene.server.freeze()
            let silent = try await Self.send(
                [Self.update(["192.0.2.1"], from: [])], to: scene, patience: .milliseconds(500))
            #expect(silent == [Self.zone: .silent])
            scene.server.thaw()
            await scene.server.stop()
            let dead = try await Self.send([Self.update(["192.0.2.1"], from: [])], to: scene)
            #expect(dead == [Self.zone: .unreachable(reason: "connection refused")])
        }
    }
}
