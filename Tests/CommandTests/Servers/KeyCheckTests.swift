import EdgeTesting
import Foundation
import Testing

/// `check` looks at the keys that updates are signed with.
@Suite struct KeyCheckTests {
    @Test(arguments: [
        (0o600, "hmac-sha256", "ok: web: name server ns1: the key file "),
        (0o644, "hmac-sha256", "can be read or written by others: chmod 640"),
        (0o600, "hmac-md5", "is for hmac-md5; only hmac-sha256 and hmac-sha512 are taken"),
    ])
    func everyKeyFileIsLookedAt(mode: Int, algorithm: String, words: String) async throws {
        try await CommandBench.with { bench in
            let secret = Data("sixteen bytes or more".utf8).base64EncodedString()
            let path = bench.path("update.key")
            try bench.write(
                "update.key", "key \"k\" { algorithm \(algorithm); secret \"\(secret)\"; };\n")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            try bench.configure(top: [
                """
                publish:
                  directory: zones
                  method: updates
                  servers: [{name: ns1, kind: bind, address: 127.0.0.1, update: {key: \(path)}}]
                """
            ])
            let text = bench.text("edgemanage.yaml").replacing(
                "publish: {directory: zones}\n", with: "")
            try bench.write("edgemanage.yaml", text)
            let ending = try await bench.start([
                "check", "-c", "edgemanage.yaml", "--no-probe",
            ]).ending()
            #expect(ending.output.contains(words), "\(ending.everything)")
            #expect(ending.status == (words.hasPrefix("ok") ? 0 : 1))
            #expect(!ending.everything.contains(secret))
        }
    }
}
