/// Whether a network's edges can carry its load, told before it comes to that.
public struct CapacityReview: Hashable, Sendable {
    /// What an operator should change, a sentence each; empty: all is well.
    public private(set) var warnings: [String] = []
    /// What is well, in a sentence; nil: nothing was said of capacities, or all is not well.
    public private(set) var summary: String?

    /// - Parameter edges: the edge list, as it is now.
    public init(_ selection: SelectionSettings, edges: [EdgeName]) {
        let capacity = selection.capacity
        let listed = Set(edges)
        for edge in capacity.edges.keys.sorted() where !listed.contains(edge) {
            let near = NearestKey.find(edge.text, among: edges.map(\.text))
            warnings.append(
                "capacity names \(edge), which is not in the edge list; take it out"
                    + (near.map { ", or write \($0)" } ?? ""))
        }
        guard let load = capacity.load, !edges.isEmpty else { return }
        let sorted = edges.map { (name: $0, carries: capacity[$0]) }.sorted {
            ($0.carries, $0.name) < ($1.carries, $1.name)
        }
        let live = min(selection.liveCount, sorted.count)
        let share = load / Double(live)
        let small = sorted.filter { LoadGuard.exceeds(share, $0.carries) }
        if let first = small.first {
            warnings.append(
                "DNS spreads the load of \(Self.text(load)) evenly, \(Self.text(share)) to each of "
                    + "\(live.counted("live edge")): too much for \(first.name), which can carry "
                    + "\(Self.text(first.carries))\((small.count - 1).furtherWords("edge")); keep more "
                    + "edges live, or leave it out")
        }
        let all = Self.sum(sorted.prefix(live).map(\.carries))
        let less = Self.sum(sorted.prefix(live - 1).map(\.carries))
        let isAlwaysTooLittle = LoadGuard.exceeds(load, all)
        if isAlwaysTooLittle || live > 1 && LoadGuard.exceeds(load, less) {
            let count = isAlwaysTooLittle ? live : live - 1
            let can = isAlwaysTooLittle ? all : less
            warnings.append(
                "the smallest \(count.counted("edge")) can carry \(Self.text(can)) together, and the load "
                    + "is \(Self.text(load)): "
                    + (isAlwaysTooLittle
                        ? "too little even while all are well"
                        : "too little while one of \(live) is down")
                    + "; keep more edges live, or larger ones")
        }
        guard warnings.isEmpty else { return }
        summary =
            "the load is \(Self.percent(load, all)) of what the smallest \(live.counted("edge")) can carry"
            + (live > 1 ? ", \(Self.percent(load, less)) without one of them" : "")
    }

    private static func sum(_ values: [Double]) -> Double { values.reduce(0, +) }

    private static func percent(_ part: Double, _ whole: Double) -> String {
        "\(LoadGuard.percent(part, of: whole)) %"
    }

    /// A number as it would be written, to three digits after the point.
    private static func text(_ value: Double) -> String {
        Version1Text.number((value * 1000).rounded() / 1000)
    }
}
