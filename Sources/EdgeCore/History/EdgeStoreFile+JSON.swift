extension EdgeStoreFile {
    /// The most fetch times, hourly means and rotations that a file keeps, each.
    public static let maximumEntries = 2000

    /// Reads an edgestore file's bytes, whoever wrote them.
    ///
    /// Single entries that make no sense (NaN, negative, from the future) are left out and noted; a
    /// text that is no JSON object is an error, and the file then worth setting aside.
    public static func decode(
        _ bytes: [UInt8], now: UnixTime
    ) throws(JSONError) -> DecodedFile<EdgeStoreFile> {
        var decoder = try OriginalFileDecoder(bytes, now: now)
        var file = EdgeStoreFile()
        file.comment = decoder.string("comment") ?? ""
        file.fetchTimes = decoder.fetches("fetch_times", limit: maximumEntries)
        if let text = decoder.string("health") {
            file.health = Health(rawValue: text)
            if file.health == nil { decoder.note("health is unknown and was left out") }
        }
        file.historicalAverage = decoder.fetches("historical_average", limit: maximumEntries)
        if let text = decoder.string("mode") {
            let mode = Mode(rawValue: text)
            if mode == nil { decoder.note("mode is unknown and counts as available") }
            file.mode = mode ?? .available
        }
        file.rotationHistory = decoder.times("rotation_history", limit: maximumEntries)
        if let text = decoder.string("state") {
            file.isLive = text == "in"
            if text != "in" && text != "out" { decoder.note("state is unknown and counts as out") }
        }
        file.stateEntryTime = decoder.time("state_entry_time")
        return DecodedFile(value: file, notes: decoder.notes, missing: decoder.missing)
    }

    /// The file's bytes: JSON on one line, keys in alphabetical order, laid out as Python's
    /// `json.dumps(…, sort_keys=True)` would, so that `EdgeStoreLayout` finds its way.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(600 + fetchTimes.count * 38 + historicalAverage.count * 28)
        bytes += #"{"comment": "#.utf8
        JSONValue.append(comment, to: &bytes)
        bytes += #", "fetch_times": {"#.utf8
        Self.append(fetchTimes.suffix(Self.maximumEntries), keepsPoint: true, to: &bytes)
        bytes += #"}, "health": "#.utf8
        Self.append(health, to: &bytes)
        bytes += #", "historical_average": {"#.utf8
        Self.append(historicalAverage.suffix(Self.maximumEntries), keepsPoint: false, to: &bytes)
        bytes += #"}, "mode": "#.utf8
        JSONValue.append(mode.rawValue, to: &bytes)
        bytes += #", "rotation_history": ["#.utf8
        for (index, time) in rotationHistory.suffix(Self.maximumEntries).enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            DecimalSeconds.append(time.nanoseconds, to: &bytes)
        }
        bytes += #"], "state": "#.utf8
        JSONValue.append(isLive ? "in" : "out", to: &bytes)
        bytes += #", "state_entry_time": "#.utf8
        Self.append(stateEntryTime, to: &bytes)
        bytes += "}\n".utf8
        return bytes
    }

    static func append(
        _ fetches: ArraySlice<Fetch>, keepsPoint: Bool, to bytes: inout [UInt8]
    ) {
        for (index, fetch) in fetches.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            append(fetch, keepsPoint: keepsPoint, to: &bytes)
        }
    }

    static func append(_ fetch: Fetch, keepsPoint: Bool, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        DecimalSeconds.append(fetch.time.nanoseconds, keepsPoint: keepsPoint, to: &bytes)
        bytes += #"": "#.utf8
        DecimalSeconds.append(fetch.duration.inNanoseconds, to: &bytes)
    }

    static func append(_ health: Health?, to bytes: inout [UInt8]) {
        if let health {
            JSONValue.append(health.rawValue, to: &bytes)
        } else {
            bytes += "null".utf8
        }
    }

    static func append(_ time: UnixTime?, to bytes: inout [UInt8]) {
        if let time {
            DecimalSeconds.append(time.nanoseconds, to: &bytes)
        } else {
            bytes += "null".utf8
        }
    }
}
