import EdgeCore
import EdgeRealServers
import EdgeShell
import EdgeSystemNameServers
import EdgeSystemPublish
import Foundation
import Testing

/// A directory with zone files and one real name server that hosts them; gone at the end.
struct ServerScene: Sendable {
    let directory: String
    let server: RealServer

    /// Makes the scene, hands it to `body`, and takes it down whatever happens.
    static func with(
        _ kind: RealServer.Kind, zones: [String] = ["example.test"],
        keeping: HostedZone.Keeping = .file, options: RealServer.Options = .init(),
        records: (String) -> String = { _ in Self.plain(["192.0.2.1", "192.0.2.2"]) },
        _ body: (ServerScene) async throws -> Void
    ) async throws {
        let directory = "\(NSTemporaryDirectory())edgemanage-server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: "\(directory)/zones", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for zone in zones {
            try Self.write(zone, serial: 100, records(zone), in: directory)
        }
        let hosted = zones.map {
            HostedZone($0, file: "\(directory)/zones/\($0).zone", keeping: keeping)
        }
        let server = try await RealServer.start(
            kind, zones: hosted, directory: "\(directory)/server", options: options)
        do {
            try await body(ServerScene(directory: directory, server: server))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Address records at the apex and at www.
    static func plain(_ addresses: [String]) -> String {
        addresses.map { address in
            let type = address.contains(":") ? "AAAA" : "A"
            return "@ 60 IN \(type) \(address)\nwww 60 IN \(type) \(address)\n"
        }.joined()
    }

    /// Writes a zone file as a rename puts it there.
    static func write(
        _ zone: String, serial: UInt32, _ records: String, in directory: String
    ) throws {
        let text = """
            $ORIGIN \(zone).
            $TTL 60
            @ 300 IN SOA ns1.dns.test. hostmaster.dns.test. \(serial) 43200 10800 1209600 300
            @ 60 IN NS ns1.dns.test.
            \(records)
            """
        try Data(text.utf8).write(
            to: URL(filePath: "\(directory)/zones/\(zone).zone"), options: .atomic)
    }

    func write(_ zone: String, serial: UInt32, _ records: String) throws {
        try Self.write(zone, serial: serial, records, in: directory)
    }

    /// The server as edgemanage is configured with it.
    var settings: NameServerSettings {
        get throws {
            let kind: NameServerKind =
                switch server.kind {
                case .bind: .bind
                case .knot: .knot
                case .nsd: .nsd
                case .powerdns, .powerdnsSQLite: .powerdns
                }
            return NameServerSettings(
                name: try #require(ServerName("ns1")), kind: kind, address: .v4(0x7F00_0001),
                port: server.port, control: server.control,
                update: UpdateSettings(keyFile: server.keyFile))
        }
    }

    /// Asks the server of a zone.
    func ask(
        _ zone: String = "example.test", names: [String] = ["@", "www"],
        within patience: Duration = .seconds(10)
    ) async throws -> Result<ServedZone, ServedFault> {
        let name = try #require(ZoneName(zone))
        let owners = names.map { $0 == "@" ? "\(zone)." : "\($0).\(zone)." }
        let question = ZoneQuestion(zone: name, names: owners, families: [.ipv4, .ipv6])
        let answers = await NIONameServerAsker().ask(
            [question], of: try settings, within: patience)
        return try #require(answers[name])
    }

    /// Waits until the server serves this serial, for half a minute at most.
    func waitForSerial(
        _ serial: UInt32, of zone: String = "example.test",
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let patience = ContinuousClock.now + .seconds(30)
        while true {
            let answer = try await ask(zone)
            if case .success(let served) = answer, served.serial.value == serial { return }
            try #require(
                ContinuousClock.now < patience, "\(answer): \(server.log.suffix(2000))",
                sourceLocation: location)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Tells the server of changed zones.
    func reload(_ zones: String..., timeout: Duration = .seconds(30)) async throws -> ControlReport
    {
        let commands = ServerCommands(runner: SubprocessRunner(), timeout: timeout)
        return await commands.reload(
            zones.compactMap { ZoneName($0) }, of: try settings, directory: "\(directory)/zones")
    }
}
