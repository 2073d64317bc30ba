public import EdgeCore
public import EdgeShell

/// A template of a webhook's body: every text that it is given is escaped for use within a JSON string.
public struct AlarmTemplate {
    private let file: String
    private let engine: TemplateEngine

    /// Reads and checks a template: it is rendered once for trial.
    public init(at path: String) throws(TemplateProblem) {
        try self.init(try StencilTemplateReader.text(at: path), file: path)
    }

    /// Checks a template's text.
    public init(_ text: String, file: String) throws(TemplateProblem) {
        self.file = file
        engine = try TemplateEngine(checking: text, file: file, known: Self.shapes)
    }

    /// What a template may speak of (docs/alarms.md).
    static let shapes: [String: TemplateShape] = [
        "id": .text, "phase": .text, "network": .text, "kind": .text, "severity": .text,
        "sentence": .text, "count": .number,
        "subjects": .list(
            .map(["name": .text, "severity": .text, "words": .text, "since": .number])),
        "ended": .list(.text), "lines": .list(.text), "is_flapping": .flag,
        "is_resolved": .flag, "since": .number, "time": .number,
    ]

    /// The body for one notification.
    public func body(
        of notification: AlarmNotification
    ) throws(TemplateProblem) -> [UInt8] {
        engine.budget.reset(sizes: [:])
        return try engine.rendering(of: Self.values(of: notification), file: file).get()
    }

    private static func values(of notification: AlarmNotification) -> [String: Any] {
        [
            "id": escaped(notification.id), "phase": notification.phase.rawValue,
            "network": escaped(notification.network),
            "kind": notification.kind?.rawValue ?? notification.phase.rawValue,
            "severity": notification.severity.rawValue,
            "sentence": escaped(notification.sentence), "count": notification.count,
            "subjects": notification.subjects.map { subject -> [String: Any] in
                [
                    "name": escaped(subject.name), "severity": subject.severity.rawValue,
                    "words": escaped(subject.words), "since": Int(subject.since),
                ]
            }, "ended": notification.ended.map(escaped), "lines": notification.lines.map(escaped),
            "is_flapping": notification.isFlapping,
            "is_resolved": notification.phase == .resolved,
            "since": Int(notification.since ?? notification.time), "time": Int(notification.time),
        ]
    }

    /// The text as it may stand between the quotes of a JSON string (RFC 8259 §7).
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
