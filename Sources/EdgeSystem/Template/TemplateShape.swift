/// What a value is that a template is given: known before anything is rendered, so that a misspelt
/// field is an error with its line, not an empty text in a zone.
indirect enum TemplateShape: Hashable, Sendable {
    case text
    case number
    case flag
    case list(TemplateShape)
    case map([String: TemplateShape])

    /// The shape in words.
    var words: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .flag: "a truth value"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// What a loop variable is within a loop over this; nil: there is no loop over it.
    var element: TemplateShape? {
        switch self {
        case .list(let element): element
        case .text, .number, .flag, .map: nil
        }
    }

    /// The shape behind a dot, or why there is none.
    func member(_ name: String) -> Result<TemplateShape, TemplateExpression.Fault> {
        switch self {
        case .map(let fields):
            if let shape = fields[name] { return .success(shape) }
            let known = fields.keys.sorted().joined(separator: ", ")
            return .failure(.init("there is no \"\(name)\" in it; there are \(known)"))
        case .list(let element):
            if name == "count" { return .success(.number) }
            if name == "first" || name.utf8.allSatisfy({ (48...57).contains($0) }) {
                return .success(element)
            }
            if name == "last" {
                return .failure(
                    .init(
                        "\".last\" can't be used: write a loop with {% if forloop.last %}, since a "
                            + "list may be empty"))
            }
            return .failure(.init("a list has .count, .first and .0, .1, …, no \".\(name)\""))
        case .text, .number, .flag:
            return .failure(.init("\(words) has nothing behind a dot"))
        }
    }

    /// Within a loop, what `forloop` holds.
    static let loop = TemplateShape.map([
        "first": .flag, "last": .flag, "counter": .number, "counter0": .number,
        "length": .number,
    ])
}
