import Crypto
import Foundation

/// An answer to an update, signed as RFC 8945 says, without any code of the program's.
struct SignedAnswer {
    var code: UInt8 = 0
    var error: UInt16 = 0
    var key = "k"
    var algorithm = "hmac-sha256"
    var secret = Data("sixteen bytes or more".utf8)
    var time: Int64 = 1_700_000_000
    var other: [UInt8] = []
    /// Whether the MAC is left out, as where the server could not check ours.
    var isUnsigned = false

    private static func word(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xFF)]
    }

    private static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func six(_ value: Int64) -> [UInt8] {
        (0..<6).map { UInt8(value >> (40 - 8 * $0) & 0xFF) }
    }

    /// The bytes that answer a request whose MAC (of 32 bytes or 64) stands before its last six bytes.
    func bytes(to request: [UInt8]) -> [UInt8] {
        let length = algorithm == "hmac-sha512" ? 64 : 32
        let mac = Array(request[(request.count - 6 - length)..<(request.count - 6)])
        let zone: [UInt8] =
            [7] + Array("example".utf8) + [4] + Array("test".utf8) + [0, 0, 6, 0, 1]
        let head = Array(request[0..<2]) + [0xA8, code, 0, 1, 0, 0, 0, 0, 0]
        let unsigned = head + [0] + zone
        let lower = key.lowercased()
        let variables =
            Self.name(lower) + [0, 255, 0, 0, 0, 0] + Self.name(algorithm.lowercased())
            + Self.six(time) + Self.word(300) + Self.word(error) + Self.word(UInt16(other.count))
            + other
        let digested = Self.word(UInt16(length)) + mac + unsigned + variables
        let symmetric = SymmetricKey(data: secret)
        let made =
            length == 64
            ? Array(HMAC<SHA512>.authenticationCode(for: digested, using: symmetric))
            : Array(HMAC<SHA256>.authenticationCode(for: digested, using: symmetric))
        let signature = isUnsigned ? [] : made
        let data =
            Self.name(algorithm) + Self.six(time) + Self.word(300)
            + Self.word(UInt16(signature.count)) + signature + request[0..<2] + Self.word(error)
            + Self.word(UInt16(other.count)) + other
        return head + [1] + zone + Self.name(key) + [0, 250, 0, 255, 0, 0, 0, 0]
            + Self.word(UInt16(data.count)) + data
    }
}
