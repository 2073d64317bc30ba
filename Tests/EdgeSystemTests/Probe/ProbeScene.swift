import EdgeCore
import EdgeLoopback
import EdgeShell
import EdgeSystemProbe
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Edges on loopback and the real prober.
struct ProbeScene {
    static let object = Array(String(repeating: "the test object\n", count: 100).utf8)

    let edges = LoopbackEdges()
    let prober = NIOProber()

    /// Runs `body` and stops the edges afterwards.
    static func with(_ body: (ProbeScene) async throws -> Void) async throws {
        let scene = ProbeScene()
        do {
            try await body(scene)
        } catch {
            await scene.edges.stop()
            throw error
        }
        await scene.edges.stop()
    }

    func edge(
        address: String = "127.0.3.1", port: UInt16 = 0, behaviour: LoopbackBehaviour = .serve,
        certificate: TestCertificate? = nil
    ) async throws -> LoopbackEdge {
        try await edges.start(
            address: address, port: port, certificate: certificate, behaviour: behaviour,
            object: Self.object)
    }

    static func request(
        _ edge: LoopbackEdge, scheme: ObjectScheme = .http, host: String = "object.test",
        serverName: String? = "object.test", role: ProbeTarget.Role = .edge,
        question: ProbeRequest.Question? = nil
    ) throws -> ProbeRequest {
        let address = try #require(IPAddress(edge.address))
        return ProbeRequest(
            target: ProbeTarget(role: role, name: EdgeName(address), family: address.family),
            address: address, port: edge.port, scheme: scheme,
            question: question ?? .object(path: "/object", hostHeader: host),
            serverName: serverName)
    }

    static func plan(
        timeout: Duration = .seconds(10), attempts: Int = 3,
        trust: ProbePlan.Trust = .unchecked, concurrency: Int = 256, canaryKiller: Int? = nil
    ) -> ProbePlan {
        ProbePlan(
            expectedBody: object, userAgent: "Test", timeout: timeout, attempts: attempts,
            trust: trust, concurrency: concurrency, canaryKiller: canaryKiller)
    }

    /// Probes one edge; through TLS where it has a certificate.
    func probe(
        _ edge: LoopbackEdge, timeout: Duration = .seconds(10), attempts: Int = 3,
        trust: ProbePlan.Trust = .unchecked, host: String = "object.test",
        serverName: String? = "object.test", question: ProbeRequest.Question? = nil
    ) async -> Observation {
        guard
            let request = try? Self.request(
                edge, scheme: edge.hasTLS ? .https : .http, host: host, serverName: serverName,
                question: question)
        else { preconditionFailure("loopback addresses are addresses") }
        let plan = Self.plan(timeout: timeout, attempts: attempts, trust: trust)
        return await prober.probe([request], by: plan)[0]
    }

    /// The test authority's certificate as a file, for as long as `body` runs.
    static func withAuthority(_ body: (ProbePlan.Trust) async throws -> Void) async throws {
        var template = Array("/tmp/edgemanage-ca-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(path) }
        let text = Array(TestCertificate.authority.utf8)
        try #require(write(descriptor, text, text.count) == text.count)
        Glibc.close(descriptor)
        try await body(.bundle(path: path))
    }
}
