/// What is open under which message ID: 16 bits, chosen at random, so that nobody off the path can guess an
/// open one (RFC 5452 §9.2).
struct MessageIDs<Value> {
    private var values: [UInt16: Value] = [:]

    var count: Int { values.count }
    var isEmpty: Bool { values.isEmpty }

    subscript(id: UInt16) -> Value? {
        get { values[id] }
        set { values[id] = newValue }
    }

    /// All that is open, in no order.
    var all: some Collection<Value> { values.values }

    /// Everything taken out.
    mutating func removeAll() -> [Value] {
        defer { values = [:] }
        return Array(values.values)
    }

    /// An ID under which nothing is open; nil when all are taken.
    func free(using random: inout some RandomNumberGenerator) -> UInt16? {
        guard values.count <= UInt16.max else { return nil }
        var id = UInt16.random(in: .min ... .max, using: &random)
        while values[id] != nil { id &+= 1 }
        return id
    }
}
