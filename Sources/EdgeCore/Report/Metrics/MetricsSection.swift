/// How often values fell into each of a histogram's buckets.
struct MetricHistogram: Hashable, Sendable {
    /// One a bucket, not cumulative; the last is of those above all bounds.
    var counts: [Int]
    /// Of all values, in seconds.
    var sum: Double

    init(buckets: Int) {
        counts = Array(repeating: 0, count: buckets + 1)
        sum = 0
    }

    init(counts: [Int], sum: Double) {
        self.counts = counts
        self.sum = sum
    }

    mutating func observe(_ value: Double, bounds: [Double]) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts[bucket] += 1
        sum += value
    }
}

/// The metrics of one network, or of the process.
struct MetricsSection: Hashable, Sendable {
    /// Counters and gauges, by the values of `Metric.labels`.
    var numbers: [Metric: [[String]: Double]] = [:]
    var histograms: [Metric: [[String]: MetricHistogram]] = [:]

    mutating func set(_ metric: Metric, _ value: Double, _ labels: [String] = []) {
        numbers[metric, default: [:]][labels] = value
    }

    mutating func set(_ metric: Metric, _ value: Int, _ labels: [String] = []) {
        set(metric, Double(value), labels)
    }

    mutating func set(_ metric: Metric, _ isSo: Bool, _ labels: [String] = []) {
        set(metric, isSo ? 1 : 0, labels)
    }

    /// Civil time as Unix time in seconds.
    mutating func set(_ metric: Metric, _ time: UnixTime, _ labels: [String] = []) {
        set(metric, time.doubleSeconds, labels)
    }

    /// Puts these in the place of all that a metric has; without any it has no line.
    mutating func setAll(_ metric: Metric, _ values: [[String]: Double]) {
        numbers[metric] = values.isEmpty ? nil : values
    }

    /// Adds to a counter; with nothing added it is there from now on.
    mutating func count(_ metric: Metric, _ more: Int = 1, _ labels: [String] = []) {
        numbers[metric, default: [:]][labels, default: 0] += Double(more)
    }

    mutating func observe(_ metric: Metric, _ duration: Duration, _ labels: [String] = []) {
        let bounds = metric.buckets
        histograms[metric, default: [:]][
            labels, default: MetricHistogram(buckets: bounds.count)
        ].observe(Self.seconds(duration), bounds: bounds)
    }

    /// Exactly, as far as a Double goes: 30 ms is 0.03.
    static func seconds(_ duration: Duration) -> Double { Double(duration.inNanoseconds) / 1e9 }
}
