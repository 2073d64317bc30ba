import EdgeCore
import EdgeRealServers
import EdgeShell
import EdgeSystemNameServers
import EdgeTesting
import Foundation
import Testing

/// New zones reach secondaries that were never told of them (RFC 9432).
@Suite(.serialized) struct CatalogTests {
    /// Asks until a server serves a zone, or no longer does.
    private func wait(
        _ zone: ZoneName, at port: UInt16, isServed: Bool,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let settings = NameServerSettings(
            name: try #require(ServerName("x")), kind: .other, address: .v4(0x7F00_0001), port: port
        )
        let patience = ContinuousClock.now + .seconds(40)
        while true {
            let answers = await NIONameServerAsker().ask(
                [ZoneQuestion(zone: zone, names: [], families: [])], of: settings,
                within: .seconds(2))
            if case .success? = answers[zone] {
                if isServed { return }
            } else if !isServed {
                return
            }
            try #require(
                ContinuousClock.now < patience, "\(answers)", sourceLocation: location)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test(arguments: [RealServer.Kind.bind, .knot, .powerdnsSQLite])
    func aNewZoneReachesASecondary(kind: RealServer.Kind) async throws {
        try await CommandBench.with { bench in
            let zones = ["example.test", "new.test"].map {
                HostedZone($0, file: bench.path("zones/\($0).zone"))
            }
            let primary = try await RealServer.start(
                .bind, zones: zones, directory: bench.path("primary"),
                options: .init(
                    servesCatalog: ("catalog.test", bench.path("zones/catalog.test.zone"))))
            let secondary = try await RealServer.start(
                kind, zones: [], directory: bench.path("secondary"),
                options: .init(catalog: ("catalog.test", primary.port)))
            do {
                try configure(bench, primary: primary)
                try await bench.begin()
                try bench.write("includes/web/new.test.zone", "mail 60 IN A 192.0.2.1\n")
                try await bench.round()
                #expect(
                    bench.text("zones/catalog.test.zone").contains("znew-1test.zones IN PTR"))
                // Without NOTIFY the secondary looks when it is told to, or after the refresh time.
                try await refresh(secondary)
                try await wait("new.test", at: secondary.port, isServed: true)
                try await wait("example.test", at: secondary.port, isServed: true)
                try bench.remove("includes/web/new.test.zone")
                let said = try await bench.run(
                    "zone", "forget", "-c", "edgemanage.yaml", "web", "new.test")
                #expect(said.status == 0, "\(said.everything)")
                try await bench.round()
                #expect(!bench.text("zones/catalog.test.zone").contains("new.test."))
                try await refresh(secondary)
                try await wait("new.test", at: secondary.port, isServed: false)
                try await wait("example.test", at: secondary.port, isServed: true)
                try await forgetTheLast(bench)
                try await refresh(secondary)
                try await wait("example.test", at: secondary.port, isServed: false)
            } catch {
                await primary.stop()
                await secondary.stop()
                throw error
            }
            await primary.stop()
            await secondary.stop()
        }
    }

    /// An include directory that is suddenly empty takes nothing out of the catalog; a command does.
    private func forgetTheLast(_ bench: CommandBench) async throws {
        try bench.remove("includes/web/example.test.zone")
        try await bench.round()
        #expect(bench.text("zones/catalog.test.zone").contains("example.test."))
        let said = try await bench.run(
            "zone", "forget", "-c", "edgemanage.yaml", "web", "example.test")
        #expect(said.status == 0, "\(said.everything)")
        try await bench.round()
        #expect(!bench.text("zones/catalog.test.zone").contains("PTR"))
    }

    private func refresh(_ secondary: RealServer) async throws {
        let verb =
            switch secondary.kind {
            case .bind: "retransfer"
            case .knot: "zone-retransfer"
            case .powerdns, .powerdnsSQLite, .nsd: "retrieve"
            }
        try await secondary.tell([verb, "catalog.test"])
    }

    private func configure(_ bench: CommandBench, primary: RealServer) throws {
        let control = primary.control.map { "\"\($0)\"" }.joined(separator: ", ")
        try bench.configure(
            top: [
                """
                publish:
                  directory: zones
                  catalog: catalog.test
                  servers:
                    - {kind: bind, address: 127.0.0.1, port: \(primary.port), control: [\(control)]}
                """
            ])
        let text = bench.text("edgemanage.yaml")
        try bench.write(
            "edgemanage.yaml", text.replacing("publish: {directory: zones}\n", with: ""))
    }
}
