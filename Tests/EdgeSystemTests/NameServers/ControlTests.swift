import EdgeCore
import EdgeRealServers
import EdgeSystemNameServers
import EdgeSystemPublish
import EdgeTesting
import Foundation
import Testing

/// What real name servers do when they are told of changed zones.
@Suite(.serialized) struct ControlTests {
    @Test(arguments: AskerTests.fileServers)
    func aChangedZoneIsServed(kind: RealServer.Kind) async throws {
        try await ServerScene.with(kind, zones: ["example.test", "other.test"]) { scene in
            try scene.write("example.test", serial: 101, ServerScene.plain(["192.0.2.9"]))
            let report = try await scene.reload("example.test")
            #expect(report.failure == nil && report.refused.isEmpty, "\(report)")
            #expect(report.ending == "exit status 0")
            try await scene.waitForSerial(101)
            let served = try await scene.ask().get()
            #expect(served.names["example.test."]?[.ipv4]?.addresses == ["192.0.2.9"])
        }
    }

    @Test(arguments: AskerTests.fileServers)
    func anUnknownZoneIsNamed(kind: RealServer.Kind) async throws {
        try await ServerScene.with(kind) { scene in
            try scene.write("example.test", serial: 101, ServerScene.plain(["192.0.2.9"]))
            try scene.write("new.test", serial: 1, ServerScene.plain(["192.0.2.9"]))
            let report = try await scene.reload("example.test", "new.test")
            #expect(report.failure == nil, "\(report)")
            #expect(
                report.refused["new.test"]?.hasPrefix("does not know it: add it") == true,
                "\(report)")
            #expect(report.refused["example.test"] == nil)
            try await scene.waitForSerial(101)
        }
    }

    /// New zones are made known where it is said how.
    @Test(arguments: [
        (RealServer.Kind.nsd, "edgemanage"),
        (.bind, "{ type primary; file \"{file}\"; };"),
        (.powerdns, "-"),
    ])
    func newZonesAreAdded(kind: RealServer.Kind, pattern: String) async throws {
        let options = RealServer.Options(allowsNewZones: true)
        try await ServerScene.with(kind, options: options) { scene in
            try scene.write("new.test", serial: 7, ServerScene.plain(["192.0.2.9"]))
            var settings = try scene.settings
            settings.newZones = NewZoneSettings(pattern: pattern)
            let commands = ServerCommands(runner: SubprocessRunner())
            let zone: ZoneName = "new.test"
            let report = await commands.reload(
                [zone], of: settings, directory: "\(scene.directory)/zones")
            #expect(report.failure == nil && report.refused.isEmpty, "\(report)")
            try await scene.waitForSerial(7, of: "new.test")
            guard kind != .powerdns else { return }
            let removal = await commands.remove([zone], from: settings)
            #expect(removal.refused.isEmpty, "\(removal)")
            // NSD says ok before it has done so.
            let patience = ContinuousClock.now + .seconds(30)
            while try await scene.ask("new.test") != .failure(.answered(code: "REFUSED")) {
                try #require(ContinuousClock.now < patience)
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// PowerDNS says by words alone that it did not add a zone.
    @Test(arguments: [
        (RealServer.Kind.bind, "{ type primary; file \"{file}\"; };"), (.powerdns, "-"),
    ])
    func aZoneThatCannotBeAddedIsNamed(kind: RealServer.Kind, pattern: String) async throws {
        let options = RealServer.Options(allowsNewZones: true)
        try await ServerScene.with(kind, options: options) { scene in
            var settings = try scene.settings
            settings.newZones = NewZoneSettings(pattern: pattern)
            let report = await ServerCommands(runner: SubprocessRunner()).reload(
                ["none.test"], of: settings, directory: "\(scene.directory)/zones")
            let words = try #require(report.refused["none.test"], "\(report)")
            #expect(words.hasPrefix("refuses it: ") && words.contains("ile"), "\(words)")
        }
    }

    @Test(arguments: AskerTests.fileServers)
    func aServerThatIsDownIsNamedOnce(kind: RealServer.Kind) async throws {
        let zones = (0..<30).map { "z\($0).test" }
        try await ServerScene.with(kind, zones: zones) { scene in
            await scene.server.stop()
            let commands = ServerCommands(runner: SubprocessRunner())
            let report = await commands.reload(
                zones.compactMap { ZoneName($0) }, of: try scene.settings,
                directory: "\(scene.directory)/zones")
            let failure = try #require(report.failure)
            #expect(failure.hasPrefix("\(scene.server.control[0]) ended with status"), "\(failure)")
            #expect(report.refused.isEmpty)
        }
    }

    @Test func aMissingCommandIsNamed() async throws {
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001),
            control: ["/nonexistent/rndc"])
        let report = await ServerCommands(runner: SubprocessRunner()).reload(
            ["example.test"], of: settings, directory: "/")
        #expect(report.failure?.contains("/nonexistent/rndc") == true, "\(report)")
        #expect(report.ending == "not started")
    }

    @Test func aHangingCommandIsStopped() async throws {
        let script = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString).sh"
        try Data("#!/bin/sh\nexec sleep 600\n".utf8).write(to: URL(filePath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        defer { try? FileManager.default.removeItem(atPath: script) }
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .nsd, address: .v4(0x7F00_0001),
            control: [script])
        let commands = ServerCommands(runner: SubprocessRunner(), timeout: .milliseconds(200))
        let report = await commands.reload(
            ["a.test", "b.test", "c.test"], of: settings, directory: "/")
        #expect(report.failure == "\(script) did not end in time and was stopped")
    }

    /// More than 200 zones are reloaded by one command, and every changed one is served.
    @Test(arguments: AskerTests.fileServers)
    func manyZonesAreReloadedTogether(kind: RealServer.Kind) async throws {
        let zones = (0..<250).map { "z\($0).test" }
        try await ServerScene.with(kind, zones: zones) { scene in
            for zone in zones {
                try scene.write(zone, serial: 101, ServerScene.plain(["192.0.2.9"]))
            }
            let commands = ServerCommands(runner: SubprocessRunner())
            let report = await commands.reload(
                zones.compactMap { ZoneName($0) }, of: try scene.settings,
                directory: "\(scene.directory)/zones")
            #expect(report.failure == nil && report.refused.isEmpty, "\(report)")
            for zone in ["z0.test", "z249.test"] { try await scene.waitForSerial(101, of: zone) }
        }
    }

    @Test(arguments: [
        (HostedZone.Keeping.file, ZoneKeeping.file(isSigned: false)), (.dynamic, .dynamic),
        (.signed, .file(isSigned: true)),
    ])
    func bindTellsHowItKeepsAZone(keeping: HostedZone.Keeping, told: ZoneKeeping) async throws {
        try await ServerScene.with(.bind, keeping: keeping) { scene in
            let commands = ServerCommands(runner: SubprocessRunner())
            let found = await commands.keeping(
                of: ["example.test", "none.test"], by: try scene.settings)
            #expect(found["example.test"] == told)
            #expect(found["none.test"] == .unknown)
            await scene.server.stop()
            let unasked = await commands.keeping(of: ["example.test"], by: try scene.settings)
            guard case .unasked(let reason)? = unasked["example.test"] else {
                Issue.record("\(unasked)")
                return
            }
            #expect(reason.contains("connection refused"))
        }
    }
}
