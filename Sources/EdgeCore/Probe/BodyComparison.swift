/// Compares a body with the test object while it arrives, keeping none of it (I32).
struct BodyComparison: Sendable {
    /// What the body must be.
    let expected: [UInt8]
    /// How much has come.
    private(set) var received = 0
    /// The first byte that differs.
    private(set) var firstDifference: Int?

    init(expected: [UInt8]) {
        self.expected = expected
    }

    /// Whether more has come than the object has.
    var isTooLong: Bool { received > expected.count }

    /// Compares the next bytes; what lies behind the object's end is only counted, once.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        let fits = min(bytes.count, expected.count - received)
        if fits > 0 && firstDifference == nil {
            let start = received
            firstDifference = expected.withUnsafeBytes { object in
                Self.difference(
                    object, from: start, UnsafeRawBufferPointer(rebasing: bytes[..<fits]))
            }
        }
        received += max(fits, 0)
        if bytes.count > fits { received = expected.count + 1 }
    }

    /// The verdict once the body has ended.
    var verdict: ResponseVerdict {
        if received != expected.count {
            return .failure(.mismatch(.length(received: received, expected: expected.count)))
        }
        if let firstDifference {
            return .failure(.mismatch(.content(firstDifference: firstDifference)))
        }
        return .object
    }

    /// Where `bytes` differ from the object, the object's offset of their first byte being `start`:
    /// eight bytes at a time, then one by one.
    private static func difference(
        _ object: UnsafeRawBufferPointer, from start: Int, _ bytes: UnsafeRawBufferPointer
    ) -> Int? {
        var index = 0
        while index + 8 <= bytes.count {
            let left = object.loadUnaligned(fromByteOffset: start + index, as: UInt64.self)
            let right = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if left != right { break }
            index += 8
        }
        while index < bytes.count {
            if object[start + index] != bytes[index] { return start + index }
            index += 1
        }
        return nil
    }
}
