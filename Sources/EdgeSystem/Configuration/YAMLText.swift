internal import EdgeCore

/// A file's text, ready for the YAML parser: UTF-8, Unix line ends, no byte order mark, and nothing
/// in it that the parser could choke on.
struct YAMLText {
    let file: String
    /// Without the ends.
    let lines: [String]
    let text: String
    let warnings: [ConfigurationProblem]

    /// Checks the bytes and takes them.
    static func prepare(_ bytes: [UInt8], file: String) -> Result<YAMLText, ConfigurationProblem> {
        guard bytes.count <= ConfigurationSource.maximumBytes else {
            let most = ConfigurationSource.maximumBytes >> 20
            return .failure(
                .init(file: file, message: "the file is larger than \(most) MiB; split it"))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return .failure(
                .init(file: file, message: "the file is UTF-16; save it as UTF-8"))
        }
        var warnings: [ConfigurationProblem] = []
        var content = bytes[...]
        if content.starts(with: [0xEF, 0xBB, 0xBF]) {
            content = content.dropFirst(3)
            let message =
                "the file begins with a byte order mark, which is ignored; save it without"
            warnings.append(.init(severity: .warning, file: file, message: message))
        }
        if let position = firstInvalid(content) {
            let message = "this line is not UTF-8; save the file as UTF-8"
            return .failure(.init(file: file, position: position, message: message))
        }
        let (plain, hadReturns) = withUnixLineEnds(content)
        if hadReturns {
            let message =
                "the file has Windows line ends, which are read as plain ones; save it without"
            warnings.append(.init(severity: .warning, file: file, message: message))
        }
        let text = String(decoding: plain, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let prepared = YAMLText(file: file, lines: lines, text: text, warnings: warnings)
        if let problem = prepared.sizeProblem() ?? prepared.complexKeyProblem() {
            return .failure(problem)
        }
        return .success(prepared)
    }

    /// Where the bytes stop being UTF-8; nil when they are.
    private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> SourcePosition? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var line = 1
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil {
                return SourcePosition(line: line, column: 1)
            }
            line += 1
        }
        return SourcePosition(line: 1, column: 1)
    }

    private static func withUnixLineEnds(_ bytes: ArraySlice<UInt8>) -> ([UInt8], Bool) {
        guard bytes.contains(0x0D) else { return (Array(bytes), false) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices {
            guard bytes[index] == 0x0D else {
                result.append(bytes[index])
                continue
            }
            let isPair = index + 1 < bytes.endIndex && bytes[index + 1] == 0x0A
            if !isPair { result.append(0x0A) }
        }
        return (result, true)
    }

    /// A problem for a text with so many separators that it must be over the limit of values, told
    /// before the parser makes them all.
    private func sizeProblem() -> ConfigurationProblem? {
        let separators = text.utf8.count { [0x0A, 0x2C, 0x5B, 0x7B].contains($0) }
        let most = ConfigurationSource.maximumNodes
        guard separators > 10 * most else { return nil }
        return ConfigurationProblem(
            file: file, message: "the file has more than \(most) values; split it")
    }

    /// The text with the letter at a position replaced: how a repeated key is told from the first.
    func replacing(
        at position: SourcePosition, _ expected: Unicode.Scalar, by scalar: Unicode.Scalar
    )
        -> (text: YAMLText, column: Int)?
    {
        guard lines.indices.contains(position.line - 1) else { return nil }
        var scalars = Array(lines[position.line - 1].unicodeScalars)
        var index = position.column - 1
        if scalars.indices.contains(index), scalars[index] == "\"" || scalars[index] == "'" {
            index += 1
        }
        guard scalars.indices.contains(index), scalars[index] == expected else { return nil }
        scalars[index] = scalar
        var line = String.UnicodeScalarView()
        line.append(contentsOf: scalars)
        var changed = lines
        changed[position.line - 1] = String(line)
        let text = YAMLText(
            file: file, lines: changed, text: changed.joined(separator: "\n"), warnings: warnings)
        return (text, index + 1)
    }
}
