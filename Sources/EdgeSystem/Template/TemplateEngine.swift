internal import EdgeShell
internal import Stencil

/// A template that was checked, with the budget of each of its renderings.
struct TemplateEngine {
    let body: BoundedBody
    let budget: TemplateBudget
    let environment: Environment

    /// Checks a template's text (`TemplateScanner`), and that Stencil can read it.
    ///
    /// - Parameter known: what it may speak of.
    init(
        checking text: String, file: String, known: [String: TemplateShape]
    ) throws(TemplateProblem) {
        guard text.utf8.count <= StencilTemplateReader.maximumBytes else {
            throw TemplateProblem(
                file: file, line: 0,
                message: "it has more than \(StencilTemplateReader.maximumBytes) bytes")
        }
        try TemplateScanner(file: file, known: known).check(text)
        do {
            try self.init(text)
        } catch let error as TemplateSyntaxError {
            let line = Int(error.token?.sourceMap.location.lineNumber ?? 0)
            throw TemplateProblem(file: file, line: line, message: error.reason)
        } catch {
            throw TemplateProblem(file: file, line: 0, message: "it can't be read: \(error)")
        }
    }

    /// Our own loops, conditions and filters come before Stencil's; no loader, so no other files.
    private init(_ text: String) throws {
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
        environment = Environment(extensions: [library])
        let template = Template(templateString: text, environment: environment)
        let nodes = try TokenParser(tokens: template.tokens, environment: environment).parse()
        body = BoundedBody(nodes, budget: budget)
        self.budget = budget
    }

    /// The text with these values in it; the budget was reset.
    func rendering(
        of values: [String: Any], file: String
    ) -> Result<[UInt8], TemplateProblem> {
        Result {
            let context = Context(dictionary: values, environment: environment)
            return Array(try body.render(context).utf8)
        }.mapError {
            let reason = ($0 as? TemplateSyntaxError)?.reason ?? "\($0)"
            return TemplateProblem(
                file: file, line: 0, message: "it can't be rendered: \(reason)")
        }
    }
}
