public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles
internal import Glibc
internal import Stencil

/// Reads zone templates in Stencil's language, which has much of Jinja's.
public struct StencilTemplateReader: TemplateReader {
    /// The longest template.
    public static let maximumBytes = 1 << 20

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
        return try StencilTemplate(String(decoding: bytes, as: UTF8.self), file: path)
    }
}

/// One template; it can read no file, and runs nothing.
public struct StencilTemplate: ZoneTemplate {
    public let key: String
    private let text: String
    private let file: String

    /// The longest zone that is rendered.
    public static let maximumZoneBytes = 4 << 20

    /// Checks a template's text (`TemplateScanner`), and that Stencil can read it.
    public init(_ text: String, file: String) throws(TemplateProblem) {
        self.text = text
        self.file = file
        key = IncludeDigest.text(of: Array(text.utf8))
        try TemplateScanner(file: file, known: TemplateContext.names).check(text)
        guard text.contains("serial") else {
            throw TemplateProblem(
                file: file, line: 0,
                message: "it has no {{ serial }}: name servers would never take a new version")
        }
    }

    /// The whole text of a zone.
    public func render(
        _ content: ZoneContent, serial: SOASerial, include: [UInt8]
    ) throws(TemplateProblem) -> [UInt8] {
        let context = TemplateContext(content: content, serial: serial, include: include)
        let zone: String
        do {
            // Stencil's templates are no values to be shared between tasks; no loader: no other files.
            let environment = Environment(
                templateClass: Template.self)
            zone = try environment.renderTemplate(string: text, context: context.dictionary)
        } catch {
            throw TemplateProblem(file: file, line: 0, message: "it can't be rendered: \(error)")
        }
        guard zone.utf8.count <= Self.maximumZoneBytes else {
            throw TemplateProblem(
                file: file, line: 0,
                message: "zone \(content.zone) has more than \(Self.maximumZoneBytes) bytes")
        }
        return Array(zone.utf8)
    }
}
