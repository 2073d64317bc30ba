import Foundation
import Testing

/// The package's Swift files as text.
struct SourceTree {
    /// One file: its path below the package and its lines.
    struct File: Sendable, CustomTestStringConvertible {
        var path: String
        var lines: [String]
        var testDescription: String { path }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// All Swift files under a folder of the package, in the order of their paths.
    static func files(under folder: String) -> [File] {
        let base = root.appending(path: folder)
        let walker = FileManager.default.enumerator(atPath: base.path(percentEncoded: false))
        let paths = (walker?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
        return paths.sorted().compactMap { path in
            guard let text = try? String(contentsOf: base.appending(path: path), encoding: .utf8)
            else { return nil }
            return File(path: "\(folder)/\(path)", lines: text.components(separatedBy: "\n"))
        }
    }
}
