import EdgeCore
import Testing

@Suite struct ConfigurationProblemTests {
    @Test func readsLikeACompilers() {
        let problem = ConfigurationProblem(
            file: "a.yaml", position: SourcePosition(line: 3, column: 5), message: "no",
            suggestion: "yes", sourceLine: "    nein: 1")
        #expect(
            problem.description == """
                a.yaml:3:5: error: no; did you mean "yes"?
                        nein: 1
                        ^
                """)
    }

    @Test func keepsTabsUnderTabs() {
        let problem = ConfigurationProblem(
            file: "a", position: SourcePosition(line: 1, column: 3), message: "m",
            sourceLine: "\ta b")
        #expect(problem.description.hasSuffix("    \ta b\n    \t ^"))
    }

    @Test func cutsLongLinesAroundTheColumn() {
        let line = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
        let problem = ConfigurationProblem(
            file: "a", position: SourcePosition(line: 1, column: 501), message: "m",
            sourceLine: line)
        let parts = problem.description.split(separator: "\n")
        #expect(parts[1].utf8.count == 104)
        let caret = parts[2].firstIndex(of: "^").map {
            parts[2].distance(from: parts[2].startIndex, to: $0)
        }
        let mark = parts[1].firstIndex(of: "X").map {
            parts[1].distance(from: parts[1].startIndex, to: $0)
        }
        #expect(caret == mark)
    }

    @Test func passesNoControlCharactersOn() {
        let problem = ConfigurationProblem(
            file: "a", position: SourcePosition(line: 1, column: 90), message: "bad \u{1B}[2J",
            sourceLine: "x\u{1B}]0;evil\u{07}")
        #expect(!problem.description.unicodeScalars.contains("\u{1B}"))
        #expect(!problem.description.unicodeScalars.contains("\u{07}"))
    }

    @Test func sortsByPlace() {
        let at = { (line: Int) in
            ConfigurationProblem(
                file: "a", position: SourcePosition(line: line, column: 1), message: "\(line)")
        }
        let whole = ConfigurationProblem(severity: .warning, file: "a", message: "whole")
        #expect([at(3), at(1), whole].sortedByPosition().map(\.message) == ["whole", "1", "3"])
        #expect(![whole].hasErrors)
        #expect([whole, at(1)].hasErrors)
    }
}
