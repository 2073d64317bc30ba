import EdgeCore
import EdgeSystemFiles
import EdgeSystemNameServers
import EdgeTesting
import Foundation
import Testing

/// Every error answer has its own sentence.
@Suite struct UpdateFaultTests {
    private static let zone: ZoneName = "example.test"

    /// What becomes of one update that is answered so.
    private static func fault(
        answer: @escaping @Sendable ([UInt8]) -> [UInt8]?
    ) async throws -> UpdateFault? {
        let server = try await ScriptedServer { _, message in answer(message) }
        let path = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString).key"
        let secret = Data("sixteen bytes or more".utf8).base64EncodedString()
        try Data("key \"k\" { algorithm hmac-sha256; secret \"\(secret)\"; };".utf8)
            .write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001),
            port: server.port, update: UpdateSettings(keyFile: path))
        let change = ZoneUpdate.Change(
            owner: "www.example.test.", family: .ipv4, before: [], after: ["192.0.2.1"], ttl: 60)
        let faults = await LdnsZoneUpdater(clock: SystemMomentSource()).update(
            [ZoneUpdate(zone: zone, changes: [change])], on: settings, within: .seconds(2),
            while: { true })
        try await server.stop()
        return try #require(faults[zone])
    }

    /// The head of an answer to `message` with this code: the zone section repeated, nothing signed.
    private static func head(_ message: [UInt8], code: UInt8, flags: UInt8 = 0xA8) -> [UInt8] {
        Array(message[0..<2]) + [flags, code, 0, 0, 0, 0, 0, 0, 0, 0]
    }

    @Test(arguments: [
        (
            UInt8(2), UpdateFault.serverFailure,
            "it failed to carry the update out (SERVFAIL): see its log"
        ),
        (
            5, .refused,
            "it refuses updates of the zone (REFUSED): allow the key to update it, and thaw it if it "
                + "is frozen"
        ),
        (
            9, .notAuthoritative,
            "it is not authoritative for the zone (NOTAUTH): add the zone to its configuration"
        ),
        (10, .notZone, "it finds a name outside the zone (NOTZONE)"),
        (1, .answered(code: "FORMERR"), "it answers FORMERR"),
        (4, .answered(code: "NOTIMP"), "it answers NOTIMP"),
        (
            8, .forged(reason: "it says NXRRSET and is not signed"),
            "its answer can't be trusted: it says NXRRSET and is not signed"
        ),
        (
            0, .forged(reason: "it says NOERROR and is not signed"),
            "its answer can't be trusted: it says NOERROR and is not signed"
        ),
    ])
    func unsignedAnswers(code: UInt8, fault: UpdateFault, words: String) async throws {
        let found = try await Self.fault { Self.head($0, code: code) }
        #expect(found == fault)
        #expect(found?.description == words)
    }

    @Test func aTruncatedAnswerIsNamed() async throws {
        let found = try await Self.fault { Self.head($0, code: 0, flags: 0xAA) }
        #expect(found == .truncated)
    }

    @Test func anotherIDIsNamed() async throws {
        let found = try await Self.fault { message in
            var bytes = Self.head(message, code: 0)
            bytes[0] ^= 0xFF
            return bytes
        }
        #expect(found == .wrongID)
    }

    /// Our own message sent back as an answer: its MAC covers something else.
    @Test func aForgedMACIsNamed() async throws {
        let found = try await Self.fault { message in
            var bytes = message
            bytes[2] = 0xA8
            bytes[3] = 0
            return bytes
        }
        #expect(found == .forged(reason: "its signature is wrong"))
    }

    @Test(arguments: [
        (UInt8(17), UpdateFault.badKey(name: "k.")), (16, .badSignature(name: "k.")),
    ])
    func unsignedTSIGErrorsAreNamed(error: UInt8, fault: UpdateFault) async throws {
        let found = try await Self.fault { message in
            var bytes = Self.head(message, code: 9)
            bytes[11] = 1
            // A TSIG record (RFC 8945 §4.2) without a MAC: key k., HMAC-SHA256.
            let algorithm: [UInt8] = [11] + Array("hmac-sha256".utf8) + [0]
            let data =
                algorithm + [0, 0, 0, 0, 0, 0, 1, 44, 0, 0]
                + Array(message[0..<2]) + [0, error, 0, 0]
            bytes += [1, UInt8(ascii: "k"), 0, 0, 250, 0, 255, 0, 0, 0, 0]
            return bytes + [0, UInt8(data.count)] + data
        }
        #expect(found == fault)
    }

    @Test func garbageIsNamed() async throws {
        #expect(try await Self.fault { _ in [1, 2, 3] } == .malformed(reason: "it is too short"))
        let query = try await Self.fault { message in message }
        #expect(query == .malformed(reason: "it answers no update"))
        let noise = try await Self.fault { message in
            Self.head(message, code: 0).dropLast(8) + [0, 9, 0, 9, 0, 9, 0, 9, 0xC0, 0xFF, 1]
        }
        #expect(noise == .malformed(reason: "it has a name that points forwards"))
    }

    @Test func aClosedConnectionIsNamed() async throws {
        let found = try await Self.fault { _ in nil }
        #expect(found == .unreachable(reason: "the connection was closed"))
    }

    @Test func silenceIsNamed() async throws {
        #expect(try await Self.fault { _ in [] } == .silent)
    }
}
