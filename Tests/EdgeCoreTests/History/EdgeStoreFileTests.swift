import EdgeCore
import Testing

@Suite("The edgestore file")
struct EdgeStoreFileTests {
    let now = OriginalSamples.now

    @Test("What is written is read back, without a note", arguments: 0..<40)
    func roundTrip(seed: Int) throws {
        var random = HistoryRandom(seed: UInt64(seed))
        let file = OriginalSamples.edgeStore(using: &random)
        let decoded = try EdgeStoreFile.decode(file.encoded(), now: now)
        #expect(decoded == DecodedFile(value: file))
    }

    @Test("The layout is Python's, on one line, keys in order")
    func layout() {
        let file = EdgeStoreFile(
            comment: "[ann] é",
            fetchTimes: [
                .init(
                    time: UnixTime(nanoseconds: 1_448_200_000_500_000_000),
                    duration: .milliseconds(14)),
                .init(time: UnixTime(seconds: 1_448_200_060), duration: .seconds(10)),
            ], health: .passThreshold,
            historicalAverage: [
                .init(time: UnixTime(seconds: 1_448_197_200), duration: .seconds(5))
            ],
            mode: .force, rotationHistory: [UnixTime(seconds: 3), UnixTime(seconds: 4)],
            isLive: true,
            stateEntryTime: UnixTime(seconds: 5))
        let expected =
            #"{"comment": "[ann] \u00e9", "fetch_times": {"1448200000.5": 0.014, "#
            + #""1448200060.0": 10.0}, "health": "pass_threshold", "historical_average": "#
            + #"{"1448197200": 5.0}, "mode": "force", "rotation_history": [3.0, 4.0], "#
            + #""state": "in", "state_entry_time": 5.0}"# + "\n"
        #expect(String(decoding: file.encoded(), as: UTF8.self) == expected)
    }

    @Test("A file as Python 2 left it: no order, integers, indented")
    func foreign() throws {
        let text = """
            {
                "state": "in", "mode": "blindforce", "state_entry_time": 1448200000,
                "fetch_times": {"1448200060.2": 5e-05, "1448200000.12": 1, "1448200120": 0.25},
                "rotation_history": [1448200001, 1448200000.5], "extra": {"x": [1]}
            }
            """
        let decoded = try EdgeStoreFile.decode(Array(text.utf8), now: now)
        #expect(
            decoded.value.fetchTimes.map(\.duration) == [
                .seconds(1), .microseconds(50), .milliseconds(250),
            ])
        #expect(decoded.value.rotationHistory.map(\.seconds) == [1_448_200_000, 1_448_200_001])
        #expect(decoded.value.mode == .blindforce && decoded.value.isLive)
        #expect(decoded.notes.isEmpty)
        #expect(decoded.missing == ["comment", "health", "historical_average"])
    }

    @Test("Entries that make no sense are left out and noted, each kind once")
    func oddities() throws {
        let text = """
            {"comment": 5, "fetch_times": {"1448200000": NaN, "1448200001": -1, "-5": 1, "x": 1,
            "1900000000": 1, "1448200002": 1e9, "1448200003": "1", "1448200004": Infinity,
            "1448200005": 0.5}, "health": "fine", "historical_average": [], "mode": "on",
            "rotation_history": [null, 5, 1900000000], "state": 1, "state_entry_time": 1900000000}
            """
        let decoded = try EdgeStoreFile.decode(Array(text.utf8), now: now)
        #expect(
            decoded.value
                == EdgeStoreFile(
                    fetchTimes: [
                        .init(time: UnixTime(seconds: 1_448_200_005), duration: .milliseconds(500))
                    ], rotationHistory: [UnixTime(seconds: 5)], stateEntryTime: now))
        #expect(
            decoded.notes == [
                "comment is not a string and was left out",
                "fetch_times: 1 from the future, left out",
                "fetch_times: 2 without a time, left out",
                "fetch_times: 5 without a value, left out",
                "health is unknown and was left out",
                "historical_average is not a map and was left out",
                "mode is unknown and counts as available",
                "rotation_history: 1 from the future, left out",
                "rotation_history: 1 without a time, left out",
                "state is not a string and was left out",
                "state_entry_time lies in the future and counts as now",
            ])
    }

    @Test("Of too many entries the newest are kept")
    func bounds() throws {
        var file = EdgeStoreFile()
        file.fetchTimes = (1...2500).map {
            .init(time: UnixTime(seconds: Int64($0)), duration: .seconds(1))
        }
        let decoded = try EdgeStoreFile.decode(file.encoded(), now: now)
        #expect(decoded.value.fetchTimes.count == 2000)
        #expect(decoded.value.fetchTimes.first?.time.seconds == 501)
    }

    @Test("Never changed is -1, 0 or null", arguments: ["-1", "0", "null", "0.0"])
    func never(text: String) throws {
        let bytes = Array("{\"state_entry_time\": \(text)}".utf8)
        #expect(try EdgeStoreFile.decode(bytes, now: now).value.stateEntryTime == nil)
    }

    @Test("The hour of a time before 1970 is the one it falls into")
    func hours() {
        #expect(EdgeStoreFile.hour(of: UnixTime(seconds: 7300)).seconds == 7200)
        #expect(EdgeStoreFile.hour(of: UnixTime(seconds: -1)).seconds == -3600)
        #expect(EdgeStoreFile.hour(of: UnixTime(nanoseconds: .min)) < UnixTime(seconds: 0))
    }

    @Test("FUZZ: torn and mangled files never crash, and are read or refused", arguments: 0..<200)
    func fuzz(seed: Int) throws {
        var random = HistoryRandom(seed: UInt64(seed) &* 31)
        var file = OriginalSamples.edgeStore(using: &random)
        file.fetchTimes = file.fetchTimes.suffix(5)
        file.historicalAverage = file.historicalAverage.suffix(3)
        file.rotationHistory = file.rotationHistory.suffix(3)
        let sound = file.encoded()
        for _ in 0..<20 {
            let bytes = Mangler.mangle(sound, using: &random)
            _ = try? EdgeStoreFile.decode(bytes, now: now)
            guard let splice = EdgeStoreSplice(bytes) else { continue }
            let update = OriginalSamples.update(of: file, using: &random)
            guard let spliced = splice.applying(update) else { continue }
            _ = try? EdgeStoreFile.decode(spliced, now: now)
        }
    }
}

/// Does to bytes what disks, editors and enemies do.
enum Mangler {
    static func mangle(_ sound: [UInt8], using random: inout HistoryRandom) -> [UInt8] {
        var bytes = sound
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        case 1:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            for index in start..<bytes.count { bytes[index] = 0 }
        case 2:
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
        case 3:
            let alphabet = Array("{}[]\",: 0123456789.eE+-\\nN".utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = alphabet.randomElement(using: &random)!
            }
        case 4:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            let end = Int.random(in: start..<bytes.count, using: &random)
            bytes.removeSubrange(start...end)
        default:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            bytes.insert(contentsOf: bytes[start...], at: Int.random(in: 0...start, using: &random))
        }
        return bytes
    }
}
