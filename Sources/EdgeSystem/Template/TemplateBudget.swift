internal import EdgeShell

/// What one rendering may spend: a template of a few lines could else run for hours or fill the
/// memory.
///
/// A class, since every node of one rendering spends from it; it never leaves that rendering's
/// lock.
final class TemplateBudget {
    /// The most steps: one for each piece that is rendered, each pass of a loop, each element of a
    /// list whenever it is mentioned, each block of bytes that a filter reads.
    static let steps = TemplateAllowance.dearest
    /// The bytes of a step.
    static let block = 64

    private var left = steps
    private var bytesLeft = StencilTemplate.maximumZoneBytes
    private var sizes: [String: Int] = [:]

    /// Why a rendering was ended.
    struct Spent: Error, CustomStringConvertible {
        var description: String
    }

    /// Begins a rendering.
    func reset(sizes: [String: Int]) {
        left = Self.steps
        bytesLeft = StencilTemplate.maximumZoneBytes
        self.sizes = sizes
    }

    /// The steps of this rendering so far.
    var spent: Int { Self.steps - max(0, left) }

    /// Whether this rendering was to have more than there is.
    var isOverdrawn: Bool { left < 0 || bytesLeft < 0 }

    /// Spends steps.
    func spend(_ steps: Int, mentions: [String] = []) throws {
        left -= steps
        for name in mentions { left -= sizes[name] ?? 0 }
        guard left >= 0 else {
            throw Spent(description: "it takes more than \(Self.steps) steps: nest fewer loops")
        }
    }

    /// Spends bytes of the zone's text.
    func write(_ text: String) throws {
        bytesLeft -= text.utf8.count
        guard bytesLeft >= 0 else {
            throw Spent(
                description: "a zone would have more than \(StencilTemplate.maximumZoneBytes) bytes"
            )
        }
    }

    /// The large values that a tag names.
    static func mentions(in text: String) -> [String] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
            .map { String($0.prefix { $0 != "." }) }
            .filter { ["records", "edges", "rotate_zones", "ns_records", "include"].contains($0) }
    }
}
