/// Zones that share everything but serial and include revision, as the bytes of one column.
///
/// In ascending order of their row numbers, run after run of zones whose numbers follow each other
/// and that have serial and revision in common: how far the run begins behind the last one, its
/// length, and what serial and revision are more or less than the last run's. Ten thousand zones of
/// one rotation take ten bytes so; the worst case, no two alike, some eight bytes a zone.
enum ZoneRuns {
    /// One zone.
    struct Zone: Hashable {
        /// Its row in `zone_name`.
        var id: Int64
        var serial: UInt32
        var revision: Int64
    }

    /// - Parameter zones: in ascending order of `id`, each once, none below 1.
    static func encode(_ zones: [Zone]) -> [UInt8] {
        var bytes: [UInt8] = []
        var last = Zone(id: 0, serial: 0, revision: 0)
        var index = 0
        while index < zones.count {
            let first = zones[index]
            var end = index + 1
            while end < zones.count, zones[end].serial == first.serial,
                zones[end].revision == first.revision,
                zones[end].id - first.id == Int64(end - index)
            { end += 1 }
            append(UInt64(bitPattern: first.id &- last.id), to: &bytes)
            append(UInt64(end - index), to: &bytes)
            append(zigzag(Int64(first.serial) - Int64(last.serial)), to: &bytes)
            append(zigzag(first.revision &- last.revision), to: &bytes)
            last = zones[end - 1]
            index = end
        }
        return bytes
    }

    /// The zones; nil when the bytes are not what `encode` writes, or hold more than `limit`.
    static func decode(_ bytes: [UInt8], limit: Int) -> [Zone]? {
        var zones: [Zone] = []
        var place = 0
        var last = Zone(id: 0, serial: 0, revision: 0)
        while place < bytes.count {
            guard let step = next(bytes, &place), let length = next(bytes, &place),
                let serial = next(bytes, &place), let revision = next(bytes, &place),
                step > 0, step < 1 << 62, length > 0, length <= UInt64(max(limit - zones.count, 0)),
                let number = UInt32(exactly: Int64(last.serial) &+ unzigzag(serial))
            else { return nil }
            let (first, overflow) = last.id.addingReportingOverflow(Int64(step))
            guard !overflow, first < 1 << 62 else { return nil }
            last.serial = number
            last.revision = last.revision &+ unzigzag(revision)
            for offset in 0..<Int64(length) {
                last.id = first + offset
                zones.append(last)
            }
        }
        return zones
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func next(_ bytes: [UInt8], _ place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    /// Small numbers of either sign as small numbers.
    private static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    private static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
