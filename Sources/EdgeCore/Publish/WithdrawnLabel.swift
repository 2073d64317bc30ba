/// A label that rotates no more, and what a name server that takes updates may still have there: what was
/// published by updates is ours to take away, and nobody else would (decisions/name-servers.md).
public struct WithdrawnLabel: Hashable, Sendable {
    public var label: RotatedLabel
    /// Addresses that were published there together, each set ascending, the latest first; 16 sets at most.
    public var sets: [[IPAddress]]

    public init(label: RotatedLabel, sets: [[IPAddress]]) {
        self.label = label
        self.sets = sets
    }

    private static let mostSets = 16

    /// The labels that have to go from a name server, in ascending order.
    ///
    /// - Parameters:
    ///   - contents: what was published and the server may have, the latest first.
    ///   - known: what it had to lose already.
    ///   - next: what is published from now on.
    public static func gone(
        from contents: [PublishedContent], known: [WithdrawnLabel] = [], next: PublishedContent
    ) -> [WithdrawnLabel] {
        let rotating = Set(next.labels)
        var sets: [RotatedLabel: [[IPAddress]]] = [:]
        func add(_ addresses: [IPAddress], at label: RotatedLabel) {
            guard !addresses.isEmpty, !rotating.contains(label),
                sets[label]?.contains(addresses) != true
            else { return }
            sets[label, default: []].append(addresses)
        }
        for content in contents {
            for label in content.labels { add(content.addresses, at: label) }
        }
        for withdrawn in known {
            for addresses in withdrawn.sets { add(addresses, at: withdrawn.label) }
        }
        return sets.sorted { $0.key.text < $1.key.text }.map {
            WithdrawnLabel(label: $0.key, sets: Array($0.value.prefix(mostSets)))
        }
    }

    /// Labels as one text: `old@192.0.2.1@192.0.2.2/192.0.2.3 www@192.0.2.1`; nil for none.
    public static func text(of labels: [WithdrawnLabel]) -> String? {
        guard !labels.isEmpty else { return nil }
        return labels.map { withdrawn in
            let sets = withdrawn.sets.map { $0.map(\.description).joined(separator: "@") }
            return "\(withdrawn.label)@\(sets.joined(separator: "/"))"
        }.joined(separator: " ")
    }

    /// Reads what `text(of:)` made; what is none of it is left out.
    public static func labels(in text: String) -> [WithdrawnLabel] {
        text.split(separator: " ").compactMap { word in
            let parts = word.split(separator: "@", maxSplits: 1)
            guard parts.count == 2, let label = RotatedLabel(parts[0]) else { return nil }
            let sets = parts[1].split(separator: "/").map { set in
                set.split(separator: "@").map { IPAddress($0) }
            }
            guard !sets.isEmpty, sets.allSatisfy({ !$0.isEmpty && !$0.contains(nil) }) else {
                return nil
            }
            return WithdrawnLabel(label: label, sets: sets.map { $0.compactMap(\.self) })
        }
    }
}
