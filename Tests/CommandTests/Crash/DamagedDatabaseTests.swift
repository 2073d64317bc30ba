import EdgeCore
import EdgeLoopback
import Foundation
import Testing

/// A database in which no round can run, and in which operators' words can be read: whenever the run that
/// begins a new one dies, the words are kept, and what became of the old one is said (I22, I23).
@Suite(.enabled(if: CallFaults.isPossible, "libcallfaults.so is not built"))
struct DamagedDatabaseTests {
    private static let round = ["run", "-c", "edgemanage.yaml", "--force", "-q"]
    private static let comment = "spoken last"

    /// The files of a damaged database, to be put back as often as one likes.
    private struct Damage {
        var files: [String: Data] = [:]

        /// A mode and a hold, the newest words and the damage in the write-ahead log alone.
        init(_ bench: CommandBench) async throws {
            try bench.configure()
            try await bench.begin()
            let edge = bench.edges[0].address
            for words in [
                ["edge", "set", "unavailable", edge, "-m", "spoken first"],
                ["hold", "web", "night shift"],
            ] {
                let said = try await bench.start(words + ["-c", "edgemanage.yaml"]).ending()
                #expect(said.status == 0, "\(said.everything)")
            }
            let sql =
                "PRAGMA foreign_keys = OFF; UPDATE mode SET comment = '\(DamagedDatabaseTests.comment)'; "
                + "DROP TABLE round"
            let drop = try await bench.tool(
                "sqlite3", "-cmd", ".dbconfig no_ckpt_on_close on", "edgemanage.db", sql)
            #expect(drop.status == 0, "\(drop.everything)")
            for name in ["edgemanage.db", "edgemanage.db-wal"] {
                files[name] = FileManager.default.contents(atPath: bench.path(name))
            }
            #expect(files["edgemanage.db-wal"]?.isEmpty == false)
        }

        func putBack(_ bench: CommandBench) throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: bench.directory)
            where name.contains("edgemanage.db") || name == "edgemanage.log" {
                try bench.remove(name)
            }
            for (name, bytes) in files {
                try bytes.write(to: URL(filePath: bench.path(name)))
            }
        }
    }

    /// The mode and the hold are there, and nothing but the database and the damaged one.
    private func expectWords(_ bench: CommandBench, _ what: String) async throws {
        let status = try await bench.status()
        #expect(
            status.edges.contains { $0.mode == "unavailable" && $0.comment == Self.comment },
            "\(what): the mode is lost")
        #expect(status.rotationHold?.contains("night shift") == true, "\(what): the hold is lost")
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.directory).filter {
            $0.contains("edgemanage.db") && !$0.hasSuffix(".lock")
                && !$0.hasPrefix("edgemanage.db.corrupt-")
        }
        let own = ["edgemanage.db", "edgemanage.db-shm", "edgemanage.db-wal"]
        #expect(names.sorted() == own, "\(what)")
    }

    private static func sentences(_ ending: ChildProcess.Ending) -> Int {
        sentences(ending.everything)
    }

    private static func sentences(_ text: String) -> Int {
        text.components(separatedBy: "was set aside as").count - 1
    }

    @Test(
        arguments: [
            (.kill(after: false), 8), (.kill(after: true), 8), (.error(EIO), 8),
            (.error(ENOSPC), 8), (.errorFrom(ENOSPC), 8),
        ] as [(CallFaults.Action, Int)])
    func wordsSurviveEveryFault(action: CallFaults.Action, others: Int) async throws {
        try await CommandBench.with { bench in
            let damage = try await Damage(bench)
            try damage.putBack(bench)
            let counted = try await bench.disturbed(.nothing, at: 0, Self.round)
            #expect(counted.ending.status == 1, "\(counted.ending.everything)")
            #expect(Self.sentences(counted.ending) == 1, "\(counted.ending.everything)")
            try await expectWords(bench, "the counted run")
            // One and all from the first that touches another name to the last that writes the database
            // before the round goes on.
            let first = counted.calls.firstIndex { $0.contains(".corrupt-") || $0.contains(".new") }
            let last = counted.calls.lastIndex {
                $0.contains(".corrupt-") || $0.contains(".replacing")
            }
            let from = try #require(first)
            let steps = Array((from + 1)...(max(last ?? 0, from) + 12))
            for place in Set(Sweep.places(others, of: counted.calls.count) + steps).sorted() {
                try damage.putBack(bench)
                let run = try await bench.disturbed(action, at: place, Self.round)
                let what = "\(action) at \(run.disturbed ?? "no call, \(place)")"
                let logged = Self.sentences(bench.text("edgemanage.log"))
                let next = try await bench.start(Self.round).ending()
                #expect([0, 1].contains(next.status), "\(what): \(next.everything)")
                let said = logged + Self.sentences(run.ending) + Self.sentences(next)
                #expect(said >= 1, "\(what): nothing is said: \(next.everything)")
                #expect(Self.sentences(next) <= 1, "\(what): \(next.everything)")
                try await expectWords(bench, what)
                let later = try await bench.start(Self.round).ending()
                #expect(later.status == 0, "\(what): \(later.everything)")
                #expect(Self.sentences(later) == 0, "\(what): \(later.everything)")
            }
        }
    }

    /// Several find the damage at once, each with a word of its own: none is lost, the old ones neither.
    @Test func wordsOfAllWhoFindItAreKept() async throws {
        try await CommandBench.with(edges: 6) { bench in
            let damage = try await Damage(bench)
            for _ in 1...5 {
                try damage.putBack(bench)
                let children = try bench.edges.dropFirst().map { edge in
                    try bench.start([
                        "edge", "set", "force", edge.address, "-m", "mine", "-c",
                        "edgemanage.yaml",
                    ])
                }
                for child in children {
                    let ending = await child.ending()
                    #expect([0, 1].contains(ending.status), "\(ending.everything)")
                    #expect(ending.output.contains("Set mode for"), "\(ending.everything)")
                }
                try await expectWords(bench, "many at once")
                let forced = try await bench.status().edges.count { $0.mode == "force" }
                #expect(forced == bench.edges.count - 1)
            }
        }
    }
}
