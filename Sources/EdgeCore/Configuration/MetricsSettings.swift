/// Where metrics go (`metrics`).
public struct MetricsSettings: Hashable, Sendable {
    /// The text file for node_exporter's textfile collector, written after each round; nil: none.
    public var file: String?
    /// Whether the original's names stand beside today's, five gauges an edge named after it.
    public var original: Bool

    public init(file: String? = nil, original: Bool = false) {
        self.file = file
        self.original = original
    }
}
