internal import EdgeCore

extension PageRenderer {
    private struct Zones {
        var network: String
        var find: String
        var found: String
        var hasRows: Bool
        var rows: [Zone]
        var before: String?
        var after: String?
    }

    private struct Zone {
        var zone: String
        var serial: UInt32
        var notes: [String]
    }

    /// One page of the list of zones.
    ///
    /// - Parameters:
    ///   - text: a part of the zones' names; empty: all.
    ///   - page: which page, from 1; the nearest one where there is none.
    ///   - size: how many zones a page has.
    func zones(
        _ zones: [PageZone], of network: NetworkName, finding text: String, page: Int, size: Int
    ) -> String {
        let wanted = text.lowercased()
        let found = wanted.isEmpty ? zones : zones.filter { $0.name.contains(wanted) }
        let pages = max(1, (found.count + size - 1) / size)
        let page = min(max(page, 1), pages)
        let first = (page - 1) * size
        let shown = found.dropFirst(first).prefix(size)
        func link(_ page: Int) -> String? {
            guard (1...pages).contains(page) else { return nil }
            let find = wanted.isEmpty ? "" : "find=\(PageText.segment(text))&"
            return "/networks/\(network)/zones?\(find)page=\(page)"
        }
        let words =
            found.isEmpty
            ? "No zone\(wanted.isEmpty ? " is published yet" : "'s name contains “\(text)”")."
            : "Zones \(first + 1) to \(first + shown.count) of \(found.count)"
                + (wanted.isEmpty ? "." : " whose names contain “\(text)”.")
        return html(
            "zones",
            Zones(
                network: network.text, find: text, found: words, hasRows: !shown.isEmpty,
                rows: shown.map { Zone(zone: $0.name, serial: $0.serial, notes: $0.notes) },
                before: link(page - 1), after: link(page + 1)))
    }
}
