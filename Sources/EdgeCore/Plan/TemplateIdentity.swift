/// Which template a network's zones are to be rendered by, as far as planning must know.
public enum TemplateIdentity: Hashable, Sendable {
    /// The built-in text.
    case builtIn
    /// An operator's, told from others by its key.
    case template(key: String)
    /// An operator's that can't be read: each zone goes on with what its last template added.
    case unreadable

    /// The content key that a zone is planned with.
    ///
    /// - Parameters:
    ///   - content: what is generated (`ZoneContent.key`).
    ///   - published: the zone's content key as published; nil: it is new.
    func key(of content: String, published: String?) -> String {
        switch self {
        case .builtIn: content
        case .template(let key): PublishedContent.key(content, by: key)
        case .unreadable:
            published.map { PublishedContent.key(content, templateOf: $0) }
                ?? PublishedContent.standing(content)
        }
    }

    /// Whether a zone that was published with this key is to be rendered anew, or what it goes on with is to be
    /// looked at, as long as its template can't be read.
    func replaces(templateOf published: String) -> Bool {
        let last = PublishedContent.template(of: published)
        return switch self {
        case .builtIn: last != nil
        case .template(let key): last != key || PublishedContent.isStanding(published)
        // Nobody knows which; what was kept of the last one may be out of date.
        case .unreadable: PublishedContent.isStanding(published)
        }
    }
}
