import EdgeCore
import EdgeSystemFiles
import EdgeSystemNameServers
import EdgeTesting
import Foundation
import Testing

/// Which key files are taken; no sentence holds a secret (I36, I38).
@Suite struct KeyFileTests {
    private static let secret = Data("sixteen bytes or more".utf8).base64EncodedString()

    private static func sentence(_ text: String?, mode: Int = 0o600) async throws -> String {
        let path = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString).key"
        defer { try? FileManager.default.removeItem(atPath: path) }
        if let text {
            try Data(text.utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        // Nobody listens at port 1: a key that is taken leads to a refused connection.
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001),
            port: 1, update: UpdateSettings(keyFile: path))
        let faults = await LdnsZoneUpdater(clock: SystemMomentSource()).update(
            [ZoneUpdate(zone: "a.test", changes: [])], on: settings, within: .seconds(5))
        let fault = try #require(faults["a.test"] ?? nil)
        let words = "\(fault)"
        #expect(!words.contains(secret))
        return words.replacing(path, with: "FILE")
    }

    @Test(arguments: [
        "key \"k\" { algorithm hmac-sha256; secret \"SECRET\"; };",
        "key k {\n\talgorithm HMAC-SHA512;\n\tsecret \"SECRET\";\n};\n",
        "# made by hand\nkey \"k.\" { // why\n/* algorithm hmac-md5; */ algorithm hmac-sha256; "
            + "secret \"SECRET\"; };",
    ])
    func goodKeysAreTaken(text: String) async throws {
        let words = try await Self.sentence(text.replacing("SECRET", with: Self.secret))
        #expect(words == "it can't be reached: connection refused")
    }

    @Test(arguments: [
        (
            "key \"k\" { algorithm hmac-md5; secret \"SECRET\"; };",
            "the key in FILE is for hmac-md5; only hmac-sha256 and hmac-sha512 are taken: make a new "
                + "one by tsig-keygen -a hmac-sha256"
        ),
        (
            "key \"k\" { algorithm hmac-sha256; secret \"c2hvcnQ=\"; };",
            "the secret in FILE is no base64 text of at least 16 bytes: make a new key by "
                + "tsig-keygen -a hmac-sha256"
        ),
        (
            "key \"k\" { algorithm hmac-sha256; secret \"***\"; };",
            "the secret in FILE is no base64 text of at least 16 bytes: make a new key by "
                + "tsig-keygen -a hmac-sha256"
        ),
        (
            "key \"k\" { secret \"SECRET\"; };", "the key in FILE has no algorithm or no secret"
        ),
        (
            "hello",
            "the key file FILE holds no key; write one by tsig-keygen -a hmac-sha256 NAME"
        ),
        (
            "key \"k",
            "the key file FILE holds no key; write one by tsig-keygen -a hmac-sha256 NAME"
        ),
        (
            "key \"a b\" { algorithm hmac-sha256; secret \"SECRET\"; };",
            "it can't be reached: connection refused"
        ),
    ])
    func otherKeysAreRefusedByASentence(text: String, words: String) async throws {
        let found = try await Self.sentence(text.replacing("SECRET", with: Self.secret))
        #expect(found == words)
    }

    @Test(arguments: [0o644, 0o660, 0o604, 0o602])
    func keysThatOthersReadAreRefused(mode: Int) async throws {
        let text = "key \"k\" { algorithm hmac-sha256; secret \"\(Self.secret)\"; };"
        #expect(
            try await Self.sentence(text, mode: mode)
                == "the key file FILE can be read or written by others: chmod 640 FILE, or stricter"
        )
    }

    @Test func aMissingFileIsNamed() async throws {
        #expect(try await Self.sentence(nil).hasPrefix("cannot read FILE: No such file"))
    }
}
