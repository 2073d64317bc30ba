import EdgeCore
import EdgeTesting
import EdgeShell
import EdgeSystemPublish
import Foundation
import Testing

/// The include directory.
struct DirectoryIncludeReaderTests {
    let directory: TemporaryDirectory
    let reader = DirectoryIncludeReader()

    init() throws { directory = try TemporaryDirectory() }

    @Test func `Includes by zone, in order; the rest is a warning or silence`() throws {
        for name in [
            "b.test.zone", "A.test.zone", "notes.txt", "-.zone", ".hidden.zone", "b.test.zone~",
        ] {
            try directory.file(name, "")
        }
        try directory.file("a.test.zone", "")
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/d.test.zone", withIntermediateDirectories: false)
        let (entries, warnings) = try reader.scan(directory.path)
        #expect(entries.map(\.zone.text) == ["a.test", "b.test"])
        let path = directory.path
        #expect(
            warnings == [
                "\(path)/-.zone is passed over: its name is no zone's name",
                "\(path)/a.test.zone is passed over: A.test.zone is for the same zone",
                "\(path)/d.test.zone is passed over: it is no readable file",
                "\(path)/notes.txt is passed over: includes are named <zone>.zone",
            ])
    }

    @Test func `A link counts as what it points to, a broken one is a warning`() throws {
        try directory.file("common", "@ TXT a\n")
        for (name, target) in [("a.test.zone", "common"), ("b.test.zone", "gone")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory.path)/\(name)", withDestinationPath: target)
        }
        let (entries, warnings) = try reader.scan(directory.path)
        #expect(entries.map(\.zone.text) == ["a.test"])
        #expect(warnings.count == 2)
        #expect(try reader.read(ZoneName("a.test"), in: directory.path) == Array("@ TXT a\n".utf8))
    }

    @Test func `A name with capitals is found again`() throws {
        try directory.file("Site.TEST.zone", "@ TXT a\n")
        let zone = try #require(try reader.scan(directory.path).entries.first?.zone)
        #expect(try reader.read(zone, in: directory.path) == Array("@ TXT a\n".utf8))
    }

    @Test func `What can't be read is named`() throws {
        #expect(
            throws: UnreadableInclude(
                message: "could not open directory /nonexistent/x: No such file or directory")
        ) { try reader.scan("/nonexistent/x") }
        #expect(
            throws: UnreadableInclude(
                message:
                    "could not open \(directory.path)/site.test.zone: No such file or directory")
        ) { try reader.read(ZoneWorld.zone, in: directory.path) }
        try directory.file("site.test.zone", String(repeating: "x", count: (4 << 20) + 1))
        #expect(
            throws: UnreadableInclude(
                message: "\(directory.path)/site.test.zone is over 4 MiB; split the zone")
        ) { try reader.read(ZoneWorld.zone, in: directory.path) }
    }

    @Test func `A pipe in an include's place does not hold anybody up`() throws {
        mkfifo("\(directory.path)/site.test.zone", 0o600)
        #expect(throws: UnreadableInclude.self) {
            try reader.read(ZoneWorld.zone, in: directory.path)
        }
        #expect(try reader.scan(directory.path).entries.isEmpty)
    }

    @Test func `The zones alone are those that a scan finds`() throws {
        try directory.file("common", "@ TXT a\n")
        for name in ["b.test.zone", "A.test.zone", "a.test.zone", "-.zone", ".c.test.zone"] {
            try directory.file(name, "")
        }
        for (name, target) in [("linked.test.zone", "common"), ("broken.test.zone", "gone")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory.path)/\(name)", withDestinationPath: target)
        }
        mkfifo("\(directory.path)/pipe.test.zone", 0o600)
        let zones = try reader.zones(in: directory.path)
        #expect(zones.map(\.text).sorted() == ["a.test", "b.test", "linked.test"])
        #expect(zones == Set(try reader.scan(directory.path).entries.map(\.zone)))
        #expect(throws: UnreadableInclude.self) { try reader.zones(in: "/nonexistent/x") }
    }
}
