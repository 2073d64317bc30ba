/// One line of a page: `name{label="value"} number`.
struct MetricsSample {
    /// Which of a histogram's series.
    enum Part: Hashable {
        case bucket(String)
        case sum
        case count
    }

    /// Where a line belongs.
    struct Place {
        /// Empty for the process.
        var network: String
        var metric: Metric
        var labels: [String]
        /// nil: it is no histogram's.
        var part: Part?
    }

    var name: String
    var labels: [(name: String, value: String)] = []
    var value: Double

    init(line: [UInt8]) throws(MetricsFault) {
        var rest = line[...]
        let name = rest.prefix { Self.isOfName($0) }
        rest = rest.dropFirst(name.count)
        self.name = String(decoding: name, as: UTF8.self)
        guard self.name.hasPrefix("edgemanage_") else {
            throw MetricsFault("no metric of edgemanage's")
        }
        if rest.first == UInt8(ascii: "{") {
            rest = rest.dropFirst()
            while rest.first != UInt8(ascii: "}") {
                if !labels.isEmpty { try Self.expect(",", &rest) }
                labels.append(try Self.label(&rest))
            }
            rest = rest.dropFirst()
        }
        try Self.expect(" ", &rest)
        guard rest.count <= 32, rest.allSatisfy({ Self.isOfNumber($0) }),
            let value = Double(String(decoding: rest, as: UTF8.self)), value.isFinite
        else { throw MetricsFault("no number") }
        self.value = value
    }

    /// Where it belongs; nil: to a metric that this version does not know.
    func place() throws(MetricsFault) -> Place? {
        guard let (metric, suffix) = Self.metrics[name] else { return nil }
        var labels = labels
        var part: Part?
        switch suffix {
        case "_bucket":
            guard let bound = labels.popLast(), bound.name == "le" else {
                throw MetricsFault("a bucket without its bound")
            }
            part = .bucket(bound.value)
        case "_sum": part = .sum
        case "_count": part = .count
        default: part = nil
        }
        let expected = (metric.isOfProcess ? [] : ["network"]) + metric.labels
        // Other labels are another version's.
        guard labels.map(\.name) == expected else { return nil }
        let values = labels.map(\.value)
        guard metric.isOfProcess || NetworkName(values[0]) != nil else {
            throw MetricsFault("no network's name")
        }
        return Place(
            network: metric.isOfProcess ? "" : values[0], metric: metric,
            labels: metric.isOfProcess ? values : Array(values.dropFirst()), part: part)
    }

    /// By the names of their lines, with what a histogram's have at the end.
    private static let metrics: [String: (Metric, String)] = {
        var names: [String: (Metric, String)] = [:]
        for metric in Metric.allCases {
            let suffixes = metric.kind == .histogram ? ["_bucket", "_sum", "_count"] : [""]
            for suffix in suffixes { names[metric.rawValue + suffix] = (metric, suffix) }
        }
        return names
    }()

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "+"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func expect(
        _ sign: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>
    ) throws(MetricsFault) {
        guard rest.first == UInt8(ascii: sign) else { throw MetricsFault("no \"\(sign)\"") }
        rest = rest.dropFirst()
    }

    private static func label(
        _ rest: inout ArraySlice<UInt8>
    ) throws(MetricsFault) -> (name: String, value: String) {
        let name = rest.prefix { isOfName($0) }
        rest = rest.dropFirst(name.count)
        try expect("=", &rest)
        try expect("\"", &rest)
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): value.append(0x0A)
            case let escaped?: value.append(escaped)
            case nil: throw MetricsFault("a label without its end")
            }
        }
        guard !name.isEmpty, rest.first != nil else {
            throw MetricsFault("a label without its end")
        }
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
