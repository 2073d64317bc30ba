public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles
internal import Glibc
internal import Synchronization

/// Reads zone templates in Stencil's language, which has much of Jinja's.
public struct StencilTemplateReader: TemplateReader {
    /// The longest template in bytes.
    public static let maximumBytes = 64 << 10

    public init() {}

    /// Reads and checks a template.
    public func template(at path: String) throws(TemplateProblem) -> any ZoneTemplate {
        try StencilTemplate(try Self.text(at: path), file: path)
    }

    /// A template's text.
    static func text(at path: String) throws(TemplateProblem) -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: Self.maximumBytes).bytes
        } catch {
            throw TemplateProblem(
                file: path, line: 0,
                message: "it can't be read: "
                    + (error.reason ?? String(cString: strerror(error.code))))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TemplateProblem(file: path, line: 0, message: "it is not in UTF-8")
        }
        return text
    }
}

/// One template, read once; it can read no file and runs nothing, and each rendering is bounded
/// (`TemplateBudget`).
public final class StencilTemplate: ZoneTemplate {
    /// Tells the template's text from others.
    public let key: String
    private let file: String
    /// Stencil's nodes are no values: one rendering at a time.
    private let engine: Mutex<TemplateEngine>

    /// The longest zone that is rendered, in bytes.
    public static let maximumZoneBytes = MasterFile.maximumBytes

    /// Checks a template's text (`TemplateScanner`), and that Stencil can read it.
    public init(_ text: String, file: String) throws(TemplateProblem) {
        self.file = file
        key = IncludeDigest.text(of: Array(text.utf8))
        engine = Mutex(
            try TemplateEngine(checking: text, file: file, known: TemplateContext.shapes))
    }

    /// The whole text of a zone, and the steps it took.
    public func rendering(
        of content: ZoneContent, serial: SOASerial, include: [UInt8]
    ) -> TemplateRendering {
        let values = TemplateContext(content: content, serial: serial, include: include)
        return engine.withLock { engine in
            engine.budget.reset(sizes: values.sizes)
            let text = engine.rendering(of: values.dictionary, file: file)
            return TemplateRendering(
                text: text, steps: engine.budget.spent, passesLimit: engine.budget.isOverdrawn)
        }
    }
}
