import EdgeCore
import EdgeShell
import EdgeSystemReport
import Glibc
import Testing

@Suite("Reading the original's files")
struct OriginalFileReaderTests {
    let now = UnixTime(seconds: 1_700_000_000)
    let names = ["a.example", "b.example", "c.example", "d.example"].map { EdgeName($0)! }

    @Test("What is there is read, what is missing is left out, what is torn is set aside")
    func reads() {
        let directory = ScratchDirectory()
        let files = OriginalFiles(healthStore: directory.path, stateFile: "\(directory.path)/state")
        directory.write("a.example.edgestore", #"{"mode": "force", "fetch_times": {"5": 1}}"#)
        directory.write("b.example.edgestore", #"{"mode": "force", "fetch_"#)
        directory.write("d.example.edgestore", #"{"fetch_times": {"1900000000": 1}}"#)
        directory.write("state", #"{"last_live": ["a.example"]}"#)
        let reader = OriginalFileReader(files: files, isDryRun: false)
        let findings = reader.read(unknown: names, readsState: true, now: now)
        #expect(findings.edges.keys.sorted() == [names[0], names[3]])
        #expect(findings.edges[names[0]]?.mode == .force)
        #expect(findings.state?.lastLive == [names[0]])
        let path = "\(directory.path)/b.example.edgestore"
        #expect(
            findings.notes == [
                "\(path) is damaged (the text ends too early at byte 25); it was set aside as "
                    + "\(path).corrupt-1700000000",
                "\(directory.path)/d.example.edgestore: fetch_times: 1 from the future, left out",
            ])
        #expect(directory.names.contains("b.example.edgestore.corrupt-1700000000"))
        #expect(!directory.names.contains("b.example.edgestore"))
        #expect(reader.read(unknown: names, readsState: false, now: now).state == nil)
    }

    @Test("A dry run renames nothing")
    func dryRun() {
        let directory = ScratchDirectory()
        directory.write("state", "")
        let files = OriginalFiles(stateFile: "\(directory.path)/state")
        let findings = OriginalFileReader(files: files, isDryRun: true)
            .read(unknown: names, readsState: true, now: now)
        #expect(findings.state == nil && findings.notes.count == 1)
        #expect(findings.notes[0].contains("a real run would set it aside"))
        #expect(directory.names == ["state"])
    }

    @Test("A pipe or a directory in a file's place is named and left alone")
    func notPlain() {
        let directory = ScratchDirectory()
        mkfifo("\(directory.path)/state", 0o600)
        let files = OriginalFiles(stateFile: "\(directory.path)/state")
        let findings = OriginalFileReader(files: files, isDryRun: false)
            .read(unknown: [], readsState: true, now: now)
        #expect(findings.notes.count == 1 && findings.notes[0].contains("no plain file"))
        #expect(directory.names == ["state"])
    }

    @Test("A file over 4 MiB is damaged")
    func huge() {
        let directory = ScratchDirectory()
        directory.write("state", [UInt8](repeating: 0x20, count: 4 * 1024 * 1024 + 1))
        let files = OriginalFiles(stateFile: "\(directory.path)/state")
        let findings = OriginalFileReader(files: files, isDryRun: false)
            .read(unknown: [], readsState: true, now: now)
        #expect(findings.notes.count == 1 && findings.notes[0].contains("set aside"))
    }

    @Test("Drift is a mode that differs and is not older than the database's")
    func drift() {
        let directory = ScratchDirectory()
        let record = { (seconds: Int64) in
            ModeRecord(mode: .force, changed: UnixTime(seconds: seconds))
        }
        directory.write("a.example.edgestore", #"{"mode": "unavailable", "state_entry_time": 50}"#)
        directory.write(
            "b.example.edgestore", EdgeStoreFile(mode: .blindforce).encoded())
        directory.write("c.example.edgestore", "torn")
        directory.write("d.example.edgestore", #"{"comment": ""}"#)
        let drifts = { (modes: [EdgeName: ModeRecord]) in
            OriginalFileReader.modeDrifts(
                in: directory.path, modes: modes, edges: names, now: now
            ).map { "\($0.edge) \($0.inFile) \($0.inForce)" }
        }
        #expect(
            drifts([:]) == ["a.example unavailable available", "b.example blindforce available"])
        #expect(
            drifts([names[0]: record(50), names[1]: record(50)]) == ["a.example unavailable force"])
        #expect(drifts([names[0]: record(51), names[1]: record(50)]) == [])
    }
}
