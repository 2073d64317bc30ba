import Foundation
import Testing

/// sqlite3(1), another program than ours, at a database file.
enum SQLShell {
    /// Runs statements and returns what they print, a row a line.
    ///
    /// - Parameter skipping: whether a statement that is refused stops none after it.
    @discardableResult
    static func run(_ path: String, _ sql: String, skipping: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-batch"] + (skipping ? [] : ["-bail"]) + [path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        if skipping { process.standardError = FileHandle.nullDevice }
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(sql.utf8))
        try input.fileHandleForWriting.close()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(skipping || process.terminationStatus == 0, "\(sql.suffix(300))")
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text as it stands in a statement; NULL for nil.
    static func quoted(_ text: String?) -> String {
        text.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL"
    }
}
