/// Why a page can't be gone on with.
public struct MetricsDamage: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which line, from 1.
    public var line: Int
    public var what: String

    public var description: String { "line \(line): \(what)" }
}

extension MetricsBook {
    /// Reads a page that `page()` wrote; what follows its last line is left alone.
    ///
    /// Metrics of other versions are passed over, a histogram with other buckets is begun anew.
    ///
    /// - Throws: `MetricsDamage` for anything that no version writes, and for a page without its last line.
    public init(page: [UInt8]) throws(MetricsDamage) {
        self.init()
        var histograms: [String: [HistogramKey: HistogramLines]] = [:]
        var number = 0
        var isWhole = false
        for line in page.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.first == UInt8(ascii: "#") {
                isWhole = line.elementsEqual(Self.lastLine.utf8)
                if isWhole { break }
                continue
            }
            guard !line.isEmpty else { continue }
            do throws(MetricsFault) {
                let sample = try MetricsSample(line: Array(line))
                guard let place = try sample.place() else { continue }
                if let part = place.part {
                    let key = HistogramKey(metric: place.metric, labels: place.labels)
                    try histograms[place.network, default: [:]][key, default: HistogramLines()]
                        .add(part, sample.value)
                } else {
                    guard sample.value >= 0 || place.metric.kind == .gauge else {
                        throw MetricsFault("a counter below 0")
                    }
                    sections[place.network, default: MetricsSection()]
                        .set(place.metric, sample.value, place.labels)
                }
            } catch {
                throw MetricsDamage(line: number, what: error.what)
            }
        }
        guard isWhole else { throw MetricsDamage(line: number, what: "the page ends too early") }
        for (network, found) in histograms {
            for (key, lines) in found {
                guard let histogram = lines.histogram(bounds: key.metric.buckets) else { continue }
                sections[network, default: MetricsSection()]
                    .histograms[key.metric, default: [:]][key.labels] = histogram
            }
        }
    }

    private struct HistogramKey: Hashable {
        var metric: Metric
        var labels: [String]
    }
}

/// What is wrong with a line.
struct MetricsFault: Error {
    var what: String

    init(_ what: String) {
        self.what = what
    }
}

/// A histogram's lines as they were read.
private struct HistogramLines {
    private var bounds: [String] = []
    private var totals: [Int] = []
    private var sum: Double?
    private var count: Int?

    mutating func add(_ part: MetricsSample.Part, _ value: Double) throws(MetricsFault) {
        switch part {
        case .sum: sum = value
        case .count: count = try Self.whole(value)
        case .bucket(let bound):
            let total = try Self.whole(value)
            guard total >= totals.last ?? 0 else { throw MetricsFault("a bucket that shrinks") }
            bounds.append(bound)
            totals.append(total)
        }
    }

    /// Counts are whole, and small enough to be counted on.
    private static func whole(_ value: Double) throws(MetricsFault) -> Int {
        guard value >= 0, value < 0x1p52, value == value.rounded() else {
            throw MetricsFault("a count that is none")
        }
        return Int(value)
    }

    /// nil: it is not of these buckets, or not whole.
    func histogram(bounds expected: [Double]) -> MetricHistogram? {
        guard bounds == expected.map(MetricsBook.number) + ["+Inf"], let sum, sum >= 0,
            count == totals.last
        else { return nil }
        let counts = zip(totals, [0] + totals).map { $0 - $1 }
        return MetricHistogram(counts: counts, sum: sum)
    }
}
