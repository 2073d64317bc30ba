public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles
internal import Glibc
internal import Stencil
internal import Synchronization

/// Reads zone templates in Stencil's language, which has much of Jinja's.
public struct StencilTemplateReader: TemplateReader {
    /// The longest template in bytes.
    public static let maximumBytes = 64 << 10

    public init() {}

    /// Reads and checks a template.
    public func template(at path: String) throws(TemplateProblem) -> any ZoneTemplate {
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
        return try StencilTemplate(text, file: path)
    }
}

/// One template, read once; it can read no file and runs nothing, and each rendering is bounded
/// (`TemplateBudget`).
public final class StencilTemplate: ZoneTemplate {
    /// Tells the template's text from others.
    public let key: String
    private let file: String
    /// Stencil's nodes are no values: one rendering at a time.
    private let engine: Mutex<Engine>

    /// The longest zone that is rendered, in bytes.
    public static let maximumZoneBytes = MasterFile.maximumBytes

    private struct Engine {
        let body: BoundedBody
        let budget: TemplateBudget
        let environment: Environment
    }

    /// Checks a template's text (`TemplateScanner`), and that Stencil can read it.
    public init(_ text: String, file: String) throws(TemplateProblem) {
        self.file = file
        key = IncludeDigest.text(of: Array(text.utf8))
        guard text.utf8.count <= StencilTemplateReader.maximumBytes else {
            throw TemplateProblem(
                file: file, line: 0,
                message: "it has more than \(StencilTemplateReader.maximumBytes) bytes")
        }
        try TemplateScanner(file: file, known: TemplateContext.shapes).check(text)
        do {
            engine = Mutex(try Self.engine(for: text))
        } catch let error as TemplateSyntaxError {
            let line = Int(error.token?.sourceMap.location.lineNumber ?? 0)
            throw TemplateProblem(file: file, line: line, message: error.reason)
        } catch {
            throw TemplateProblem(file: file, line: 0, message: "it can't be read: \(error)")
        }
    }

    /// Our own loops, conditions and filters come before Stencil's; no loader, so no other files.
    private static func engine(for text: String) throws -> Engine {
        let budget = TemplateBudget()
        let library = Extension()
        library.registerTag("for") { parser, token in
            try BoundedLoop(parser, token: token, budget: budget)
        }
        for tag in ["if", "ifnot"] {
            library.registerTag(tag) { parser, token in
                try BoundedCondition(parser, token: token, budget: budget)
            }
        }
        BoundedFilters(budget: budget).register(in: library)
        let environment = Environment(extensions: [library])
        let template = Template(templateString: text, environment: environment)
        let nodes = try TokenParser(tokens: template.tokens, environment: environment).parse()
        return Engine(
            body: BoundedBody(nodes, budget: budget), budget: budget, environment: environment)
    }

    /// The whole text of a zone, and the steps it took.
    public func rendering(
        of content: ZoneContent, serial: SOASerial, include: [UInt8]
    ) -> TemplateRendering {
        let values = TemplateContext(content: content, serial: serial, include: include)
        return engine.withLock { engine in
            engine.budget.reset(sizes: values.sizes)
            let text = Result {
                let context = Context(
                    dictionary: values.dictionary, environment: engine.environment)
                return Array(try engine.body.render(context).utf8)
            }.mapError { TemplateProblem(file: file, line: 0, message: Self.sentence($0)) }
            return TemplateRendering(
                text: text, steps: engine.budget.spent, passesLimit: engine.budget.isOverdrawn)
        }
    }

    private static func sentence(_ error: any Error) -> String {
        "it can't be rendered: \((error as? TemplateSyntaxError)?.reason ?? "\(error)")"
    }
}
