import EdgeCore
import EdgeTesting
import EdgeShell
import EdgeSystemConfiguration
import Foundation
import Testing

@Suite struct FileInventoryReaderTests {
    let reader = FileInventoryReader()
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func appendsTheExtraList() throws {
        let first = try directory.write("a.example\nb.example\n", to: "edges")
        let second = try directory.write("c.example\na.example\n", to: "more")
        let (names, warnings) = try reader.edges(from: .files(first, extra: second))
        #expect(names.map(\.text) == ["a.example", "b.example", "c.example"])
        #expect(warnings.count == 1 && warnings[0].hasPrefix("\(second):2: "))
        let alone = try reader.edges(from: .files(first, extra: "\(directory.path)/none"))
        #expect(alone.names.count == 2 && alone.warnings.isEmpty)
    }

    @Test func anEmptyListIsAWarningAndAMissingOneAnError() throws {
        let path = try directory.write("# nobody\n\n", to: "edges")
        let (names, warnings) = try reader.edges(from: .files(path, extra: nil))
        #expect(names.isEmpty)
        #expect(warnings == ["\(path): the edge list names no edge; what is published stays"])
        let error = #expect(throws: InventoryFailure.self) {
            try reader.edges(from: .files("\(directory.path)/none", extra: nil))
        }
        #expect(
            error?.description
                == "the edge list \(directory.path)/none does not exist; create it or correct "
                + "the path"
        )
    }

    @Test func waitsForNoPipeAndReadsNoDirectory() throws {
        let pipe = "\(directory.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let error = #expect(throws: InventoryFailure.self) { try reader.testObject(at: pipe) }
        #expect(error?.description == "the test object \(pipe) is no regular file; name a file")
        #expect(throws: InventoryFailure.self) { try reader.testObject(at: directory.path) }
        #expect(throws: InventoryFailure.self) { try reader.testObject(at: "/dev/zero") }
    }

    @Test func theTestObjectIsBoundedAndNotEmpty() throws {
        let object = try directory.write("hello\n", to: "object")
        #expect(try reader.testObject(at: object) == Array("hello\n".utf8))
        let empty = try directory.write("", to: "empty")
        #expect(throws: InventoryFailure.self) { try reader.testObject(at: empty) }
        let most = FileInventoryReader.maximumObjectBytes
        let largest = try directory.write([UInt8](repeating: 1, count: most), to: "largest")
        #expect(try reader.testObject(at: largest).count == most)
        let larger = try directory.write([UInt8](repeating: 1, count: most + 1), to: "larger")
        let error = #expect(throws: InventoryFailure.self) { try reader.testObject(at: larger) }
        #expect(error?.description.contains("8 MiB") == true)
    }

    @Test func badCanariesAreLeftOut() throws {
        let path = try directory.write(
            """
            # canaries
            example.org: 192.0.2.22
            ../etc: 192.0.2.23
            example.com: not-an-address
            Example.Org.: 192.0.2.24
            example.net: "2001:db8::22"
            """, to: "canaries")
        let (map, warnings) = try reader.canaries(from: .file(path))
        #expect(map.count == 2)
        #expect(map[ZoneName("example.org")] == IPAddress("192.0.2.22"))
        #expect(
            warnings == [
                "\(path):3: \"../etc\" is no zone's name; the entry is left out",
                "\(path):4: the canary of example.com must be one IP address, not "
                    + "\"not-an-address\"; "
                    + "the entry is left out",
                "\(path):5: zone example.org stands twice; the entry is left out",
            ])
    }

    @Test(arguments: ["", "# none yet\n", "\n\n", "{}", "~\n", "---\n"])
    func anEmptyCanaryFileHasNone(_ text: String) throws {
        let path = try directory.write(text, to: "canaries")
        let (map, warnings) = try reader.canaries(from: .file(path))
        #expect(map.isEmpty && warnings.isEmpty, "\(warnings)")
    }

    @Test func aBrokenCanaryFileStopsNothing() throws {
        let missing = try reader.canaries(from: .file("\(directory.path)/none"))
        #expect(missing.map.isEmpty && missing.warnings.isEmpty)
        for text in ["- a\n", "a: [\n", "example.org: 192.0.2.1\n\tx: y\n"] {
            let path = try directory.write(text, to: "canaries")
            let (map, warnings) = try reader.canaries(from: .file(path))
            #expect(map.isEmpty)
            #expect(!warnings.isEmpty && warnings.allSatisfy { $0.hasPrefix(path) }, "\(warnings)")
        }
    }

    /// A canary named twice must not cost the other zones their canaries.
    @Test func aRepeatedCanaryCostsNoOther() throws {
        let path = try directory.write(
            "example.org: 192.0.2.1\nexample.org: 192.0.2.2\nexample.net: 192.0.2.3\n",
            to: "canaries")
        let (map, warnings) = try reader.canaries(from: .file(path))
        #expect(map.count == 2)
        #expect(warnings.count == 1)
    }
}
