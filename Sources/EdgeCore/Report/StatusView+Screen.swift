extension StatusView {
    /// What is wrong with the database, before anything is said by it.
    public func damage(_ warnings: [String], _ style: BoardStyle) -> [BoardLine] {
        warnings.flatMap { "network \(network): \($0)".folded(to: style.width) }
            .map { BoardLine($0, .bad) }
    }

    /// Boards that fit one screen together, with a blank line between two: a network that needs less than its share
    /// leaves the rest to the others.
    public static func boards(
        _ views: [StatusView], _ style: BoardStyle, height: Int
    ) -> [[BoardLine]] {
        let needs = views.map { $0.board(style, room: .max).count }
        var left = max(0, height - (views.count - 1))
        var rooms: [Int: Int] = [:]
        let order = needs.indices.sorted { (needs[$0], $0) < (needs[$1], $1) }
        for (place, index) in order.enumerated() {
            let room = min(needs[index], max(1, left / (views.count - place)))
            rooms[index] = room
            left = max(0, left - room)
        }
        return views.enumerated().map { $1.board(style, room: rooms[$0] ?? 1) }
    }
}
