import EdgeCore
import EdgeRealServers
import EdgeShell
import EdgeSystemNameServers
import Testing

/// A bench with a primary that is told, and a secondary that takes the zone from it and is only asked.
struct SecondaryScene {
    let bench: CommandBench
    let primary: RealServer
    let secondary: RealServer

    static func with(
        _ kind: RealServer.Kind, of primaryKind: RealServer.Kind = .bind,
        _ body: (SecondaryScene) async throws -> Void
    ) async throws {
        try await CommandBench.with { bench in
            let port = RealServer.freePort()
            let file = bench.path("zones/example.test.zone")
            let primary = try await RealServer.start(
                primaryKind, zones: [HostedZone("example.test", file: file)],
                directory: bench.path("primary"), options: .init(notifies: [port]))
            let secondary = try await RealServer.start(
                kind,
                zones: [
                    HostedZone(
                        "example.test", file: bench.path("secondary/example.test.zone"),
                        keeping: .secondary(port: primary.port))
                ], directory: bench.path("secondary"), options: .init(port: port))
            let scene = SecondaryScene(bench: bench, primary: primary, secondary: secondary)
            do {
                try scene.configure()
                try await body(scene)
            } catch {
                await primary.stop()
                await secondary.stop()
                throw error
            }
            await primary.stop()
            await secondary.stop()
        }
    }

    private func configure() throws {
        let control = primary.control.map { "\"\($0)\"" }.joined(separator: ", ")
        let kind = ServerBench.word(secondary.kind)
        try bench.configure(
            top: [
                """
                publish:
                  directory: zones
                  wait: 30s
                  servers:
                    - {name: ns1, kind: \(ServerBench.word(primary.kind)), address: 127.0.0.1, port: \(primary.port), \
                control: [\(control)]}
                    - {name: ns2, kind: \(kind), address: 127.0.0.1, port: \(secondary.port), \
                control: none}
                """
            ])
        let text = bench.text("edgemanage.yaml")
        try bench.write(
            "edgemanage.yaml", text.replacing("publish: {directory: zones}\n", with: ""))
    }

    /// Runs a round; it must end with this status.
    @discardableResult
    func run(_ words: String..., expecting status: Int32 = 0) async throws -> String {
        let ending = try await bench.start(["run", "-c", "edgemanage.yaml", "--force"] + words)
            .ending()
        #expect(ending.status == status, "\(ending.everything)")
        return ending.everything
    }

    /// The addresses that the secondary serves at the apex, sorted, and its serial.
    func served() async throws -> (addresses: [String], serial: UInt32) {
        let settings = NameServerSettings(
            name: try #require(ServerName("ns2")), kind: .other, address: .v4(0x7F00_0001),
            port: secondary.port)
        let question = ZoneQuestion(
            zone: CommandBench.zone, names: ["example.test."], families: [.ipv4])
        let answers = await NIONameServerAsker().ask(
            [question], of: settings, within: .seconds(10))
        let served = try #require(answers[CommandBench.zone]).get()
        let found = served.names["example.test."]?[.ipv4]?.addresses ?? []
        return (found.map(\.description).sorted(), served.serial.value)
    }
}
