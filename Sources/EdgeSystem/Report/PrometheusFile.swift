internal import EdgeCore
internal import EdgeShell
internal import EdgeSystemFiles

/// `edgemanage.prom`, for node_exporter's textfile collector: five gauges an edge, named after it.
///
/// All networks write to one file. Each has a section of its own, begun by a comment, and leaves
/// the others' alone; a section that nobody renewed for an hour goes.
struct PrometheusFile {
    let directory: String

    /// How long another network's section stays without being renewed.
    static let sectionLifetime: Duration = .seconds(3600)
    private static let limit = 16 * 1024 * 1024
    static let mark = "# network "

    /// Replaces the network's section; returns a sentence when that fails.
    func write(
        _ edges: [(edge: EdgeReport, windowMean: Duration?)], network: NetworkName, now: UnixTime
    ) -> [String] {
        let path = "\(directory)/edgemanage.prom"
        do {
            let present = try FileReading.readIfPresent(path, limit: Self.limit)?.bytes ?? []
            let text = Self.merged(
                present: String(decoding: present, as: UTF8.self), edges, network: network, now: now
            )
            try AtomicFile.write(path, Array(text.utf8), durable: false)
            return []
        } catch {
            return ["\(error)"]
        }
    }

    /// The file's text: this network's section after the others' that are still fresh.
    static func merged(
        present: String, _ edges: [(edge: EdgeReport, windowMean: Duration?)],
        network: NetworkName, now: UnixTime
    ) -> String {
        let stems = MetricName.stems(of: edges.map(\.edge.name))
        var names: Set<String> = []
        var own = "\(mark)\(network) \(now.seconds)\n"
        for (stem, entry) in zip(stems, edges) {
            for gauge in gauges(entry.edge, windowMean: entry.windowMean) {
                guard let value = gauge.value else { continue }
                let name = "\(stem)_\(gauge.suffix)"
                names.insert(name)
                own += "# HELP \(name) \(gauge.help) of edge \(entry.edge.name).\n"
                own += "# TYPE \(name) gauge\n\(name) \(value)\n"
            }
        }
        return others(in: present, but: network, without: names, now: now) + own
    }

    private struct Gauge {
        var suffix: String
        var help: String
        var value: String?
    }

    private static func gauges(_ edge: EdgeReport, windowMean: Duration?) -> [Gauge] {
        let seconds = { (duration: Duration?) -> String? in
            duration.map { duration in
                var bytes: [UInt8] = []
                DecimalSeconds.append(duration.inNanoseconds, to: &bytes)
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        return [
            Gauge(
                suffix: "response_time", help: "Last fetch time in seconds",
                value: seconds(edge.sample)),
            Gauge(
                suffix: "average_time", help: "Mean of all kept fetch times in seconds",
                value: seconds(edge.mean)),
            Gauge(
                suffix: "timeslice", help: "Mean of the last minutes' fetch times in seconds",
                value: seconds(windowMean)),
            Gauge(
                suffix: "reachable_status", help: "Whether the last probe succeeded (1 or 0)",
                value: edge.health.isPassing ? "1" : "0"),
            Gauge(
                suffix: "in_rotation", help: "Membership in the live set (1 or 0)",
                value: edge.isLive ? "1" : "0"),
        ]
    }

    /// The other networks' sections, without metrics that this network writes too (an edge in
    /// both), since a name may stand in the file only once.
    static func others(
        in text: String, but network: NetworkName, without names: Set<String>, now: UnixTime
    ) -> String {
        var output = ""
        var isKept = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix(mark) {
                let words = line.dropFirst(mark.count).split(separator: " ")
                let age = words.dropFirst().first.flatMap { Int64($0) }
                    .map { now.since(UnixTime(seconds: $0)) }
                isKept =
                    words.count == 2 && words[0] != network.text
                    && age.map { $0 <= sectionLifetime && $0 >= .zero - sectionLifetime } ?? false
            }
            guard isKept else { continue }
            let words = line.split(separator: " ", maxSplits: 3)
            let name = words.first == "#" && words.count > 2 ? words[2] : words.first ?? ""
            if !names.contains(String(name)) { output += line + "\n" }
        }
        return output
    }
}
