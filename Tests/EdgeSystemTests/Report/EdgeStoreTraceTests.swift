import EdgeCore
import EdgeSystemFiles
import EdgeSystemReport
import EdgeTesting
import Testing

/// The original's edgestore files as a trace.
@Suite struct EdgeStoreTraceTests {
    private let now = UnixTime(seconds: 1_700_001_000)

    private func rounds(_ trace: EdgeStoreTrace) -> [String] {
        var rounds: [String] = []
        trace.replay(timeout: .seconds(4)) { round in
            let probes = round.probes.map { probe in
                let outcome = probe.attempts.last
                return "\(probe.target.name) \(outcome?.fetchTime.map { "\($0)" } ?? "failed")"
            }
            rounds.append(
                "\(round.time.seconds - 1_700_000_000): " + probes.joined(separator: ", "))
        }
        return rounds
    }

    @Test func aDirectoryOfFilesIsOneTrace() throws {
        let directory = ScratchDirectory()
        directory.write(
            "192.0.2.1.edgestore",
            #"{"fetch_times": {"1700000000.5": 0.25, "1700000060.5": 10.0, "1700000120.5": 4.0}}"#)
        directory.write(
            "e2.test.edgestore",
            #"{"fetch_times": {"1700000003": 1, "1700000125": 2, "1900000000": 1}}"#)
        directory.write(".e2.test.edgestore.17-1.tmp~", "")
        directory.write("a b.edgestore", "{}")
        directory.write("notes", "not of them")
        #expect(EdgeStoreTrace.isMeant(by: directory.path))
        let trace = try EdgeStoreTrace(directory.path, now: now)
        #expect(trace.edges == ["192.0.2.1", "e2.test"])
        #expect(
            trace.notes == [
                "\(directory.path)/a b.edgestore: its name is no edge's name; it is passed over",
                "\(directory.path)/e2.test.edgestore: fetch_times: 1 from the future, left out",
            ])
        #expect(
            rounds(trace) == [
                "0: 192.0.2.1 0.25 seconds, e2.test 1.0 seconds", "60: 192.0.2.1 failed",
                "120: 192.0.2.1 failed, e2.test 2.0 seconds",
            ])
    }

    @Test func oneFileIsATraceOfOneEdge() throws {
        let directory = ScratchDirectory()
        directory.write("e2.test.edgestore", #"{"fetch_times": {"1700000003": 1}}"#)
        let path = "\(directory.path)/e2.test.edgestore"
        #expect(EdgeStoreTrace.isMeant(by: path) && !EdgeStoreTrace.isMeant(by: "trace.jsonl"))
        let trace = try EdgeStoreTrace(path, now: now)
        #expect(trace.edges == ["e2.test"] && rounds(trace) == ["3: e2.test 1.0 seconds"])
    }

    @Test func whatCantBeReplayedIsNamed() throws {
        let directory = ScratchDirectory()
        func problem(_ path: String) -> String {
            do throws(FileError) {
                _ = try EdgeStoreTrace(path, now: now)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            problem(directory.path)
                == "cannot replay \(directory.path): there is no <edge>.edgestore file")
        let path = "\(directory.path)/e.test.edgestore"
        #expect(problem(path).hasPrefix("cannot read \(path): No such file"))
        directory.write("e.test.edgestore", #"{"fetch"#)
        #expect(
            problem(path) == "cannot replay \(path): the text ends too early at byte 7")
    }
}
