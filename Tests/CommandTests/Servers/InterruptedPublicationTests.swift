import EdgeCore
import EdgeRealServers
import EdgeTesting
import Foundation
import Testing

/// Runs that are killed while a real name server is told (I2, I13, I22).
@Suite(.serialized, .enabled(if: CallFaults.isPossible, "libcallfaults.so is not built"))
struct InterruptedPublicationTests {
    /// Whatever was killed, the next run makes the world serve what is published.
    @Test(
        arguments: [
            (.file, .kill(after: false), 12), (.wire, .kill(after: false), 12),
            (.wire, .kill(after: true), 6), (.wire, .error(ENETUNREACH), 6),
        ] as [(CallFaults.Set, CallFaults.Action, Int)])
    func theNextRunIsServed(
        set: CallFaults.Set, action: CallFaults.Action, places: Int
    ) async throws {
        try await ServerBench.with(.bind) { scene in
            let bench = scene.bench
            try await scene.begin()
            var watch = ZoneWatch(bench)
            try watch.look("the beginning")
            try await bench.whileReading {
                try watch.change()
                let counted = try await bench.disturbed(.nothing, at: 0, of: set, CrashTests.round)
                try watch.look("the counted round")
                for place in Sweep.places(places, of: counted.calls.count) {
                    try watch.change()
                    let run = try await bench.disturbed(
                        action, at: place, of: set, CrashTests.round)
                    let what = "\(action) at \(run.disturbed ?? "no call, \(place)")"
                    try watch.look(what)
                    try await scene.publish()
                    let served = try await scene.served().get()
                    #expect(try served.serial.value == bench.published().serial, "\(what)")
                    #expect(
                        try await scene.status().contains("serves what was published"), "\(what)")
                    try await watch.recover(what)
                }
            }
        }
    }
}
