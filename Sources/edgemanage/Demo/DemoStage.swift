import EdgeCore
import EdgeLoopback
import EdgeShell
import EdgeSystemConfiguration

#if canImport(Glibc)
    import Glibc
#endif

/// The demo's edges and files: two networks on loopback, one with TLS.
struct DemoStage: Sendable {
    /// One network of the demo.
    struct Network: Sendable {
        var settings: NetworkSettings
        /// In the order of the edge list.
        var edges: [LoopbackEdge]
        var bench: Workplace
        var zone: ZoneName
    }

    var directory: String
    var web: Network
    var shop: Network
    private var loopback: LoopbackEdges

    static let object = Array(
        "edgemanage demo: this very file is what every edge must serve\n".utf8)

    /// Starts the edges and writes the configuration.
    static func raise(in wanted: String?) async throws -> DemoStage {
        let directory = try wanted ?? temporaryDirectory()
        let loopback = LoopbackEdges()
        do {
            let web = try await edges(loopback, prefix: "127.77.1", count: 5, certificate: nil)
            let shop = try await edges(loopback, prefix: "127.77.2", count: 3, certificate: .good)
            try write(configuration(web: web, shop: shop), in: directory)
            let path = "\(directory)/edgemanage.yaml"
            return DemoStage(
                directory: directory,
                web: try network("web", zone: "example.test", edges: web, path: path),
                shop: try network("shop", zone: "shop.test", edges: shop, path: path),
                loopback: loopback)
        } catch {
            await loopback.stop()
            throw error
        }
    }

    /// Stops every edge.
    func close() async {
        await loopback.stop()
    }

    /// Starts an edge anew with another certificate, where it was.
    func restart(
        _ edge: LoopbackEdge, with certificate: TestCertificate
    ) async throws -> LoopbackEdge {
        let port = edge.port
        await edge.stop()
        return try await loopback.start(
            address: edge.address, port: port, certificate: certificate, object: Self.object)
    }

    private static func temporaryDirectory() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/edgemanage-demo-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else {
            throw CommandFailure(message: "no directory can be made in \(base)")
        }
        return String(cString: path)
    }

    /// Edges of one network: the same port at addresses of their own.
    private static func edges(
        _ loopback: LoopbackEdges, prefix: String, count: Int, certificate: TestCertificate?
    ) async throws -> [LoopbackEdge] {
        var edges: [LoopbackEdge] = []
        for number in 1...count {
            edges.append(
                try await loopback.start(
                    address: "\(prefix).\(number)", port: edges.first?.port ?? 0,
                    certificate: certificate, object: object))
        }
        return edges
    }

    private static func network(
        _ name: String, zone: String, edges: [LoopbackEdge], path: String
    ) throws -> Network {
        let loaded = ConfigurationLoader().load(path)
        guard let configuration = loaded.configuration, let network = NetworkName(name),
            let zone = ZoneName(zone)
        else {
            let problems = loaded.problems.map { "\($0)" }.joined(separator: "\n")
            throw CommandFailure(message: "the demo's own configuration is refused:\n\(problems)")
        }
        let settings = try configuration.settings(for: network)
        return Network(
            settings: settings, edges: edges,
            bench: try Workplace(settings: settings, isVerbose: false), zone: zone)
    }

    private static func configuration(web: [LoopbackEdge], shop: [LoopbackEdge]) -> String {
        func list(_ edges: [LoopbackEdge]) -> String {
            edges.map { "\"\($0.address)\"" }.joined(separator: ", ")
        }
        return """
            # The demo's configuration: two networks of edges on this machine.
            version: 1
            probe: {timeout: 2s}
            judge: {rule: classic, good_enough: 250ms, keep: window}
            dns:
              primary: ns1.dns.test.
              mailbox: hostmaster@dns.test
              name_servers: [ns1.dns.test., ns2.dns.test.]
              rotate: [www]
            publish: {directory: zones}
            state: {database: edgemanage.db}
            log: edgemanage.log
            networks:
              web:
                object: {url: "http://object.test:\(web.first?.port ?? 0)/object.txt", local: object.txt}
                edges: [\(list(web))]
                live: 3
                budget: 10
                zones: includes/web
              shop:
                object:
                  url: "https://object.test:\(shop.first?.port ?? 0)/object.txt"
                  local: object.txt
                  verify: authority.pem
                edges: [\(list(shop))]
                live: 2
                budget: 10
                zones: includes/shop

            """
    }

    private static func write(_ configuration: String, in directory: String) throws {
        try DemoFile.requireEmpty(directory)
        let folders = ["", "/zones", "/includes", "/includes/web", "/includes/shop"]
        for folder in folders where mkdir(directory + folder, 0o755) != 0 && errno != EEXIST {
            throw CommandFailure(
                message: "\(directory)\(folder) can't be made: \(String(cString: strerror(errno)))")
        }
        let mail = "@ 3600 IN MX 10 mail\nmail 3600 IN A 192.0.2.25\n"
        let files: [(String, [UInt8])] = [
            ("edgemanage.yaml", Array(configuration.utf8)), ("object.txt", object),
            ("authority.pem", Array(TestCertificate.authority.utf8)),
            ("includes/web/example.test.zone", Array("; the operator's own records\n\(mail)".utf8)),
            ("includes/shop/shop.test.zone", Array("; the operator's own records\n\(mail)".utf8)),
        ]
        for (name, bytes) in files {
            try DemoFile.write("\(directory)/\(name)", bytes)
        }
    }
}

/// Plain files for the demo.
enum DemoFile {
    /// The demo writes over nobody's files.
    static func requireEmpty(_ directory: String) throws {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        var names = 0
        while readdir(stream) != nil { names += 1 }
        guard names <= 2 else {
            throw CommandFailure(
                message: "\(directory) is not empty: name a new directory", status: 2)
        }
    }

    /// Writes a whole file.
    static func write(_ path: String, _ bytes: [UInt8]) throws {
        guard let file = fopen(path, "w") else {
            throw CommandFailure(
                message: "\(path) can't be written: \(String(cString: strerror(errno)))")
        }
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else {
            throw CommandFailure(message: "\(path) can't be written")
        }
    }
}
