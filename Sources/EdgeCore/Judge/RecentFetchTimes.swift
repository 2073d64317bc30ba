/// The last few fetch times, newest last, at most `capacity`: a value without an allocation of its own.
public struct RecentFetchTimes: Hashable, Sendable {
    /// How many it can hold.
    public static let capacity = 8

    /// Nanoseconds, oldest first; zero where there is none.
    private var nanoseconds = SIMD8<Int64>()
    /// How many there are.
    public private(set) var count = 0

    public init() {}

    /// Those of the list, the newest `capacity` of them.
    public init(_ times: some Sequence<Duration>) {
        for time in times { add(time, keeping: Self.capacity) }
    }

    /// In the order they came.
    public var all: [Duration] { (0..<count).map { .nanoseconds(nanoseconds[$0]) } }

    /// Adds one; no more than the newest `limit` stay.
    public mutating func add(_ time: Duration, keeping limit: Int) {
        let limit = min(max(limit, 1), Self.capacity)
        let surplus = max(0, count + 1 - limit)
        if surplus > 0 {
            for index in surplus..<max(count, surplus) {
                nanoseconds[index - surplus] = nanoseconds[index]
            }
            count -= min(surplus, count)
            for index in count..<Self.capacity { nanoseconds[index] = 0 }
        }
        nanoseconds[count] = time.inNanoseconds
        count += 1
    }

    /// Adds another's, in their order; no more than the newest `limit` stay.
    public mutating func add(contentsOf other: RecentFetchTimes, keeping limit: Int) {
        for index in 0..<other.count {
            add(.nanoseconds(other.nanoseconds[index]), keeping: limit)
        }
    }

    /// Their median, the lower one of two; nil when there are none.
    public var median: Duration? {
        guard count > 0 else { return nil }
        var sorted = nanoseconds
        for index in 1..<max(count, 1) {
            let value = sorted[index]
            var place = index
            while place > 0, sorted[place - 1] > value {
                sorted[place] = sorted[place - 1]
                place -= 1
            }
            sorted[place] = value
        }
        return .nanoseconds(sorted[(count - 1) / 2])
    }
}
