import EdgeCore
import EdgeTesting
import Testing

@Suite("The original's state file")
struct OriginalStateFileTests {
    let now = OriginalSamples.now

    @Test("What is written is read back, without a note", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        var random = HistoryRandom(seed: UInt64(seed))
        let file = OriginalSamples.state(using: &random)
        #expect(try OriginalStateFile.decode(file.encoded(), now: now) == DecodedFile(value: file))
    }

    @Test("The layout is Python's, keys in order")
    func layout() throws {
        let zone = ZoneName("a.example")
        let file = OriginalStateFile(
            rotationList: [UnixTime(seconds: 7)], lastRun: UnixTime(seconds: 8),
            lastLive: [EdgeName(.v4(1))], zoneTimes: [zone: UnixTime(seconds: 9)],
            activeCanaries: [zone: .v4(2)], verificationFailures: [EdgeName(.v4(3))])
        let expected =
            #"{"active_canaries": {"a.example": "0.0.0.2"}, "last_live": ["0.0.0.1"], "#
            + #""last_run": 8.0, "rotation_list": [7.0], "verification_failures": ["0.0.0.3"], "#
            + #""zone_mtimes": {"a.example": 9.0}}"# + "\n"
        #expect(String(decoding: file.encoded(), as: UTF8.self) == expected)
    }

    @Test("Entries that make no sense are left out and noted")
    func oddities() throws {
        let text = """
            {"rotation_list": {}, "last_run": "x", "last_live": ["../x", 5, "a.example"],
            "zone_mtimes": {"a;rm": 1, "a.example": NaN, "b.example": 5},
            "active_canaries": {"a.example": "300.1.1.1", "b.example": "192.0.2.1"}}
            """
        let decoded = try OriginalStateFile.decode(Array(text.utf8), now: now)
        #expect(decoded.value.lastLive.map(\.text) == ["a.example"])
        #expect(decoded.value.zoneTimes.count == 1 && decoded.value.activeCanaries.count == 1)
        #expect(
            decoded.notes == [
                "rotation_list is not a list and was left out",
                "last_run is not a time and was left out",
                "last_live has 2 unusable entries, left out",
                "zone_mtimes has 2 unusable entries, left out",
                "active_canaries has 1 unusable entries, left out",
            ])
        #expect(decoded.missing == ["verification_failures"])
    }

    @Test("FUZZ: torn and mangled files never crash", arguments: 0..<100)
    func fuzz(seed: Int) {
        var random = HistoryRandom(seed: UInt64(seed) &* 97)
        let sound = OriginalSamples.state(using: &random).encoded()
        for _ in 0..<20 {
            let bytes = Mangler.mangle(sound, using: &random)
            _ = try? OriginalStateFile.decode(bytes, now: now)
        }
    }
}
