import EdgeSystemFiles
import EdgeTesting
import Foundation
import Testing

/// Files that are read line by line, more than once.
@Suite struct RewindableFileTests {
    private func lines(_ file: RewindableFile, longest: Int = 1000) throws -> [String] {
        var lines: [String] = []
        try file.lines(longest: longest) { number, line in
            lines.append(String(decoding: line, as: UTF8.self))
            #expect(number == lines.count)
        }
        return lines
    }

    @Test(arguments: UInt64(1)...4)
    func everyLineComesWholeAndTwice(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var random = SeededRandom(seed: seed)
        // More than one read's worth, so that lines lie across the reads' ends.
        let texts = (0..<9000).map { _ in
            String(repeating: "x", count: Int.random(in: 0...120, using: &random))
        }
        let end = seed.isMultiple(of: 2) ? "\n" : ""
        let text = (texts + ["end"]).joined(separator: "\n") + end
        try Data(text.utf8).write(to: URL(filePath: directory("t")))
        let file = try RewindableFile(directory("t"), longest: 1000)
        #expect(try String(decoding: file.head(16), as: UTF8.self) == text.prefix(16))
        #expect(try lines(file) == texts + ["end"])
        #expect(try lines(file) == texts + ["end"])
        let cut = (texts + ["end"]).map { String($0.prefix(50)) }
        #expect(try lines(file, longest: 50) == cut)
    }

    /// A pipe can be read once: what came through it is kept, and leaves no file behind.
    @Test func aPipeIsKept() async throws {
        let directory = try TemporaryDirectory()
        let path = directory("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let text = String(repeating: "a line\n", count: 100_000)
        let writer = Thread { try? Data(text.utf8).write(to: URL(filePath: path)) }
        writer.start()
        let file = try RewindableFile(path, longest: 1000)
        #expect(try lines(file).count == 100_000)
        #expect(try lines(file).last == "a line")
        let left = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
        #expect(!left.contains { $0.hasPrefix("edgemanage-trace-") })
    }

    /// What never ends is kept up to the line that is too long.
    @Test func anEndlessLineIsCut() throws {
        let file = try RewindableFile("/dev/zero", longest: 1000)
        #expect(try lines(file, longest: 1001).map(\.utf8.count) == [1001])
    }

    @Test func whatCantBeReadIsNamed() throws {
        let directory = try TemporaryDirectory()
        for name in ["none", "."] {
            do {
                _ = try RewindableFile(directory(name), longest: 1000)
                Issue.record("it was opened")
            } catch {
                #expect("\(error)".hasPrefix("cannot read \(directory(name)): "))
            }
        }
    }
}
