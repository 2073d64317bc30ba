extension OriginalStateFile {
    /// The most rotations that a file keeps.
    public static let maximumRotations = 100

    /// Reads a state file's bytes, whoever wrote them.
    ///
    /// Single entries that make no sense are left out and noted; a text that is no JSON object is
    /// an error.
    public static func decode(
        _ bytes: [UInt8], now: UnixTime
    ) throws(JSONError) -> DecodedFile<OriginalStateFile> {
        var decoder = try OriginalFileDecoder(bytes, now: now)
        var file = OriginalStateFile()
        file.rotationList = decoder.times("rotation_list", limit: maximumRotations)
        file.lastRun = decoder.time("last_run")
        file.lastLive = decoder.names("last_live") { EdgeName($0) }
        decoder.zones("zone_mtimes") { zone, value in
            guard let time = value.nanoseconds else { return false }
            file.zoneTimes[zone] = UnixTime(nanoseconds: time)
            return true
        }
        decoder.zones("active_canaries") { zone, value in
            guard let address = value.text.flatMap({ IPAddress($0) }) else { return false }
            file.activeCanaries[zone] = address
            return true
        }
        file.verificationFailures = decoder.names("verification_failures") { EdgeName($0) }
        return DecodedFile(value: file, notes: decoder.notes, missing: decoder.missing)
    }

    /// The file's bytes: JSON on one line, keys and zones in alphabetical order.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes += #"{"active_canaries": "#.utf8
        Self.append(activeCanaries, to: &bytes) { JSONValue.append($0.description, to: &$1) }
        bytes += #", "last_live": "#.utf8
        Self.append(lastLive, to: &bytes)
        bytes += #", "last_run": "#.utf8
        EdgeStoreFile.append(lastRun, to: &bytes)
        bytes += #", "rotation_list": ["#.utf8
        for (index, time) in rotationList.suffix(Self.maximumRotations).enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            DecimalSeconds.append(time.nanoseconds, to: &bytes)
        }
        bytes += #"], "verification_failures": "#.utf8
        Self.append(verificationFailures, to: &bytes)
        bytes += #", "zone_mtimes": "#.utf8
        Self.append(zoneTimes, to: &bytes) { DecimalSeconds.append($0.nanoseconds, to: &$1) }
        bytes += "}\n".utf8
        return bytes
    }

    private static func append(_ names: [EdgeName], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, name) in names.enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            JSONValue.append(name.text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func append<Value>(
        _ map: [ZoneName: Value], to bytes: inout [UInt8],
        _ appendValue: (Value, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: "{"))
        for (index, entry) in map.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { bytes += ", ".utf8 }
            JSONValue.append(entry.key.text, to: &bytes)
            bytes += ": ".utf8
            appendValue(entry.value, &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
