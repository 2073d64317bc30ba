internal import Stencil

/// Nodes rendered one after another, each paid for.
struct BoundedBody {
    private let parts: [(node: any NodeType, mentions: [String])]
    private let budget: TemplateBudget

    init(_ nodes: [any NodeType], budget: TemplateBudget) {
        self.budget = budget
        parts = nodes.map { ($0, TemplateBudget.mentions(in: $0.token?.contents ?? "")) }
    }

    func render(_ context: Context) throws -> String {
        var result = ""
        for (node, mentions) in parts {
            if node is BoundedLoop || node is BoundedCondition {
                result += try node.render(context)
            } else {
                try budget.spend(1, mentions: mentions)
                let text = try node.render(context)
                try budget.write(text)
                result += text
            }
        }
        return result
    }
}

/// `for NAME in LIST`, with `empty`; `TemplateScanner` has checked its form.
final class BoundedLoop: NodeType {
    let token: Token?
    private let variable: String
    private let list: any Resolvable
    private let mentions: [String]
    private let body: BoundedBody
    private let whenEmpty: BoundedBody
    private let budget: TemplateBudget

    init(_ parser: TokenParser, token: Token, budget: TemplateBudget) throws {
        let words = token.components
        guard words.count == 4, words[2] == "in" else {
            throw TemplateSyntaxError("a loop is written: for NAME in LIST")
        }
        self.token = token
        self.budget = budget
        variable = words[1]
        list = try parser.compileFilter(words[3], containedIn: token)
        mentions = TemplateBudget.mentions(in: words[3])
        body = BoundedBody(try parser.parse(until(["endfor", "empty"])), budget: budget)
        var rest: [any NodeType] = []
        if parser.nextToken()?.contents == "empty" {
            rest = try parser.parse(until(["endfor"]))
            _ = parser.nextToken()
        }
        whenEmpty = BoundedBody(rest, budget: budget)
    }

    func render(_ context: Context) throws -> String {
        try budget.spend(1, mentions: mentions)
        let values = try list.resolve(context) as? [Any] ?? []
        try budget.spend(values.count)
        if values.isEmpty { return try context.push { try whenEmpty.render(context) } }
        var result = ""
        for (index, value) in values.enumerated() {
            let loop: [String: Any] = [
                "first": index == 0, "last": index == values.count - 1, "counter": index + 1,
                "counter0": index, "length": values.count,
            ]
            result += try context.push(dictionary: ["forloop": loop, variable: value]) {
                try body.render(context)
            }
        }
        return result
    }
}

/// `if`, `elif`, `else`, and `ifnot`; `TemplateScanner` has checked their form.
final class BoundedCondition: NodeType {
    private struct Branch {
        /// nil: `else`.
        var condition: (any Expression)?
        var mentions: [String]
        var body: BoundedBody
    }

    let token: Token?
    private let isNegated: Bool
    private let budget: TemplateBudget
    private var branches: [Branch] = []

    init(_ parser: TokenParser, token: Token, budget: TemplateBudget) throws {
        self.token = token
        self.budget = budget
        isNegated = token.components.first == "ifnot"
        var tag: Token? = token
        while let current = tag, current.contents != "endif" {
            let isElse = current.contents == "else"
            let condition =
                try isElse
                ? nil
                : parser.compileExpression(
                    components: Array(current.components.dropFirst()), token: current)
            let nodes = try parser.parse(until(["elif", "else", "endif"]))
            branches.append(
                Branch(
                    condition: condition,
                    mentions: isElse ? [] : TemplateBudget.mentions(in: current.contents),
                    body: BoundedBody(nodes, budget: budget)))
            tag = parser.nextToken()
        }
    }

    func render(_ context: Context) throws -> String {
        for (index, branch) in branches.enumerated() {
            try budget.spend(1, mentions: branch.mentions)
            if let condition = branch.condition {
                let holds = try condition.evaluate(context: context)
                guard holds != (isNegated && index == 0) else { continue }
            }
            return try context.push { try branch.body.render(context) }
        }
        return ""
    }
}
