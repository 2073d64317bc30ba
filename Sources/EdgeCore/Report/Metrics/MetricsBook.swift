/// Counts and keeps what Prometheus asks for: what each round came to is taken in, the page is written out.
///
/// The page in the text format (version 0.0.4) is also how the book is kept between processes: what `init(page:)`
/// reads is what `page()` wrote, so that counters go on in rounds that cron starts. An edge's own series are its
/// state and the number of its probes; times are kept in histograms by family and phase of the whole network, since
/// 14 series for each of 5 phases of 1,000 edges would be 70,000.
public struct MetricsBook: Hashable, Sendable {
    /// By network's name; the process' own is under the empty name, which no network has.
    var sections: [String: MetricsSection] = [:]

    /// A book without a word in it.
    public init() {}

    /// Takes a round in: the network's counters go on, everything else of it is as of now.
    public mutating func note(_ round: MetricsRound) {
        sections[round.report.network.text, default: .ofNetwork()].take(round)
    }

    /// Counts a round that could not be run.
    public mutating func noteRefusal(of network: NetworkName) {
        sections[network.text, default: .ofNetwork()].count(.rounds, 1, ["refused"])
    }

    /// Notes which program writes the page, and how reading its configuration went.
    ///
    /// - Parameter read: when a configuration was last read that could be used.
    public mutating func noteProcess(version: String, isReloaded: Bool, read: UnixTime) {
        var process = MetricsSection()
        process.set(.buildInfo, 1, [version])
        process.set(.configLastReloadSuccessful, isReloaded)
        process.set(.configLastReloadSuccess, read)
        sections[""] = process
    }

    /// Whether it is known when the network's last plan was published.
    public func knowsPublication(of network: NetworkName) -> Bool {
        sections[network.text]?.numbers[.lastPublish] != nil
    }

    /// Notes when the network's last plan was published, before this book was begun.
    public mutating func notePublication(of network: NetworkName, at time: UnixTime) {
        sections[network.text, default: .ofNetwork()].set(.lastPublish, time)
    }

    /// When each edge's certificate ends: of several addresses' certificates the one that ends first.
    public func certificateEnds(of network: NetworkName) -> [String: UnixTime] {
        let known = sections[network.text]?.numbers[.certificateExpiry] ?? [:]
        let ends = known.compactMap { labels, seconds -> (String, UnixTime)? in
            guard let edge = labels.first, let whole = Int64(exactly: seconds.rounded(.down)) else {
                return nil
            }
            return (edge, UnixTime(seconds: whole))
        }
        return Dictionary(ends, uniquingKeysWith: min)
    }

    /// Drops a network.
    public mutating func forget(_ network: NetworkName) {
        sections[network.text] = nil
    }

    /// Drops networks that the configuration has no more: nobody would ever renew what is said of them.
    public mutating func forgetNetworks(besides declared: Set<NetworkName>) {
        let names = Set(declared.map(\.text))
        sections = sections.filter { $0.key.isEmpty || names.contains($0.key) }
    }

    /// Takes over what another book says of networks that this one does not know.
    public mutating func merge(_ other: MetricsBook) {
        sections.merge(other.sections) { own, _ in own }
    }
}
