/// Text that came from the network, made safe for logs, files and terminals (I34, I35).
public enum NetworkText {
    /// The longest text that is kept, in characters.
    public static let limit = 100

    /// The bytes as printable ASCII, at most `limit` characters; anything else becomes `?`, and a
    /// text that was cut ends in `...`.
    public static func printable(_ bytes: some Collection<UInt8>) -> String {
        let kept = bytes.prefix(limit + 1).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }
        guard kept.count > limit else { return String(decoding: kept, as: UTF8.self) }
        return String(decoding: kept.prefix(limit - 3), as: UTF8.self) + "..."
    }

    /// The text as printable ASCII, cut alike.
    public static func printable(_ text: String) -> String {
        printable(text.utf8)
    }
}
