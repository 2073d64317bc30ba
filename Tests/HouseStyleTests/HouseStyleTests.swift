import Foundation
import Testing

/// Style is a failing check: lengths, purity of the core, documentation.
@Suite struct HouseStyleTests {
    static let sources = SourceTree.files(under: "Sources")
    static let tests = SourceTree.files(under: "Tests")

    @Test func theTreeIsFound() {
        #expect(Self.sources.count > 50)
        #expect(Self.tests.count > 20)
    }

    @Test(arguments: sources + tests)
    func filesAreShort(file: SourceTree.File) {
        #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines")
    }

    @Test(arguments: sources)
    func functionsAreShort(file: SourceTree.File) {
        for function in Self.functions(in: file) {
            #expect(
                function.length <= 50, "\(file.path):\(function.line) has \(function.length) lines")
        }
    }

    /// The core decides and touches nothing: no clock, no files, no randomness, no heavy imports.
    @Test(arguments: sources.filter { $0.path.hasPrefix("Sources/EdgeCore/") })
    func theCoreIsPure(file: SourceTree.File) {
        let banned = [
            #"^\s*(public |internal )?import "#, #"\bDate\(\)"#, #"FileManager"#, #"ProcessInfo"#,
            #"ContinuousClock|SuspendingClock"#,
            #"SystemRandomNumberGenerator|\.randomElement\(\)|\.shuffled\(\)"#,
            #"\bprint\("#,
        ]
        expectNone(of: banned, in: file)
    }

    @Test(arguments: sources.filter { $0.path.hasPrefix("Sources/EdgeShell/") })
    func theShellTouchesTheWorldThroughProtocolsOnly(file: SourceTree.File) {
        let banned = [
            #"import (Foundation|NIO|GRDB|Cldns|Glibc)"#, #"\bDate\(\)"#, #"\bTask\s*\{"#,
        ]
        expectNone(of: banned, in: file)
    }

    @Test(arguments: sources)
    func nothingIsForcedOrUnfinished(file: SourceTree.File) {
        let banned = [
            #"\btry!"#, #"\bas!"#, "fatalError" + #"\("#, "@unchecked" + " Sendable",
            #"nonisolated\(unsafe\)"#,
            "TO" + "DO", "FIX" + "ME", #"^\s*Task\s*\{"#, #"Task\.detached"#,
        ]
        expectNone(of: banned, in: file)
    }

    @Test(arguments: sources.filter { !$0.path.contains("/edgemanage/") })
    func publicDeclarationsAreDocumented(file: SourceTree.File) {
        for (index, line) in file.lines.enumerated() where Self.declaresSomethingPublic(line) {
            var above = index - 1
            while above >= 0, file.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@")
            {
                above -= 1
            }
            let previous = above >= 0 ? file.lines[above].trimmingCharacters(in: .whitespaces) : ""
            #expect(previous.hasPrefix("///"), "\(file.path):\(index + 1) is public without a word")
        }
    }

    private func expectNone(of patterns: [String], in file: SourceTree.File) {
        for (index, line) in file.lines.enumerated() {
            let code = line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line
            for pattern in patterns {
                let found = code.range(of: pattern, options: .regularExpression) != nil
                #expect(!found, "\(file.path):\(index + 1) has \(pattern): \(line)")
            }
        }
    }

    /// Types, functions and protocols; stored properties and cases speak through their type's comment,
    /// initialisers and conformances through their names.
    private static func declaresSomethingPublic(_ line: String) -> Bool {
        let pattern =
            #"^\s*public (final )?(static )?(mutating )?(struct|enum|class|protocol|actor|func|typealias) "#
        guard line.range(of: pattern, options: .regularExpression) != nil else { return false }
        let exempt = #"static func [<=]|func (hash|encode|resume|encode)\("#
        return line.range(of: exempt, options: .regularExpression) == nil
    }

    /// Functions with their first line and length, by counting braces outside of strings.
    private static func functions(in file: SourceTree.File) -> [(line: Int, length: Int)] {
        var found: [(line: Int, length: Int)] = []
        var open: [(line: Int, depth: Int)] = []
        var depth = 0
        var isInText = false
        for (index, line) in file.lines.enumerated() {
            if line.components(separatedBy: "\"\"\"").count == 2 { isInText.toggle() }
            if isInText { continue }
            let code = line.replacingOccurrences(
                of: #""([^"\\]|\\.)*"|//.*$"#, with: "", options: .regularExpression)
            if code.range(
                of: #"\b(func|init)\b.*\{\s*$|^\s*\) (async )?(throws )?(-> .*)?\{\s*$"#,
                options: .regularExpression) != nil
            {
                open.append((index + 1, depth))
            }
            depth += code.count { $0 == "{" } - code.count { $0 == "}" }
            while let last = open.last, depth <= last.depth {
                open.removeLast()
                found.append((last.line, index + 2 - last.line))
            }
        }
        return found
    }
}
