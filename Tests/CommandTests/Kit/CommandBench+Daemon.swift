import EdgeLoopback
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A daemon on a bench.
extension CommandBench {
    /// Starts `edgemanage watch`, hands it to `body`, and ends it by SIGTERM, which must end it with status 0.
    func watching(
        environment: [String: String] = [:], _ body: (ChildProcess) async throws -> Void
    ) async throws {
        let daemon = try start(["watch", "-c", "edgemanage.yaml"], environment: environment)
        do {
            try await body(daemon)
        } catch {
            daemon.kill()
            let ending = await daemon.ending()
            Issue.record("\(ending.everything)\(text("edgemanage.log"))")
            throw error
        }
        kill(daemon.id, SIGTERM)
        let ending = await daemon.ending()
        #expect(ending.status == 0, "\(ending.everything)")
        #expect(!has("edgemanage.sock"))
    }

    /// The addresses that a zone's `www` is published with.
    func live(zone: String = "example.test") -> Set<String> {
        Set(
            text("zones/\(zone).zone").split(separator: "\n")
                .filter { $0.hasPrefix("www ") && $0.contains(" A ") }
                .compactMap { $0.split(separator: " ").last.map(String.init) })
    }
}
