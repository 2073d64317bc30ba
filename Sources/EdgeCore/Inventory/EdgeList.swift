/// An edge list: one name a line, `#` comments; a bad line is left out, the others go on.
public enum EdgeList {
    /// The most edges of one list.
    public static let limit = 10_000

    /// Reads a list's bytes. Line ends may be Windows', and a byte order mark may stand first.
    ///
    /// - Parameters:
    ///   - known: names of lists before this one; they are duplicates here.
    ///   - file: the file as warnings name it.
    /// - Returns: the names in the list's order, each once, and a sentence for each line left out.
    public static func read(
        _ bytes: [UInt8], file: String, after known: [EdgeName] = []
    ) -> (names: [EdgeName], warnings: [String]) {
        var names: [EdgeName] = []
        var warnings: [String] = []
        var seen: [String: Int] = [:]
        for name in known { seen[name.text.lowercased()] = 0 }
        var number = 0
        for line in withoutMark(bytes).split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let content = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
            if content.isEmpty { continue }
            guard let name = name(content) else {
                warnings.append(
                    "\(file):\(number): \"\(shown(content))\" is neither a host name nor an IP "
                        + "address; "
                        + "the line is left out")
                continue
            }
            if let first = seen[name.text.lowercased()] {
                let place = first == 0 ? "in the list before" : "in line \(first)"
                warnings.append(
                    "\(file):\(number): edge \(name) stands \(place) already; the line is left out")
                continue
            }
            guard names.count < limit else {
                warnings.append(
                    "\(file):\(number): more than \(limit.counted("edge")); the rest of the list is left out"
                )
                break
            }
            seen[name.text.lowercased()] = number
            names.append(name)
        }
        return (names, warnings)
    }

    private static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var content = line.drop(while: isBlank)
        while let last = content.last, isBlank(last) { content.removeLast() }
        return content
    }

    private static func name(_ content: ArraySlice<UInt8>) -> EdgeName? {
        guard content.count <= 253, content.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return EdgeName(String(decoding: content, as: UTF8.self))
    }

    /// At most 60 bytes, anything but printable ASCII as `?`.
    private static func shown(_ content: ArraySlice<UInt8>) -> String {
        let safe = content.prefix(60).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: safe, as: UTF8.self)
    }
}
