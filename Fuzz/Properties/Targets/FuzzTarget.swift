/// Something that reads bytes from outside, and what must hold of it whatever these bytes are.
struct FuzzTarget: Sendable {
    /// The folder of its saved corpus, and what script/fuzz calls it by.
    var name: String
    /// Longer inputs are of no more use.
    var maximumBytes: Int
    /// What does not hold; nil: all is well. A trap, a hang or much memory is a finding too.
    var violation: @Sendable ([UInt8]) -> String?

    init(
        _ name: String, maximumBytes: Int = 4096,
        violation: @escaping @Sendable ([UInt8]) -> String?
    ) {
        self.name = name
        self.maximumBytes = maximumBytes
        self.violation = violation
    }

    /// Every target, in the order in which script/fuzz runs them.
    static let all: [FuzzTarget] =
        zones + wire + control + files + configurations

    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

    /// The first sentence that is not nil.
    static func first(_ sentences: String?...) -> String? {
        sentences.compactMap { $0 }.first
    }

    /// Text as messages may show it: a sentence for the first control character in it.
    static func controlCharacter(in text: String, of what: String) -> String? {
        let found = text.unicodeScalars.first { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F }
        return found.map { "\(what) has the control character \($0.value): \(text)" }
    }
}
