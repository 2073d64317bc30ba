import EdgeCore
import EdgeShell
import EdgeSystemPublish
import Foundation
import Testing

/// Includes by the thousand against BIND: one named-checkconf reads them all, each as the zone of a view of
/// its own. It says which it refuses, not what it read: that is for `DifferentialTests`.
struct BulkDifferentialTests {
    static let checker = "/usr/bin/named-checkconf"
    static let hasChecker = FileManager.default.isExecutableFile(atPath: checker)
    /// As many views as one call has.
    static let size = 2_000

    /// How many are tried: 4,000, and 50 times EDGEMANAGE_MUTATIONS in script/soak.
    static let count =
        (ProcessInfo.processInfo.environment["EDGEMANAGE_MUTATIONS"].flatMap(Int.init) ?? 80) * 50

    @Test(.enabled(if: hasChecker, "named-checkconf (bind9-utils) is not installed"))
    func nothingIsTakenThatBINDRefuses() async throws {
        var random = Mutations(from: 7_654_321)
        var taken: [[UInt8]] = []
        var total = 0
        var accepted = 0
        let parser = LdnsZoneParser()
        while total < Self.count {
            total += 1
            let bytes = Array(random.include().utf8)
            let judged = parser.checkInclude(
                bytes, zone: ZoneWorld.zone, dns: ZoneWorld.original, file: "f")
            if (try? judged.get()) != nil { taken.append(bytes) }
            if taken.count == Self.size || total == Self.count {
                accepted += taken.count
                try await Self.judge(taken)
                taken = []
            }
        }
        print("differential: \(total) mutated includes, \(accepted) taken by us and by BIND")
        #expect(accepted > total / 10)
    }

    /// A zone that BIND refuses is seen to be refused, by its place.
    @Test(.enabled(if: hasChecker, "named-checkconf (bind9-utils) is not installed"))
    func refusalsAreSeen() async throws {
        let refused = try await Self.refused(["a A 192.0.2.9", "a A 1.2.3", "b TXT x"])
        #expect(refused.keys.sorted() == [1], "\(refused)")
    }

    private static func judge(_ includes: [[UInt8]]) async throws {
        let texts = includes.map { String(decoding: $0, as: UTF8.self) }
        for (index, reason) in try await refused(texts) {
            Issue.record("BIND refuses what we take:\n\(texts[index])\n\(reason)")
        }
    }

    /// The places of the includes that BIND refuses, with its reasons.
    private static func refused(_ includes: [String]) async throws -> [Int: String] {
        let directory = try TemporaryDirectory()
        var configuration = "options { directory \"\(directory.path)\"; };\n"
        let content = ZoneWorld.content()
        for (index, include) in includes.enumerated() {
            let text = ZoneRenderer.render(
                content, serial: SOASerial(7), include: Array(include.utf8))
            try Data(text).write(to: URL(filePath: "\(directory.path)/\(index)"))
            configuration +=
                "view \"v\(index)\" { zone \"\(content.zone)\" { type primary; file \"\(index)\"; }; };\n"
        }
        try directory.file("named.conf", configuration)
        // It ends in "v7/site.test/IN: reason" for each zone that it does not load; all else is left out,
        // since no more than 64 KiB are kept. The last line is ours: it came to its end.
        let result = await SubprocessRunner().run(
            [
                "/bin/sh", "-c",
                "\(checker) -z \(directory.path)/named.conf 2>&1 | grep -a '^v[0-9]*/'; echo done",
            ], timeout: .seconds(120))
        #expect(result.succeeded && result.output.hasSuffix("done\n"), "\(result)")
        var refused: [Int: String] = [:]
        for line in result.output.split(separator: "\n") where line.hasPrefix("v") {
            guard let index = Int(line.dropFirst().prefix { $0 != "/" }) else { continue }
            refused[index] = String(line)
        }
        return refused
    }
}
