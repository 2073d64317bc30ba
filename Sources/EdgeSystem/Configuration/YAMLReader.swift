public import EdgeCore
internal import Yams

/// Reads YAML into values with their places.
///
/// YAML 1.1 as the original's files are written, within limits: one document, keys that are plain
/// text, anchors and aliases and merges (`<<`) as long as the whole stays within
/// `ConfigurationSource.maximumNodes`.
public enum YAMLReader {
    /// Reads the bytes of a file that problems call `file`.
    ///
    /// - Parameter repeatedKeys: how a key that stands twice in one map is told; as a warning, the
    ///   first of them counts.
    /// - Returns: the source, nil when the text is no YAML within the limits; and its problems:
    ///   errors, or warnings of line ends and byte order marks.
    public static func read(
        _ bytes: [UInt8], file: String, repeatedKeys: ConfigurationProblem.Severity = .error
    ) -> (source: ConfigurationSource?, problems: [ConfigurationProblem]) {
        let text: YAMLText
        switch YAMLText.prepare(bytes, file: file) {
        case .failure(let problem): return (nil, [problem])
        case .success(let prepared): text = prepared
        }
        var loader = YAMLLoader(text: text, repeatedKeys: repeatedKeys)
        let root = loader.load()
        let problems = (text.warnings + loader.problems).sortedByPosition()
        guard let root, !loader.problems.hasErrors else { return (nil, problems) }
        return (ConfigurationSource(file: file, lines: text.lines, root: root), problems)
    }
}
