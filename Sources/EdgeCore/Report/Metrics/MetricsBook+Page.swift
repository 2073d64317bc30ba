extension MetricsBook {
    /// The page's last line: one that is missing it was cut short.
    static let lastLine = "# end of edgemanage's metrics"

    /// The Content-Type of a page over HTTP.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Everything in the text format 0.0.4, in a fixed order: the metrics', then the networks', then the labels'.
    public func page() -> String {
        var page = ""
        page.reserveCapacity(100_000)
        let order = sections.keys.sorted()
        for metric in Metric.allCases {
            let present = order.filter { sections[$0]?.has(metric) ?? false }
            guard !present.isEmpty else { continue }
            page += "# HELP \(metric.rawValue) \(metric.help)\n"
            page += "# TYPE \(metric.rawValue) \(metric.kind.rawValue)\n"
            for name in present {
                let network = name.isEmpty ? [] : ["network=\"\(Self.escaped(name))\""]
                sections[name]?.write(metric, network, to: &page)
            }
        }
        return page + Self.lastLine + "\n"
    }

    /// A label's value as it stands between quotes.
    static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else {
            return value
        }
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// A number, without a point where none is needed.
    static func number(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension MetricsSection {
    fileprivate func has(_ metric: Metric) -> Bool {
        numbers[metric]?.isEmpty == false || histograms[metric]?.isEmpty == false
    }

    fileprivate func write(_ metric: Metric, _ network: [String], to page: inout String) {
        let names = metric.labels
        func labels(_ values: [String], _ more: [String] = []) -> String {
            let own = zip(names, values).map { "\($0)=\"\(MetricsBook.escaped($1))\"" }
            let all = network + own + more
            return all.isEmpty ? "" : "{\(all.joined(separator: ","))}"
        }
        for (values, number) in sorted(numbers[metric]) {
            page += "\(metric.rawValue)\(labels(values)) \(MetricsBook.number(number))\n"
        }
        let bounds = metric.buckets.map(MetricsBook.number) + ["+Inf"]
        for (values, histogram) in sorted(histograms[metric]) {
            var total = 0
            for (bound, count) in zip(bounds, histogram.counts) {
                total += count
                page += "\(metric.rawValue)_bucket\(labels(values, ["le=\"\(bound)\""])) \(total)\n"
            }
            page += "\(metric.rawValue)_sum\(labels(values)) \(MetricsBook.number(histogram.sum))\n"
            page += "\(metric.rawValue)_count\(labels(values)) \(total)\n"
        }
    }

    private func sorted<Value>(_ values: [[String]: Value]?) -> [([String], Value)] {
        (values ?? [:]).map { ($0.key, $0.value) }.sorted {
            $0.0.lexicographicallyPrecedes($1.0)
        }
    }
}
