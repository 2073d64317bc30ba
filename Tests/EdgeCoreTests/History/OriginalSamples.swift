import EdgeCore

/// Random but sound values of the original's files.
enum OriginalSamples {
    static let now = UnixTime(seconds: 1_800_000_000)

    static func edgeStore(using random: inout HistoryRandom) -> EdgeStoreFile {
        let sizes = [0, 1, 2, 59, 1999, 2000]
        var time = Int64.random(in: 1_700_000_000...1_700_900_000, using: &random) * 1_000_000_000
        let fetches = (0..<sizes.randomElement(using: &random)!).map { _ in
            time += Int64.random(in: 1...120_000_000_000, using: &random)
            return EdgeStoreFile.Fetch(
                time: UnixTime(nanoseconds: time),
                duration: .nanoseconds(Int64.random(in: 0...10_000_000_000, using: &random)))
        }
        var hour = EdgeStoreFile.hour(of: UnixTime(nanoseconds: time)).seconds - 3600 * 2000
        let averages = (0..<sizes.randomElement(using: &random)!).map { _ in
            hour += 3600
            return EdgeStoreFile.Fetch(
                time: UnixTime(seconds: hour),
                duration: .nanoseconds(Int64.random(in: 0...10_000_000_000, using: &random)))
        }
        let comments = ["", "[root] gone", "[ann] \"tabs\"\t\\ é😀 }, \"mode\": ", "x\u{0}y"]
        return EdgeStoreFile(
            comment: comments.randomElement(using: &random)!, fetchTimes: fetches,
            health: (Health.allCases.map { $0 } + [nil]).randomElement(using: &random)!,
            historicalAverage: averages, mode: Mode.allCases.randomElement(using: &random)!,
            rotationHistory: (0..<sizes.randomElement(using: &random)!).map {
                UnixTime(seconds: 1_600_000_000 + Int64($0) * 60)
            },
            isLive: Bool.random(using: &random),
            stateEntryTime: Bool.random(using: &random)
                ? nil : UnixTime(nanoseconds: 1_700_000_000_000_000_001))
    }

    static func update(of file: EdgeStoreFile, using random: inout HistoryRandom) -> EdgeStoreUpdate
    {
        let last = file.fetchTimes.last?.time.nanoseconds ?? 1_700_000_000_000_000_000
        let time = last + Int64.random(in: 1...4_000_000_000_000, using: &random)
        let fetch = EdgeStoreFile.Fetch(
            time: UnixTime(nanoseconds: time),
            duration: .nanoseconds(Int64.random(in: 0...10_000_000_000, using: &random)))
        return EdgeStoreUpdate(
            fetch: Int.random(in: 0..<4, using: &random) == 0 ? nil : fetch,
            health: (Health.allCases.map { $0 } + [nil]).randomElement(using: &random)!,
            mode: Bool.random(using: &random)
                ? nil
                : ModeRecord(
                    mode: Mode.allCases.randomElement(using: &random)!, comment: "[b] \"\n",
                    changed: Bool.random(using: &random) ? nil : UnixTime(nanoseconds: time)),
            isLive: Bool.random(using: &random) ? nil : Bool.random(using: &random),
            rotation: Bool.random(using: &random) ? nil : UnixTime(nanoseconds: time))
    }

    static func state(using random: inout HistoryRandom) -> OriginalStateFile {
        var file = OriginalStateFile(
            rotationList: (0..<Int.random(in: 0...100, using: &random)).map {
                UnixTime(nanoseconds: 1_700_000_000_000_000_000 + Int64($0) * 61_000_000_007)
            },
            lastRun: Bool.random(using: &random)
                ? nil : UnixTime(nanoseconds: 1_700_000_000_000_000_123),
            lastLive: ["b.example", "a.example", "192.0.2.1", "2001:db8::1"].compactMap {
                Bool.random(using: &random) ? EdgeName($0) : nil
            })
        for index in 0..<Int.random(in: 0...30, using: &random) {
            guard let zone = ZoneName("zone\(index).example") else { continue }
            file.zoneTimes[zone] = UnixTime(nanoseconds: Int64(index) * 999_999_937)
            if index % 3 == 0 { file.activeCanaries[zone] = .v4(0xC000_0200 + UInt32(index)) }
        }
        file.verificationFailures = Array(file.lastLive.prefix(1))
        return file
    }
}
