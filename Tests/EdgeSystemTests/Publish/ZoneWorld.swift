import EdgeCore
import EdgeTesting
import EdgeShell
import EdgeSystemPublish
import Foundation

/// What the tests of this folder build zones from.
enum ZoneWorld {
    static let zone = ZoneName("site.test")

    static let original = DNSSettings(
        primary: "ns1.dns.example.", mailbox: "hostmaster.dns.example.",
        nameServers: ["ns1.dns.example.", "ns2.dns.example."],
        rotatedLabels: [RotatedLabel("www")])

    static var explicit: DNSSettings {
        var settings = original
        settings.isExplicit = true
        return settings
    }

    static func content(
        _ addresses: [String] = ["192.0.2.1", "192.0.2.2"], zone: ZoneName = ZoneWorld.zone,
        dns: DNSSettings = original
    ) -> ZoneContent {
        ZoneContent(zone: zone, addresses: addresses.compactMap { IPAddress($0) }, dns: dns)
    }

    /// A write whose text and expectation belong together.
    static func write(
        _ zone: String, serial: UInt32 = 1, addresses: [String] = ["192.0.2.1", "192.0.2.2"]
    ) -> ZoneFileWrite {
        let content = content(addresses, zone: ZoneName(zone)!)
        return ZoneFileWrite(
            zone: content.zone,
            text: ZoneRenderer.render(content, serial: SOASerial(serial), include: []),
            expected: ZoneRenderer.expectedRecords(
                content, serial: SOASerial(serial), includeRecords: []))
    }
}

/// A directory that is gone when its owner is.
final class TemporaryDirectory: Sendable {
    let path: String

    init(in parent: String = NSTemporaryDirectory()) throws {
        path = (parent as NSString).appendingPathComponent("zones-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func text(of name: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
