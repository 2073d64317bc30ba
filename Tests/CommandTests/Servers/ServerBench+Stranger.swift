import EdgeCore
import EdgeRealServers
import EdgeSystemFiles
import EdgeSystemNameServers
import Testing

extension ServerBench {
    /// Somebody else updates a zone.
    func stranger(_ update: ZoneUpdate) async throws {
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001),
            port: server.port, update: UpdateSettings(keyFile: server.keyFile))
        let faults = await LdnsZoneUpdater(clock: SystemMomentSource()).update(
            [update], on: settings, within: .seconds(10), while: { true })
        #expect(faults == [update.zone: UpdateFault?.none])
    }

    /// The control command that has the bench's zone read anew.
    var reload: [String] {
        switch server.kind {
        case .bind, .nsd: ["reload", "example.test"]
        case .knot: ["-b", "zone-reload", "example.test"]
        case .powerdns, .powerdnsSQLite: ["bind-reload-now", "example.test"]
        }
    }

    /// Waits until the server serves this serial, or a newer one if it signs, for half a minute at most.
    func waitForSerial(_ serial: UInt32, orNewer: Bool = false) async throws {
        let patience = ContinuousClock.now + .seconds(30)
        while true {
            let served = try await served().get().serial
            if served.value == serial { return }
            if orNewer, served.isNewer(than: SOASerial(serial)) == true { return }
            try #require(ContinuousClock.now < patience, "\(server.log.suffix(1000))")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
