import EdgeCore

/// What a network's zones are rendered by in a round.
enum TemplateInUse: Sendable {
    /// The built-in text.
    case builtIn
    /// An operator's.
    case read(any ZoneTemplate)
    /// An operator's that can't be read; one sentence about that.
    case unreadable(String)
    /// An operator's that took too much in other zones.
    case givenUp

    /// Whether the operator has one, readable or not.
    var isOperators: Bool {
        if case .builtIn = self { false } else { true }
    }

    /// The template, where there is one that can be used.
    var template: (any ZoneTemplate)? {
        if case .read(let template) = self { template } else { nil }
    }

    /// What planning must know.
    var identity: TemplateIdentity {
        switch self {
        case .builtIn: .builtIn
        case .read(let template): .template(key: template.key)
        case .unreadable, .givenUp: .unreadable
        }
    }
}
