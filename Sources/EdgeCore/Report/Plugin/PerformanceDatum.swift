/// One number for graphs: `'label'=value[UOM];warn;crit;min;max`.
public struct PerformanceDatum: Hashable, Sendable {
    public var label: String
    /// nil: it could not be told (`U`).
    public var value: Double?
    /// `s`, `%`, `B`, `c`, or empty for a plain number.
    public var unit: String
    public var warning: ThresholdRange?
    public var critical: ThresholdRange?
    public var minimum: Double?
    public var maximum: Double?

    public init(
        label: String, value: Double?, unit: String = "", warning: ThresholdRange? = nil,
        critical: ThresholdRange? = nil, minimum: Double? = nil, maximum: Double? = nil
    ) {
        self.label = label
        self.value = value
        self.unit = unit
        self.warning = warning
        self.critical = critical
        self.minimum = minimum
        self.maximum = maximum
    }

    /// As the guidelines write it: a label has neither an equals sign nor a single quote, and what is not
    /// given at the end is left out with its semicolon.
    public var text: String {
        let name = String(PluginText.plain(label).filter { $0 != "=" && $0 != "'" })
        let number = value.map { PluginNumber.text($0) + unit } ?? "U"
        let fields = [
            number, warning?.description, critical?.description, minimum.map(PluginNumber.text),
            maximum.map(PluginNumber.text),
        ]
        let last = fields.lastIndex { $0 != nil } ?? 0
        return "'\(name)'=" + fields[...last].map { $0 ?? "" }.joined(separator: ";")
    }
}
