import EdgeCore
import EdgeShell
import EdgeSystemHistory
import EdgeTesting
import Foundation
import Testing

/// Modes that end by themselves, in the database.
@Suite struct ModeLimitTests {
    private let network: NetworkName = "web"
    private let edge: EdgeName = "a.test"

    /// Ends a mode by a round that saw `seen`, while the database says `present`; what it says then.
    private func ended(
        seen: ModeRecord, present: ModeRecord, moments: ManualMoments
    ) throws -> ModeRecord? {
        let directory = try TemporaryDirectory()
        let path = directory("modes.db")
        do {
            let store = try SQLiteStore(path: path, access: .readWrite)
            try store.setMode(network, edge: edge, to: present, actor: "anna", now: moments.now())
            try store.begin(
                RoundRecord(
                    network: network, moment: moments.now(), generation: 1,
                    endedModes: [edge: seen]), keptSamples: 5)
        }
        // As the next process reads it.
        let store = try SQLiteStore(path: path, access: .readOnly)
        return try store.load(network, judge: JudgeSettings(), now: moments.now()).modes[edge]
    }

    private func limited(_ moments: ManualMoments) -> ModeRecord {
        ModeRecord(
            mode: .unavailable, comment: "[anna] kernel", changed: moments.now().wall,
            limit: TimeLimit(since: moments.now(), length: .seconds(90)))
    }

    @Test func aModeIsKeptWithItsLimitAndEnds() throws {
        let moments = ManualMoments()
        let mode = limited(moments)
        let other = ModeRecord(mode: .force, comment: "x", changed: mode.changed)
        #expect(try ended(seen: other, present: mode, moments: moments) == mode)
        #expect(
            try ended(seen: mode, present: mode, moments: moments)
                == ModeRecord(changed: moments.now().wall))
    }

    /// What an operator said while the round was under way stands.
    @Test func aNewerWordStands() throws {
        let moments = ManualMoments()
        let mode = limited(moments)
        var longer = mode
        longer.limit?.length = .seconds(7200)
        #expect(try ended(seen: mode, present: longer, moments: moments) == longer)
    }
}
