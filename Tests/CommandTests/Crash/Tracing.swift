import Foundation
import Testing

/// System calls watched and made to fail by strace(1).
enum Tracing {
    /// Whether strace is there and may trace.
    static let isPossible = succeeds(["strace", "-o", "/dev/null", "true"])

    /// Whether a command exits with status 0.
    static func succeeds(_ command: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

extension CommandBench {
    /// Runs the program under strace, all threads, with these options of strace's own.
    func traced(
        _ options: [String], _ arguments: [String], into trace: String = "/dev/null"
    ) async throws -> ChildProcess.Ending {
        try await tool(["strace", "-f", "-qq", "-o", trace] + options + [Self.program] + arguments)
    }

    /// The calls of this name that a round makes in all its threads together, counted from 1, the
    /// loader's and the libraries' left out.
    func places(of call: String, _ arguments: [String]) async throws -> ClosedRange<Int>? {
        _ = try await traced(["-e", "trace=\(call)"], arguments, into: path("count"))
        let lines = text("count").split(separator: "\n").filter { $0.contains("\(call)(") }
        guard !lines.isEmpty else { return nil }
        let first = lines.firstIndex { $0.contains("\"edgemanage.yaml\"") } ?? 0
        return (first + 1)...lines.count
    }
}

/// What zones may say while rounds are interrupted: the old content or the new, and no serial twice
/// with other bytes (I2, I3, I22).
struct ZoneWatch {
    let bench: CommandBench
    private var bytes: [UInt32: String] = [:]
    private(set) var revision = 0
    private var accepted: Set<Int> = [0]

    init(_ bench: CommandBench) {
        self.bench = bench
    }

    /// Gives the zone another include, which the next round has to publish.
    mutating func change() throws {
        accepted = [revision, revision + 1]
        revision += 1
        try bench.write(
            "includes/web/example.test.zone",
            "mail 3600 IN A 192.0.2.25\nrevision 60 IN TXT \"\(revision)\"\n")
    }

    /// Looks at the zone file as any reader might.
    mutating func look(_ what: String) throws {
        guard bench.has("zones/example.test.zone") else {
            #expect(bytes.isEmpty, "\(what): the zone file is gone")
            return
        }
        let zone = try bench.published()
        let seen = zone.lines.compactMap { line -> Int? in
            guard line.hasPrefix("revision.example.test. 60 TXT ") else { return nil }
            return Int(line.filter { $0 != "\"" }.split(separator: " ").last ?? "")
        }
        #expect(accepted.contains(seen.first ?? 0), "\(what): \(zone.text)")
        if let known = bytes[zone.serial] {
            #expect(known == zone.text, "\(what): serial \(zone.serial) has other bytes now")
        } else {
            let highest = bytes.keys.max() ?? 0
            #expect(zone.serial > highest, "\(what): the serial fell from \(highest)")
        }
        bytes[zone.serial] = zone.text
    }

    /// A round that nothing disturbs must succeed, publish what is wanted, and leave no rubbish.
    mutating func recover(_ what: String) async throws {
        let round = try await bench.run("run", "-c", "edgemanage.yaml", "--force")
        #expect(round.status == 0, "after \(what): \(round.everything)")
        accepted = [revision]
        try look("recovered from \(what)")
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.path("zones"))
        #expect(names == ["example.test.zone"], "after \(what)")
    }
}
