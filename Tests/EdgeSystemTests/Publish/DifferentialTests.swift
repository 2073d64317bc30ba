import EdgeCore
import EdgeShell
import EdgeSystemPublish
import Foundation
import Testing

/// What we accept, BIND accepts as it comes (`check-names primary fail`), and reads the same records from (I8). What we refuse and BIND takes stands
/// in `stricter.txt` with our reason; what Knot DNS refuses of what both take, in `knot-refuses.txt`.
struct DifferentialTests {
    static let checker = "/usr/bin/named-checkzone"
    static let hasChecker = FileManager.default.isExecutableFile(atPath: checker)

    /// What became of one include.
    struct Verdict: Sendable {
        var include: String
        var ours: Result<CheckedInclude, IncludeRefusal>
        var accepted: Bool
        var sameRecords: Bool
        var output: String
        /// What kzonecheck says against a zone that we take; nil: nothing, or it is not installed.
        var knotRefusal: String?
    }

    static let knotChecker = "/usr/bin/kzonecheck"
    static let hasKnotChecker = FileManager.default.isExecutableFile(atPath: knotChecker)

    /// What Knot DNS has against a zone file.
    static func knotRefusal(_ zone: String, _ path: String) async -> String? {
        guard hasKnotChecker else { return nil }
        let result = await SubprocessRunner().run(
            [knotChecker, "-o", zone, path], timeout: .seconds(20))
        return result.succeeded ? nil : result.output
    }

    static func judge(
        _ bytes: [UInt8], dns: DNSSettings, in directory: TemporaryDirectory, index: Int
    ) async throws -> Verdict {
        let content = ZoneWorld.content(dns: dns)
        let parser = LdnsZoneParser()
        let include = String(decoding: bytes, as: UTF8.self)
        let ours = parser.checkInclude(bytes, zone: content.zone, dns: dns, file: "site.test.zone")
        let text = ZoneRenderer.render(content, serial: SOASerial(7), include: bytes)
        let path = "\(directory.path)/\(index).zone"
        try Data(text).write(to: URL(fileURLWithPath: path))
        let result = await SubprocessRunner().run(
            [
                checker, "-k", "fail", "-i", "local", "-D", "-o", "\(path).out", content.zone.text,
                path,
            ],
            timeout: .seconds(20))
        guard case .success(let checked) = ours, result.succeeded else {
            return Verdict(
                include: include, ours: ours, accepted: result.succeeded, sameRecords: true,
                output: result.output)
        }
        let dumped = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path).out")))
        let theirs = parser.parse(dumped, zone: content.zone, file: "dump")
        let expected = ZoneRenderer.expectedRecords(
            content, serial: SOASerial(7), includeRecords: checked.records)
        let mixed = Self.mixedSets(expected)
        let same = (try? theirs.get().records).map {
            Self.without(mixed, $0) == Self.without(mixed, expected)
        }
        return Verdict(
            include: include, ours: ours, accepted: true, sameRecords: same ?? false,
            output: "\(result.output)\n\(theirs)\n\(expected)",
            knotRefusal: await knotRefusal(content.zone.text, path))
    }

    /// Sets whose records state several TTLs: BIND gives them all the first (RFC 2181 §5.2).
    static func mixedSets(_ records: [DNSRecord]) -> Set<String> {
        var ttls: [String: Set<UInt32>] = [:]
        for record in records {
            ttls["\(record.owner) \(record.type)", default: []].insert(record.ttl)
        }
        return Set(ttls.filter { $0.value.count > 1 }.keys)
    }

    /// The records; when there are such sets, without TTLs, for in BIND the first record's TTL is
    /// then also what the lines after it take over.
    static func without(_ sets: Set<String>, _ records: [DNSRecord]) -> Set<DNSRecord> {
        Set(
            records.map { record in
                var record = record
                if !sets.isEmpty { record.ttl = 0 }
                return record
            })
    }

    static func judgeAll(_ includes: [String], dns: DNSSettings) async throws -> [Verdict] {
        try await judgeAll(includes.map { Array($0.utf8) }, dns: dns)
    }

    static func judgeAll(_ includes: [[UInt8]], dns: DNSSettings) async throws -> [Verdict] {
        let directory = try TemporaryDirectory()
        return try await withThrowingTaskGroup(of: Verdict.self) { group in
            var verdicts: [Verdict] = []
            for (index, include) in includes.enumerated() {
                if index >= 4, let verdict = try await group.next() { verdicts.append(verdict) }
                group.addTask { try await judge(include, dns: dns, in: directory, index: index) }
            }
            for try await verdict in group { verdicts.append(verdict) }
            return verdicts
        }
    }

    static func report(_ verdicts: [Verdict]) {
        for verdict in verdicts {
            switch (verdict.ours, verdict.accepted) {
            case (.success, false):
                Issue.record("BIND refuses what we take:\n\(verdict.include)\n\(verdict.output)")
            case (.success, true) where !verdict.sameRecords:
                Issue.record("BIND reads other records:\n\(verdict.include)\n\(verdict.output)")
            default: break
            }
        }
        let stricter = verdicts.filter { verdict in
            if case .failure = verdict.ours { verdict.accepted } else { false }
        }
        let both = verdicts.count { verdict in
            if case .success = verdict.ours { verdict.accepted } else { false }
        }
        print("differential: \(verdicts.count) includes, \(both) taken by both, stricter on:")
        for verdict in stricter.prefix(60) {
            if case .failure(let refusal) = verdict.ours {
                print("  \(verdict.include.prefix(60).debugDescription): \(refusal.problems[0])")
            }
        }
    }

    @Test(.enabled(if: hasChecker, "named-checkzone (bind9-utils) is not installed"))
    func `Includes by hand`() async throws {
        let verdicts = try await Self.judgeAll(IncludeCorpus.all, dns: ZoneWorld.original)
        Self.report(verdicts)
        try Self.compareWithLists(verdicts)
        Self.report(try await Self.judgeAll(IncludeCorpus.all, dns: ZoneWorld.explicit))
    }

    /// The lists can't grow unseen; UPDATE_GOLDEN=1 writes them anew.
    static func compareWithLists(_ verdicts: [Verdict]) throws {
        let stricter = verdicts.compactMap { verdict -> String? in
            guard case .failure(let refusal) = verdict.ours, verdict.accepted else { return nil }
            return "\(verdict.include.debugDescription)  \(refusal.problems[0].message)"
        }
        try compare(stricter, with: "stricter.txt")
        guard hasKnotChecker else { return }
        let refused = verdicts.compactMap { verdict -> String? in
            guard let refusal = verdict.knotRefusal else { return nil }
            let first = refusal.split(separator: "\n").first ?? ""
            return "\(verdict.include.debugDescription)  \(first)"
        }
        try compare(refused, with: "knot-refuses.txt")
    }

    private static func compare(_ lines: [String], with name: String) throws {
        let text = Set(lines).sorted().joined(separator: "\n") + "\n"
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test(.enabled(if: hasChecker, "named-checkzone (bind9-utils) is not installed"))
    func `Mutated includes`() async throws {
        var random = Mutations(from: 20_260_101)
        let count = ProcessInfo.processInfo.environment["EDGEMANAGE_MUTATIONS"].flatMap(Int.init)
        let includes = (0..<(count ?? 300)).map { _ in random.include() }
        Self.report(try await Self.judgeAll(includes, dns: ZoneWorld.original))
    }
}

extension DifferentialTests {
    /// What the fuzzer kept: the saved corpus, and in script/soak all that it found on this machine.
    @Test(.enabled(if: hasChecker, "named-checkzone (bind9-utils) is not installed"))
    func `Fuzzed includes`() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var folders = ["Fuzz/corpus/include"]
        let isLong = ProcessInfo.processInfo.environment["EDGEMANAGE_SWEEP"] == "all"
        if isLong { folders.append(".build-fuzz/found/include") }
        let files = folders.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(
                at: root.appending(path: folder), includingPropertiesForKeys: nil)) ?? []
        }
        #expect(!files.isEmpty)
        let parser = LdnsZoneParser()
        // What we refuse can't be published; the rest is judged, a part of it unless there is time.
        let taken = try files.map { [UInt8](try Data(contentsOf: $0)) }.filter { bytes in
            let found = parser.checkInclude(
                bytes, zone: ZoneWorld.zone, dns: ZoneWorld.original, file: "f")
            return (try? found.get()) != nil
        }.sorted { $0.lexicographicallyPrecedes($1) }
        let part =
            isLong
            ? taken
            : stride(from: 0, to: taken.count, by: max(1, taken.count / 200))
                .map { taken[$0] }
        let verdicts = try await Self.judgeAll(part, dns: ZoneWorld.original)
        Self.report(verdicts)
        for verdict in verdicts where verdict.knotRefusal != nil {
            let first = verdict.knotRefusal?.split(separator: "\n").first ?? ""
            print("  Knot refuses \(verdict.include.debugDescription): \(first)")
        }
    }
}

/// Includes bent at random, always the same ones for a seed.
struct Mutations: RandomNumberGenerator {
    private var state: UInt64

    /// The sequence that begins at a number, or as far behind it as EDGEMANAGE_FIRST_SEED says:
    /// script/soak tries others each time.
    init(from number: UInt64) {
        let first = ProcessInfo.processInfo.environment["EDGEMANAGE_FIRST_SEED"].flatMap(
            UInt64.init)
        state = number &+ (first ?? 1) &- 1
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let value = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return value ^ (value >> 29)
    }

    mutating func include() -> String {
        let lines = (0..<Int.random(in: 1...2, using: &self)).compactMap { _ in
            IncludeCorpus.all.randomElement(using: &self)
        }
        return mutated(lines.joined(separator: "\n"))
    }

    private static let pieces = [
        " ", "\t", "\n", "\"", "(", ")", ";", "\\", ".", "@", "*", "0", "9", "300", "IN", "CH", "A",
        "NS",
        "CNAME", "TXT", "\\065", "\\300", "$TTL 60\n", "$ORIGIN sub\n", "mail", "www", "\\.", "-",
        "_", "é",
        "65536", "4294967296", "1h", "1h30", "\r\n", "#", "\\#", "=", "a.b", "..",
    ]

    private mutating func mutated(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes.remove(at: place)
            case 1: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &self))
            case 2:
                let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
                guard words.count > 1 else { break }
                let index = Int.random(in: 0..<words.count, using: &self)
                var changed = words
                changed.remove(at: index)
                bytes = Array(changed.joined(separator: " ").utf8)
            default:
                let piece = Self.pieces.randomElement(using: &self) ?? " "
                bytes.insert(contentsOf: piece.utf8, at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
