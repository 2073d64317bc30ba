internal import EdgeCore

/// The original's names beside today's, at the end of a page of metrics.
enum OriginalGauges {
    /// The edges with the mean of the judge's window, this round's sample included.
    static func edges(of round: MetricsRound) -> [(edge: EdgeReport, windowMean: Duration?)] {
        let observed = Set(round.observations.map(\.target))
        return round.report.edges.filter { !$0.isCanary }.map { edge in
            let targets = AddressFamily.allCases.map { ProbeTarget(name: edge.name, family: $0) }
            let target =
                targets.first(where: observed.contains)
                ?? targets.first { round.state.targets[$0] != nil }
            let window = target.flatMap { round.state.targets[$0]?.window } ?? SampleSum()
            return (edge, (edge.sample.map(window.adding) ?? window).mean)
        }
    }

    /// The sections after a network's was renewed, or (nil) taken out.
    static func text(
        _ edges: [(edge: EdgeReport, windowMean: Duration?)]?, network: NetworkName,
        after present: String, now: UnixTime
    ) -> String {
        guard let edges else {
            return PrometheusFile.others(in: present, but: network, without: [], now: now)
        }
        return PrometheusFile.merged(present: present, edges, network: network, now: now)
    }

    /// The sections of a file, which follow the page.
    static func sections(in file: [UInt8]) -> String {
        let mark = Array("\n\(PrometheusFile.mark)".utf8)
        guard let range = file.firstRange(of: mark) else { return "" }
        return String(decoding: file[(range.lowerBound + 1)...], as: UTF8.self)
    }
}
