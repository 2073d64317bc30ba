internal import Crypto
internal import EdgeCore

/// Edges' names as Prometheus metric names, as the original makes them, and mended where they would
/// not be valid or not be unique.
enum MetricName {
    /// The beginning of each edge's metric names, in the edges' order, each once.
    ///
    /// Of names that would collide (`a-b` and `a_b`) one that needed no mending keeps its own, else
    /// the first of the list; the others get the first 6 hex digits of the name's MD5 as well.
    static func stems(of edges: [EdgeName]) -> [String] {
        var owners: [String: EdgeName] = [:]
        let isMended = { (edge: EdgeName) in stem(of: edge) != plain(edge.text) }
        for edge in edges.filter({ !isMended($0) }) + edges.filter(isMended)
        where owners[stem(of: edge)] == nil {
            owners[stem(of: edge)] = edge
        }
        return edges.map { edge in
            let bare = stem(of: edge)
            guard owners[bare] != edge else { return bare }
            var candidate = "\(bare)_\(md5(edge.text))"
            while owners[candidate].map({ $0 != edge }) ?? false { candidate += "_" }
            owners[candidate] = edge
            return candidate
        }
    }

    /// The data model's rule: `[a-zA-Z_:][a-zA-Z0-9_:]*`; colons are kept for recording rules.
    static func stem(of edge: EdgeName) -> String {
        if edge.address != nil { return "md5" + md5(edge.text) }
        let mended = plain(edge.text).map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        }
        return (mended.first?.isNumber == true ? "_" : "") + String(mended)
    }

    private static func plain(_ text: String) -> String {
        String(text.map { $0 == "." ? "_" : $0 })
    }

    /// The first 6 hex digits, as the original shows addresses; nothing is protected by it.
    private static func md5(_ text: String) -> String {
        var hash = Insecure.MD5()
        Array(text.utf8).withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().prefix(3).map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }.joined()
    }
}
