public import EdgeCore

// In tests and worlds names are written down by the author: a wrong one is a mistake of the test.

extension EdgeName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let name = EdgeName(text) else { preconditionFailure("\(text) is no edge name") }
        self = name
    }
}

extension NetworkName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let name = NetworkName(text) else {
            preconditionFailure("\(text) is no network name")
        }
        self = name
    }
}

extension ZoneName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let name = ZoneName(text) else { preconditionFailure("\(text) is no zone name") }
        self = name
    }
}

extension RotatedLabel: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let label = RotatedLabel(text) else { preconditionFailure("\(text) is no label") }
        self = label
    }
}

extension IPAddress: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        self = address
    }
}
