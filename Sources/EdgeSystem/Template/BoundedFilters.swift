internal import Foundation
internal import Stencil

/// The filters, each with bounds on what it makes.
struct BoundedFilters {
    let budget: TemplateBudget

    /// The widest `indent`.
    static let widestIndent = 64

    func register(in library: Extension) {
        for name in ["lowercase", "lower"] {
            library.registerFilter(name) { value in try text(value).lowercased() }
        }
        for name in ["uppercase", "upper"] {
            library.registerFilter(name) { value in try text(value).uppercased() }
        }
        library.registerFilter("length") { value in (value as? [Any])?.count }
        library.registerFilter("default") { (value: Any?, arguments: [Any?]) in
            // In place of what is not there, as in Jinja; an empty text is there.
            value ?? arguments.first ?? nil
        }
        library.registerFilter("join") { (value: Any?, arguments: [Any?]) in
            try join(value as? [Any] ?? [], by: arguments.first as? String ?? "")
        }
        library.registerFilter("split") { (value: Any?, arguments: [Any?]) in
            let separator = arguments.first as? String ?? " "
            let whole = try text(value)
            // One step a part at least: parts are counted before they are made.
            try budget.spend(whole.utf8.count)
            return separator.isEmpty ? [whole] : whole.components(separatedBy: separator)
        }
        library.registerFilter("indent") { (value: Any?, arguments: [Any?]) in
            let filler = arguments.count > 1 ? arguments[1] as? String ?? " " : " "
            return try indent(
                text(value), width: arguments.first as? Int ?? 4, filler: filler)
        }
    }

    private func text(_ value: Any?) throws -> String {
        let text = value as? String ?? ""
        try budget.spend(text.utf8.count / TemplateBudget.block)
        return text
    }

    private func join(_ values: [Any], by separator: String) throws -> String {
        try budget.spend(values.count)
        let texts = values.map { $0 as? String ?? "\($0)" }
        let size = texts.reduce(values.count * separator.utf8.count) { $0 + $1.utf8.count }
        try fits(size)
        return texts.joined(separator: separator)
    }

    /// Every line but the first and empty ones begins with `width` times `filler`.
    private func indent(_ text: String, width: Int, filler: String) throws -> String {
        guard (0...Self.widestIndent).contains(width) else {
            throw TemplateBudget.Spent(
                description: "an indent of \(width) is not from 0 to \(Self.widestIndent)")
        }
        let margin = String(repeating: filler, count: width)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try budget.spend(lines.count)
        try fits(text.utf8.count + lines.count * margin.utf8.count)
        return lines.enumerated().map { index, line in
            index == 0 || line.isEmpty ? String(line) : margin + line
        }.joined(separator: "\n")
    }

    private func fits(_ size: Int) throws {
        guard size <= StencilTemplate.maximumZoneBytes else {
            throw TemplateBudget.Spent(
                description:
                    "a filter would make more than \(StencilTemplate.maximumZoneBytes) bytes")
        }
        try budget.spend(size / TemplateBudget.block)
    }
}
