import Foundation
import Testing

/// Killed, refused and cut short at system calls, one after the other, while somebody reads the zones all the
/// time (I2, I22, I26).
@Suite(.enabled(if: CallFaults.isPossible, "libcallfaults.so is not built"))
struct CrashTests {
    static let round = ["run", "-c", "edgemanage.yaml", "--force"]

    /// What is done, and at how many places in script/test; script/soak tries all.
    @Test(
        arguments: [
            (.kill(after: false), 40), (.kill(after: true), 20), (.error(ENOSPC), 24),
            (.error(EIO), 24), (.error(EINTR), 24), (.error(EMFILE), 6), (.short, 12),
            (.errorFrom(ENOSPC), 12), (.errorFrom(EIO), 6),
        ] as [(CallFaults.Action, Int)])
    func everyCallLeavesTheOldOrTheNew(action: CallFaults.Action, places: Int) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try await bench.begin()
            var watch = ZoneWatch(bench)
            try watch.look("the beginning")
            try await bench.whileReading {
                try watch.change()
                let counted = try await bench.disturbed(.nothing, at: 0, Self.round)
                #expect(counted.ending.status == 0, "\(counted.ending.everything)")
                try watch.look("the counted round")
                var missed = 0
                for place in Sweep.places(places, of: counted.calls.count) {
                    try watch.change()
                    let run = try await bench.disturbed(action, at: place, Self.round)
                    let what = "\(action) at \(run.disturbed ?? "no call, \(place)")"
                    if run.disturbed == nil { missed += 1 }
                    Self.judge(run, action, what)
                    try watch.look(what)
                    try await watch.recover(what)
                }
                // The last places may lie behind a run's end: not all runs are equally long.
                #expect(missed <= max(1, counted.calls.count / 10))
            }
        }
    }

    /// A run that is killed dies of it; another one succeeds, or says what failed.
    private static func judge(_ run: CallFaults.Run, _ action: CallFaults.Action, _ what: String) {
        if case .kill = action, run.disturbed != nil {
            #expect(run.ending.status == -9, "\(what): \(run.ending.everything)")
            return
        }
        #expect([0, 1].contains(run.ending.status), "\(what): \(run.ending.everything)")
        if run.ending.status == 1 {
            #expect(!run.ending.everything.isEmpty, "\(what): nothing is said")
        }
    }

    /// The same in the first round of all, which makes the database.
    @Test(
        arguments: [(.kill(after: false), 24), (.error(ENOSPC), 12), (.short, 6)]
            as [(CallFaults.Action, Int)])
    func theFirstRoundToo(action: CallFaults.Action, places: Int) async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            func forget() throws {
                for name in try FileManager.default.contentsOfDirectory(atPath: bench.directory)
                where name.hasPrefix("edgemanage.db") { try bench.remove(name) }
                try? bench.remove("zones/example.test.zone")
            }
            let counted = try await bench.disturbed(.nothing, at: 0, Self.round)
            // Making the database takes most of the calls: those at the zones are tried one and all.
            let zones = counted.calls.filter { $0.contains("/zones") }.compactMap {
                Int($0.prefix { $0.isNumber })
            }
            #expect(zones.count > 3, "\(counted.calls)")
            for place in Set(Sweep.places(places, of: counted.calls.count) + zones).sorted() {
                try forget()
                var watch = ZoneWatch(bench)
                let run = try await bench.disturbed(action, at: place, Self.round)
                let what = "\(action) at \(run.disturbed ?? "no call, \(place)")"
                Self.judge(run, action, what)
                try watch.look(what)
                try await watch.recover(what)
            }
        }
    }
}
