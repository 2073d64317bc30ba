import EdgeCore
import EdgeRealServers
import EdgeTesting
import Testing

/// A published file whose serial somebody set half the number space ahead (RFC 1982 §3.2).
@Suite(.serialized) struct IncomparableFileTests {
    private static let file = "zones/example.test.zone"

    private static func alter(_ bench: CommandBench) throws -> UInt32 {
        let serial = try bench.published().serial
        let beyond = serial &+ 0x8000_0000
        try bench.write(
            file, bench.text(file).replacing(" \(serial) ", with: " \(beyond) "))
        #expect(try bench.published().serial == beyond)
        return serial
    }

    /// The server loaded the altered file: it is given the right one again, in one round.
    @Test func aFileThatWasLoadedIsPutBack() async throws {
        try await ServerBench.with(.bind) { scene in
            try await scene.begin()
            let serial = try Self.alter(scene.bench)
            _ = try await scene.server.tell(scene.reload)
            try await scene.waitForSerial(serial &+ 0x8000_0000)
            let ending = try await scene.publish("--verbose")
            #expect(!ending.everything.contains("other follows both"), "\(ending.everything)")
            let now = try scene.bench.published().serial
            #expect(SOASerial(now).isNewer(than: SOASerial(serial)) == true)
            #expect(try await scene.served().get().serial == SOASerial(now))
            #expect(try await scene.addresses().count == 2)
        }
    }

    @Test func aFileIsPutBackWithoutAServer() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            let serial = try Self.alter(bench)
            try await bench.round()
            let now = try bench.published().serial
            #expect(SOASerial(now).isNewer(than: SOASerial(serial)) == true)
        }
    }
}
