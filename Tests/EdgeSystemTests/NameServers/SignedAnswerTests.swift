import EdgeCore
import EdgeTesting
import Foundation
import Testing

@testable import EdgeSystemNameServers

/// What is made of signed answers, right ones and forged ones, byte by byte.
@Suite struct SignedAnswerTests {
    private static let now = UnixTime(seconds: 1_700_000_000)

    private static func key(algorithm: String = "hmac-sha256") throws -> TSIGKey {
        let secret = Data("sixteen bytes or more".utf8).base64EncodedString()
        return try TSIGKey.parse(
            "key \"k\" { algorithm \(algorithm); secret \"\(secret)\"; };", file: "f")
    }

    private static func message(algorithm: String = "hmac-sha256") throws -> UpdateMessage {
        let change = ZoneUpdate.Change(
            owner: "www.example.test.", family: .ipv4, before: ["192.0.2.9"],
            after: ["192.0.2.1"], ttl: 60)
        return try UpdateMessage(
            ZoneUpdate(zone: "example.test", changes: [change]), id: 0x1234,
            key: key(algorithm: algorithm), time: now)
    }

    private static func fault(_ answer: SignedAnswer) throws -> UpdateFault? {
        let message = try message()
        return message.fault(in: answer.bytes(to: message.bytes), now: now)
    }

    /// RFC 2136 §2.2: opcode 5, and all other flags zero; RD is no update's.
    @Test func theHeaderHasNoOtherFlags() throws {
        let bytes = try Self.message().bytes
        #expect(Array(bytes[0..<4]) == [0x12, 0x34, 0x28, 0])
        // One zone, one prerequisite, two changes, the signature.
        #expect(Array(bytes[4..<12]) == [0, 1, 0, 1, 0, 2, 0, 1])
    }

    @Test(arguments: ["hmac-sha256", "hmac-sha512"])
    func aSignedSuccessIsTaken(algorithm: String) throws {
        let message = try Self.message(algorithm: algorithm)
        let answer = SignedAnswer(algorithm: algorithm).bytes(to: message.bytes)
        #expect(message.fault(in: answer, now: Self.now) == nil)
        #expect(message.fault(in: answer, now: Self.now.adding(.seconds(300))) == nil)
        #expect(
            message.fault(in: answer, now: Self.now.adding(.seconds(301)))
                == .forged(reason: "it was signed at another time"))
    }

    @Test(arguments: [
        (UInt8(8), UpdateFault.prerequisite(code: "NXRRSET")), (7, .prerequisite(code: "YXRRSET")),
        (3, .prerequisite(code: "NXDOMAIN")), (6, .prerequisite(code: "YXDOMAIN")), (5, .refused),
        (2, .serverFailure), (9, .notAuthoritative), (10, .notZone),
        (1, .answered(code: "FORMERR")),
    ])
    func signedErrorsAreNamed(code: UInt8, fault: UpdateFault) throws {
        #expect(try Self.fault(SignedAnswer(code: code)) == fault)
        let other = SignedAnswer(code: code, secret: Data("another secret of some length".utf8))
        #expect(try Self.fault(other) == .forged(reason: "its signature is wrong"))
    }

    /// RFC 8945 §5.2: what the server finds wrong with our signature, signed or not.
    @Test(arguments: [
        (UInt16(16), UpdateFault.badSignature(name: "k."), "BADSIG"),
        (17, .badKey(name: "k."), "BADKEY"),
        (22, .badTruncation(name: "k."), "BADTRUNC"),
        (21, .signatureRefused(name: "k.", code: "BADALG"), "BADALG"),
        (4711, .signatureRefused(name: "k.", code: "RCODE 4711"), "RCODE 4711"),
    ])
    func refusedSignaturesAreNamed(error: UInt16, fault: UpdateFault, word: String) throws {
        for isUnsigned in [false, true] {
            let found = try Self.fault(
                SignedAnswer(code: 9, error: error, isUnsigned: isUnsigned))
            #expect(found == fault)
            #expect(found?.description.contains("(\(word))") == true)
        }
    }

    /// §5.2.3: signed at our own time, with the server's beside it, however far that is away.
    @Test func anotherTimeIsNamed() throws {
        let other: [UInt8] = [0, 0, 0x65, 0x53, 0xF1, 0]
        let answer = SignedAnswer(code: 9, error: 18, other: other)
        #expect(
            try Self.fault(answer) == .badTime(server: UnixTime(seconds: 0x6553_F100)))
        let message = try Self.message()
        var bytes = answer.bytes(to: message.bytes)
        bytes[bytes.count - 1] ^= 1
        #expect(
            message.fault(in: bytes, now: Self.now) == .forged(reason: "its signature is wrong"))
    }

    /// The key is compared before the MAC, without case; another one's answer is not ours.
    @Test func anotherKeyOrAlgorithmIsNamed() throws {
        #expect(try Self.fault(SignedAnswer(key: "K")) == nil)
        #expect(
            try Self.fault(SignedAnswer(key: "other"))
                == .forged(reason: "it is signed by the key other. instead of k."))
        #expect(try Self.fault(SignedAnswer(algorithm: "HMAC-SHA256")) == nil)
        #expect(
            try Self.fault(SignedAnswer(algorithm: "hmac-md5.sig-alg.reg.int"))
                == .forged(
                    reason: "it is signed by hmac-md5.sig-alg.reg.int. instead of hmac-sha256"))
    }

    /// One bit is enough to be seen; only a name's case is no matter.
    @Test func noFlippedBitIsTaken() throws {
        let message = try Self.message()
        let right = SignedAnswer().bytes(to: message.bytes)
        let zoneEnd = 12 + 14 + 4
        let names = Set([zoneEnd + 1] + ((zoneEnd + 3 + 10 + 1)..<(zoneEnd + 3 + 10 + 12)))
        for place in right.indices {
            for bit in 0..<8 {
                var bytes = right
                bytes[place] ^= 1 << UInt8(bit)
                let fault = message.fault(in: bytes, now: Self.now)
                if names.contains(place), bit == 5 {
                    let letter = right[place] | 0x20
                    #expect((fault == nil) == (0x61...0x7A).contains(letter))
                } else {
                    #expect(fault != nil, "byte \(place), bit \(bit)")
                }
            }
        }
    }

    /// A request's MAC binds the answer to it: one to another request is none to ours.
    @Test func anAnswerToAnotherRequestIsForged() throws {
        let message = try Self.message()
        var other = message.bytes
        other[other.count - 7] ^= 1
        let answer = SignedAnswer().bytes(to: other)
        #expect(
            message.fault(in: answer, now: Self.now) == .forged(reason: "its signature is wrong"))
    }

    @Test(arguments: 1...10)
    func noBytesTrap(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let message = try Self.message()
        let right = SignedAnswer().bytes(to: message.bytes)
        for _ in 0..<2000 {
            var bytes = right
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes = Array(bytes.prefix(place))
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            }
            _ = message.fault(in: bytes, now: Self.now)
        }
    }

    /// Owners and data that are none are refused, not left out of the message.
    @Test func badRecordsAreRefused() throws {
        let label = String(repeating: "a", count: 64)
        for (owner, before) in [("\(label).test.", [IPAddress]()), ("a..test.", [])] {
            let change = ZoneUpdate.Change(
                owner: owner, family: .ipv4, before: before, after: [], ttl: 60)
            #expect(throws: UpdateFault.malformed(reason: "\(owner) is no name")) {
                try UpdateMessage(
                    ZoneUpdate(zone: "example.test", changes: [change]), id: 1, key: Self.key(),
                    time: Self.now)
            }
        }
        #expect(throws: UpdateFault.self) {
            try UpdateMessage(
                ZoneUpdate(zone: "example.test", soa: "a b", changes: []), id: 1, key: Self.key(),
                time: Self.now)
        }
    }
}
