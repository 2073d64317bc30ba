import EdgeTesting
import Testing

@testable import EdgeCore

/// Lines folded to a terminal's width.
@Suite struct FoldedTextTests {
    @Test func furtherLinesBeginBelowTheLastColumn() {
        let line = "- a.test  out: refused the connection; down"
        #expect(line.folded(to: nil) == [line])
        #expect(line.folded(to: 80) == [line])
        #expect(
            line.folded(to: 26) == ["- a.test  out: refused the", "          connection; down"])
        #expect(
            "why: it is fine and stays".folded(to: 12) == ["why: it is", "  fine and", "  stays"])
    }

    /// No word is lost, none doubled, and none but one too long for a line goes past its end.
    @Test(arguments: UInt64(1)...50) func nothingIsLost(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let words = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            String(repeating: "x", count: Int.random(in: 1...30, using: &random))
        }
        let gaps = ["  ", " ", " ", " "]
        let text = words.reduce(" ") { $0 + (gaps.randomElement(using: &random) ?? " ") + $1 }
        let width = Int.random(in: 10...80, using: &random)
        let lines = text.folded(to: width)
        #expect(lines.flatMap { $0.split(separator: " ").map(String.init) } == words)
        for line in lines where line.count > width {
            #expect(line.split(separator: " ").count == 1, "\(line)")
        }
    }
}
