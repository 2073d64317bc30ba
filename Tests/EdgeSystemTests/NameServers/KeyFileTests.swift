import EdgeCore
import EdgeSystemFiles
import EdgeTesting
import Foundation
import Synchronization
import Testing

@testable import EdgeSystemNameServers

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
            [ZoneUpdate(zone: "a.test", changes: [])], on: settings, within: .seconds(5),
            while: { true })
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
            "key \"k\" { algorithm HMAC-SHA384; secret \"SECRET\"; };",
            "the key in FILE is for hmac-sha384; only hmac-sha256 and hmac-sha512 are taken: make a new "
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
            "key } {",
            "the key file FILE holds no key; write one by tsig-keygen -a hmac-sha256 NAME"
        ),
        (
            "key k {",
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

    private final class End: Sendable {
        let isReached = Mutex(false)
    }

    /// The permissions that count are those of the file that is read, whatever is put in its place
    /// meanwhile.
    @Test func whatIsReadIsWhatWasLookedAt() async throws {
        let directory = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, mode) in [("closed", 0o600), ("open", 0o644)] {
            let text = "key \(name) { algorithm hmac-sha256; secret \"\(Self.secret)\"; };"
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: "\(directory)/\(name)")
        }
        let link = "\(directory)/update.key"
        try #require(symlink("closed", link) == 0)
        let end = End()
        let names = try await withThrowingTaskGroup(of: Set<String>.self) { group in
            group.addTask {
                var target = "open"
                while !end.isReached.withLock({ $0 }) {
                    try #require(symlink(target, "\(link).new") == 0)
                    try #require(rename("\(link).new", link) == 0)
                    target = target == "open" ? "closed" : "open"
                }
                return []
            }
            group.addTask {
                defer { end.isReached.withLock { $0 = true } }
                var names: Set<String> = []
                for _ in 0..<20_000 {
                    do {
                        names.insert(try TSIGKey.read(link).name)
                    } catch UpdateFault.key(let sentence) {
                        #expect(sentence.contains("can be read or written by others"))
                    }
                }
                return names
            }
            return try await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(names == ["closed."])
    }

    @Test func aMissingFileIsNamed() async throws {
        #expect(try await Self.sentence(nil).hasPrefix("cannot read FILE: No such file"))
    }

    /// `check` says of each server's key what an update would say of it.
    @Test func aKeyIsCheckedBeforeItIsNeeded() throws {
        let path = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString).key"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var server = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001))
        #expect(UpdateKeyCheck.problem(of: server) == nil)
        server.update = UpdateSettings(keyFile: path)
        #expect(UpdateKeyCheck.problem(of: server)?.contains("No such file") == true)
        let text = "key \"k\" { algorithm hmac-sha256; secret \"\(Self.secret)\"; };"
        try Data(text.utf8).write(to: URL(filePath: path))
        for (mode, isTaken) in [(0o600, true), (0o640, true), (0o644, false)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let problem = UpdateKeyCheck.problem(of: server)
            #expect((problem == nil) == isTaken)
            #expect(problem?.contains(Self.secret) != true)
        }
    }

    /// The first of several keys is used, and `check` says so; a directory is called what it is.
    @Test func furtherKeysAndDirectoriesAreNamed() throws {
        let path = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString).key"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var server = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001))
        server.update = UpdateSettings(keyFile: path)
        let key = "key \"one\" { algorithm hmac-sha256; secret \"\(Self.secret)\"; };\n"
        for (text, isSingle) in [(key, true), (key + key.replacing("one", with: "two"), false)] {
            try Data(text.utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(UpdateKeyCheck.problem(of: server) == nil)
            #expect(
                UpdateKeyCheck.warning(of: server)
                    == (isSingle
                        ? nil
                        : "the key file \(path) holds 2 keys, of which the first is used, one., and never two: "
                            + "leave the one in it that the server knows"))
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
        #expect(
            UpdateKeyCheck.problem(of: server) == "cannot read \(path): it is no plain file")
    }

    /// No text traps; what is taken has a name, an algorithm and a secret.
    @Test(arguments: 1...10)
    func noTextTraps(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sample = "key \"k\" { algorithm hmac-sha256; secret \"\(Self.secret)\"; };"
        let words = [
            "key", "k", "{", "}", ";", "\"", "algorithm", "hmac-sha256", "secret", Self.secret,
            "/*", "*/", "//", "#", "\n", " ", "\u{0}", "é", "key } {", ".",
        ]
        for _ in 0..<1000 {
            var text = ""
            if Bool.random(using: &random) {
                var characters = Array(sample)
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let place = Int.random(in: 0..<characters.count, using: &random)
                    if Bool.random(using: &random) {
                        characters.remove(at: place)
                    } else {
                        let word = words[Int.random(in: 0..<words.count, using: &random)]
                        characters.insert(contentsOf: word, at: place)
                    }
                }
                text = String(characters)
            } else {
                for _ in 0..<Int.random(in: 0...12, using: &random) {
                    text += words[Int.random(in: 0..<words.count, using: &random)]
                    if Bool.random(using: &random) { text += " " }
                }
            }
            if let key = try? TSIGKey.parse(text, file: "f") {
                #expect(key.name.hasSuffix("."), "\(text)")
            }
        }
    }
}
