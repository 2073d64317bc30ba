/// Finds the known word that somebody probably meant.
public enum NearestKey {
    /// The one nearest to `word`, the first of several; nil when none is near.
    ///
    /// Near means at most one edit for each three characters of the longer word.
    public static func find(_ word: String, among known: some Sequence<String>) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let wanted = normalised(word)
        var best: (key: String, distance: Int)?
        for key in known {
            let candidate = normalised(key)
            let distance = distance(wanted, candidate)
            let limit = max(1, max(wanted.count, candidate.count) / 3)
            if distance <= limit && distance < best?.distance ?? Int.max { best = (key, distance) }
        }
        return best?.key
    }

    /// Lower case, hyphens as underscores: those are slips of the pen, no other words.
    private static func normalised(_ word: String) -> [UInt8] {
        word.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }

    /// The Damerau-Levenshtein distance, each pair swapped at most once: the number of letters
    /// inserted, left out, changed or swapped with their neighbour.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var cost = min(
                    last[column + 1] + 1, current[column] + 1,
                    last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
