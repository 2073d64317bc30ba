/// How many fetch times lay where, on a logarithmic scale: any share of them is told within 3.2 %, however many
/// there were, and two histograms add up.
///
/// A bin spans a sixteenth of a power of two of microseconds, or one microsecond below 32.
public struct FetchHistogram: Hashable, Sendable {
    /// One bin that is not empty.
    struct Bin: Hashable, Sendable {
        var place: Int
        var count: Int
    }

    /// In the order of their places.
    private(set) var bins: [Bin] = []

    public init() {}

    /// How many times it holds.
    public var count: Int { bins.reduce(0) { $0 + $1.count } }

    /// Adds one fetch time.
    public mutating func add(_ time: Duration) {
        add(Bin(place: Self.place(of: time.inMicroseconds), count: 1))
    }

    /// Adds another's.
    public mutating func add(_ other: FetchHistogram) {
        if bins.isEmpty {
            bins = other.bins
        } else {
            for bin in other.bins { add(bin) }
        }
    }

    private mutating func add(_ bin: Bin) {
        // Few bins, and most times lie near the last ones.
        var index = bins.count
        while index > 0, bins[index - 1].place > bin.place { index -= 1 }
        if index > 0, bins[index - 1].place == bin.place {
            bins[index - 1].count += bin.count
        } else {
            bins.insert(bin, at: index)
        }
    }

    /// The time that `percent` of a hundred do not exceed; nil when there are none.
    public func percentile(_ percent: Int) -> Duration? {
        let count = count
        guard count > 0 else { return nil }
        // The nearest rank: the smallest time that at least so many are at or below.
        let rank = max(1, (count * min(max(percent, 0), 100) + 99) / 100)
        var seen = 0
        for bin in bins {
            seen += bin.count
            if seen >= rank { return .microseconds(Int64(Self.middle(of: bin.place))) }
        }
        return nil
    }

    // MARK: The scale

    private static let exact: UInt64 = 32
    /// The highest place: that of the longest time that is read.
    private static let last = place(of: CompactReader.longest)

    private static func place(of time: UInt64) -> Int {
        guard time >= exact else { return Int(time) }
        let exponent = 63 - time.leadingZeroBitCount
        return 32 + (exponent - 5) * 16 + Int(time >> UInt64(exponent - 4)) & 15
    }

    /// The middle of a bin, in microseconds.
    private static func middle(of place: Int) -> UInt64 {
        guard place >= 32 else { return UInt64(place) }
        let (exponent, part) = ((place - 32) / 16 + 5, UInt64((place - 32) % 16))
        let width = UInt64(1) << UInt64(exponent - 4)
        return (16 + part) * width + width / 2
    }

    // MARK: As it is kept

    /// Appends the bins: for each the distance from the one before, and its count.
    func write(to writer: inout CompactWriter) {
        var place = 0
        for bin in bins {
            writer.add(UInt64(bin.place - place))
            writer.add(UInt64(bin.count))
            place = bin.place
        }
    }

    /// Reads bins up to the end; nil when they are not what `write` wrote.
    init?(_ reader: inout CompactReader) {
        var place = 0
        while !reader.isAtEnd {
            guard let step = reader.number(upTo: UInt64(Self.last)),
                let count = reader.number(upTo: 1 << 32), bins.isEmpty || step > 0,
                place + Int(step) <= Self.last, count > 0
            else { return nil }
            place += Int(step)
            bins.append(Bin(place: place, count: Int(count)))
        }
    }
}
