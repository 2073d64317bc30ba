extension Int {
    /// The number with what is counted: `1 zone`, `2 zones`, `0 zones`.
    ///
    /// - Parameter plural: of a noun whose plural is more than an s behind it.
    public func counted(_ noun: String, plural: String? = nil) -> String {
        "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
    }

    /// What is said behind a first example of so many: ` (and 1 more zone)`; nothing for none.
    public func furtherWords(_ noun: String) -> String {
        self > 0 ? " (and \(self) more \(self == 1 ? noun : noun + "s"))" : ""
    }
}

extension Collection where Element: CustomStringConvertible {
    /// The first five, separated by blanks, and how many there are besides.
    public var fewWords: String {
        prefix(5).map(\.description).joined(separator: " ")
            + (count > 5 ? " and \(count - 5) more" : "")
    }
}
