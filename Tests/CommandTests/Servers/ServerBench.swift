import EdgeCore
import EdgeRealServers
import EdgeShell
import EdgeSystemNameServers
import EdgeTesting
import Foundation
import Testing

/// A command bench with one real name server that reads the published zones.
struct ServerBench {
    let bench: CommandBench
    let server: RealServer

    /// The records that are there before edgemanage comes.
    static let placeholder = """
        $ORIGIN example.test.
        $TTL 300
        @ IN SOA ns1.dns.test. hostmaster.dns.test. 1 43200 10800 1209600 300
        @ IN NS ns1.dns.test.
        @ IN NS ns2.dns.test.

        """

    /// Makes a bench of four edges, publishes to `kind`, and takes all down at the end; `others` are more
    /// zones that the server reads from files and takes no updates of.
    static func with(
        _ kind: RealServer.Kind, method: PublishMethod = .files,
        keeping: HostedZone.Keeping? = nil, others: [String] = [], more: String = "",
        wait: String = "20s",
        control: [String]? = nil, _ body: (ServerBench) async throws -> Void
    ) async throws {
        try await CommandBench.with { bench in
            let file = bench.path("zones/example.test.zone")
            if method == .updates || keeping != nil { try bench.write(file, placeholder) }
            let zone = HostedZone(
                "example.test", file: file,
                keeping: keeping ?? (method == .files ? .file : .dynamic))
            let fixed = try others.map { name in
                let file = bench.path("fixed/\(name).zone")
                try bench.write(file, placeholder.replacing("example.test", with: name))
                return HostedZone(name, file: file)
            }
            let server = try await RealServer.start(
                kind, zones: [zone] + fixed, directory: bench.path("server"))
            do {
                let scene = ServerBench(bench: bench, server: server)
                try scene.configure(
                    method: method, control: control ?? server.control, wait: wait, more: more)
                try await body(scene)
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    /// The server's kind as the configuration names it.
    static func word(_ kind: RealServer.Kind) -> String {
        kind == .powerdnsSQLite ? "powerdns" : kind.rawValue
    }

    func configure(
        method: PublishMethod, control: [String], wait: String, more: String
    ) throws {
        let how =
            method == .files
            ? "control: [\(control.map { "\"\($0)\"" }.joined(separator: ", "))]"
            : "update: {key: \(server.keyFile)}"
        try bench.configure(
            top: [
                """
                publish:
                  directory: zones
                  method: \(method.rawValue)
                  wait: \(wait)
                  servers:
                    - {name: ns1, kind: \(Self.word(server.kind)), address: 127.0.0.1, \
                port: \(server.port), \(how)\(more)}
                """
            ])
        let text = bench.text("edgemanage.yaml").replacing(
            "publish: {directory: zones}\n", with: "")
        try bench.write("edgemanage.yaml", text)
    }

    /// What the server says of the bench's zone.
    func served(
        _ zone: ZoneName = CommandBench.zone
    ) async throws -> Result<ServedZone, ServedFault> {
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .other, address: .v4(0x7F00_0001),
            port: server.port)
        let question = ZoneQuestion(
            zone: zone, names: ["\(zone).", "www.\(zone)."], families: [.ipv4, .ipv6])
        let answers = await NIONameServerAsker().ask(
            [question], of: settings, within: .seconds(10))
        return try #require(answers[zone])
    }

    /// The addresses at the apex, sorted; they must be those at www too.
    func addresses(at location: SourceLocation = #_sourceLocation) async throws -> [String] {
        let served = try await served().get()
        let found = served.names.mapValues { name in
            name.values.flatMap(\.addresses).sorted().map(\.description)
        }
        #expect(
            found["example.test."] == found["www.example.test."], sourceLocation: location)
        return found["example.test."] ?? []
    }

    /// Publishes with the first two edges live; then the edge list has them all.
    func begin(at location: SourceLocation = #_sourceLocation) async throws {
        let names = bench.addresses(1, 2, 3, 4).map { $0 + "\n" }
        try bench.write("edges/web", names.prefix(2).joined())
        try await publish(at: location)
        try bench.write("edges/web", names.joined())
    }

    /// Runs a round that waits until it is served; what it printed.
    @discardableResult
    func publish(
        _ arguments: String..., expecting status: Int32 = 0,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> ChildProcess.Ending {
        let words = ["run", "-c", "edgemanage.yaml", "--force", "--wait"] + arguments
        let ending = try await bench.start(words).ending()
        #expect(ending.status == status, "\(ending.everything)", sourceLocation: location)
        return ending
    }

    /// What `status` says, as text.
    func status() async throws -> String {
        try await bench.run("status", "-c", "edgemanage.yaml").output
    }
}
