/// Adds an update to an edgestore file byte for byte, without reading its thousands of entries.
///
/// With 1,000 edges of 2,000 samples each these files are tens of megabytes a round. The result is
/// the same as decoding, applying and encoding would give.
public struct EdgeStoreSplice: Sendable {
    private let bytes: [UInt8]
    private let layout: EdgeStoreLayout
    /// The newest sample; nil when there is none.
    public let lastFetch: EdgeStoreFile.Fetch?
    /// How many samples the file has.
    public var fetchCount: Int { layout.fetches.count }
    /// The mode that the file states.
    public let mode: Mode
    /// When it says that the mode was changed.
    public let stateEntryTime: UnixTime?

    /// Finds its way in a file that `EdgeStoreFile.encoded()` wrote; nil in any other.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= JSONValue.maximumSize,
            let layout = bytes.withUnsafeBufferPointer({ EdgeStoreLayout($0) })
        else { return nil }
        self.bytes = bytes
        self.layout = layout
        let mode = bytes[layout.mode].dropFirst().dropLast()
        guard let mode = Mode(rawValue: String(decoding: mode, as: UTF8.self)) else { return nil }
        self.mode = mode
        if bytes[layout.stateEntryTime].elementsEqual("null".utf8) {
            stateEntryTime = nil
        } else {
            guard let time = DecimalSeconds.nanoseconds(bytes[layout.stateEntryTime]) else {
                return nil
            }
            stateEntryTime = UnixTime(nanoseconds: time)
        }
        guard layout.fetches.count > 0 else {
            lastFetch = nil
            return
        }
        guard let first = Self.firstEntry(of: layout.fetches.range, in: bytes),
            Self.fetch(in: first, of: bytes) != nil,
            let last = Self.fetch(
                in: Self.lastEntry(of: layout.fetches.range, in: bytes), of: bytes)
        else { return nil }
        lastFetch = last
    }

    /// The file with the update added; nil when entries near the end are not as expected, or when
    /// the file has more entries than are kept: it is then to be written anew.
    public func applying(_ update: EdgeStoreUpdate) -> [UInt8]? {
        let limit = EdgeStoreFile.maximumEntries
        guard layout.fetches.count <= limit, layout.averages.count <= limit,
            layout.rotations.count <= limit
        else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + 256)
        output += bytes[..<layout.comment.lowerBound]
        if let record = update.mode {
            JSONValue.append(record.comment, to: &output)
        } else {
            output += bytes[layout.comment]
        }
        output += bytes[layout.comment.upperBound..<layout.fetches.range.lowerBound]
        guard appendFetches(update.fetch, to: &output) else { return nil }
        output += bytes[layout.fetches.range.upperBound..<layout.health.lowerBound]
        if let health = update.health {
            EdgeStoreFile.append(health, to: &output)
        } else {
            output += bytes[layout.health]
        }
        output += bytes[layout.health.upperBound..<layout.averages.range.lowerBound]
        guard appendAverages(update.fetch, to: &output) else { return nil }
        output += bytes[layout.averages.range.upperBound..<layout.mode.lowerBound]
        JSONValue.append((update.mode?.mode ?? mode).rawValue, to: &output)
        output += bytes[layout.mode.upperBound..<layout.rotations.range.lowerBound]
        appendRotations(update.rotation, to: &output)
        output += bytes[layout.rotations.range.upperBound..<layout.state.lowerBound]
        if let isLive = update.isLive {
            JSONValue.append(isLive ? "in" : "out", to: &output)
        } else {
            output += bytes[layout.state]
        }
        output += bytes[layout.state.upperBound..<layout.stateEntryTime.lowerBound]
        EdgeStoreFile.append(update.mode.map(\.changed) ?? stateEntryTime, to: &output)
        output += bytes[layout.stateEntryTime.upperBound...]
        return output
    }

    /// The samples that stay when one more is added.
    private func remainingFetches(adding: Bool) -> Range<Int>? {
        remaining(layout.fetches, adding: adding)
    }

    private func remaining(_ entries: EdgeStoreLayout.Entries, adding: Bool) -> Range<Int>? {
        guard adding, entries.count >= EdgeStoreFile.maximumEntries else { return entries.range }
        guard let first = Self.firstEntry(of: entries.range, in: bytes) else { return nil }
        return first.upperBound + 2..<entries.range.upperBound
    }

    private func appendFetches(_ fetch: EdgeStoreFile.Fetch?, to output: inout [UInt8]) -> Bool {
        guard let range = remainingFetches(adding: fetch != nil) else { return false }
        output += bytes[range]
        guard let fetch else { return true }
        if !range.isEmpty { output += ", ".utf8 }
        EdgeStoreFile.append(fetch, keepsPoint: true, to: &output)
        return true
    }

    private func appendAverages(_ fetch: EdgeStoreFile.Fetch?, to output: inout [UInt8]) -> Bool {
        guard let fetch else {
            output += bytes[layout.averages.range]
            return true
        }
        let hour = EdgeStoreFile.hour(of: fetch.time)
        guard let mean = mean(of: hour, with: fetch) else { return false }
        var entries = layout.averages
        if entries.count > 0 {
            let last = Self.lastEntry(of: entries.range, in: bytes)
            guard let average = Self.fetch(in: last, of: bytes) else { return false }
            if average.time == hour {
                let end = max(entries.range.lowerBound, last.lowerBound - 2)
                entries = .init(range: entries.range.lowerBound..<end, count: entries.count - 1)
            }
        }
        guard let range = remaining(entries, adding: true) else { return false }
        output += bytes[range]
        if !range.isEmpty { output += ", ".utf8 }
        EdgeStoreFile.append(.init(time: hour, duration: mean), keepsPoint: false, to: &output)
        return true
    }

    private func appendRotations(_ rotation: UnixTime?, to output: inout [UInt8]) {
        let range = remaining(layout.rotations, adding: rotation != nil) ?? layout.rotations.range
        output += bytes[range]
        guard let rotation else { return }
        if !range.isEmpty { output += ", ".utf8 }
        DecimalSeconds.append(rotation.nanoseconds, to: &output)
    }

    /// The mean of the hour's samples, the new one and those before it back to the first of another
    /// hour.
    private func mean(of hour: UnixTime, with fetch: EdgeStoreFile.Fetch) -> Duration? {
        var sum = SampleSum().adding(fetch.duration)
        guard var rest = remainingFetches(adding: true) else { return nil }
        while !rest.isEmpty {
            let entry = Self.lastEntry(of: rest, in: bytes)
            guard let kept = Self.fetch(in: entry, of: bytes) else { return nil }
            guard EdgeStoreFile.hour(of: kept.time) == hour else { break }
            sum = sum.adding(kept.duration)
            rest = rest.lowerBound..<max(rest.lowerBound, entry.lowerBound - 2)
        }
        return sum.mean
    }
}

extension EdgeStoreSplice {
    /// The first entry of a map or list; nil when no separator follows and it is the only one and
    /// empty.
    private static func firstEntry(of range: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
        guard !range.isEmpty else { return nil }
        let end = bytes[range].firstIndex(of: UInt8(ascii: ",")) ?? range.upperBound
        return end + 2 <= range.upperBound || end == range.upperBound
            ? range.lowerBound..<end : nil
    }

    private static func lastEntry(of range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        guard let comma = bytes[range].lastIndex(of: UInt8(ascii: ",")) else { return range }
        return min(comma + 2, range.upperBound)..<range.upperBound
    }

    /// Reads `"time": seconds`.
    private static func fetch(in range: Range<Int>, of bytes: [UInt8]) -> EdgeStoreFile.Fetch? {
        bytes.withUnsafeBufferPointer { all in
            let entry = UnsafeBufferPointer(rebasing: all[range])
            guard entry.count > 4, entry[0] == UInt8(ascii: "\""),
                let end = entry[1...].firstIndex(of: UInt8(ascii: "\"")), end + 3 < entry.count,
                entry[end + 1] == UInt8(ascii: ":"), entry[end + 2] == UInt8(ascii: " "),
                let time = DecimalSeconds.plain(.init(rebasing: entry[1..<end])),
                let duration = DecimalSeconds.plain(.init(rebasing: entry[(end + 3)...]))
            else { return nil }
            return .init(
                time: UnixTime(nanoseconds: time), duration: .nanoseconds(duration))
        }
    }
}
