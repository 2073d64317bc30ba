import EdgeCore
import EdgeShell
import EdgeSystemPublish
import Foundation
import Testing

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
        #expect(
            accepted.contains(Self.revision(in: zone)), "\(what): \(accepted) wanted: \(zone.text)")
        if let known = bytes[zone.serial] {
            #expect(known == zone.text, "\(what): serial \(zone.serial) has other bytes now")
        } else {
            let highest = bytes.keys.max() ?? 0
            #expect(zone.serial > highest, "\(what): the serial fell from \(highest)")
        }
        bytes[zone.serial] = zone.text
    }

    private static func revision(in zone: PublishedText) -> Int {
        zone.lines.compactMap { line -> Int? in
            guard line.hasPrefix("revision.example.test. 60 TXT ") else { return nil }
            return Int(line.filter { $0 != "\"" }.split(separator: " ").last ?? "")
        }.first ?? 0
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

extension CommandBench {
    /// Does `body` while somebody reads the zone file all the time, who must always find a whole zone and
    /// never a serial lower than before (I2, I3).
    func whileReading(_ body: () async throws -> Void) async throws {
        let path = path("zones/example.test.zone")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var last = Data()
                var highest: UInt32 = 0
                while !Task.isCancelled {
                    if let bytes = FileManager.default.contents(atPath: path), bytes != last {
                        let parsed = LdnsZoneParser().parse(
                            [UInt8](bytes), zone: Self.zone, file: "zone")
                        let serial = (try? parsed.get().serial.value) ?? 0
                        #expect(
                            serial >= highest && serial > 0,
                            "torn: \(parsed): \(String(decoding: bytes, as: UTF8.self))")
                        highest = max(highest, serial)
                        last = bytes
                    }
                    try? await Task.sleep(for: .microseconds(200))
                }
                #expect(highest > 0, "the reader has read nothing")
            }
            defer { group.cancelAll() }
            try await body()
        }
    }
}
