import EdgeCore
import EdgeTesting
import Testing

/// Answers to updates, and the record that signs them.
@Suite struct UpdateAnswerTests {
    /// A zone section's answer with nothing else.
    static let plain: [UInt8] =
        [0, 7, 0xA8, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [1, 97, 4, 116, 101, 115, 116, 0, 0, 6, 0, 1]

    static func signature() throws -> TSIGRecord {
        var record = try #require(
            TSIGRecord(
                key: "K.example", algorithm: "hmac-sha256",
                time: UnixTime(seconds: 0x1_0203_0405), fudge: 300, id: 7))
        record.mac = Array(1...32)
        record.other = [0, 0, 0, 0, 0, 9]
        record.error = .badTime
        return record
    }

    /// What is appended is read back, and what was signed is the message without it.
    @Test func aSignatureIsReadBack() throws {
        let record = try Self.signature()
        let answer = try UpdateAnswer(record.appended(to: Self.plain))
        #expect(answer.signature == record)
        #expect(answer.signature?.keyName == "k.example.")
        #expect(answer.signature?.serverTime == UnixTime(seconds: 9))
        #expect(answer.signedPart == Self.plain)
        #expect(answer.code == .noError && answer.id == 7)
    }

    /// RFC 8945 §4.3.3, field by field.
    @Test func whatAMACCoversIsInOrder() throws {
        let digested = try Self.signature().digested([9, 9], answering: [5])
        let name: [UInt8] = [1, 107, 7] + Array("example".utf8) + [0]
        let algorithm: [UInt8] = [11] + Array("hmac-sha256".utf8) + [0]
        let expected: [UInt8] =
            [0, 1, 5, 9, 9] + name + [0, 255, 0, 0, 0, 0] + algorithm
            + [0, 1, 2, 3, 4, 5, 1, 44, 0, 18, 0, 6, 0, 0, 0, 0, 0, 9]
        #expect(digested == expected)
    }

    /// RFC 8945 §5.1: it stands last, once; its class and TTL are given (§4.2).
    @Test func aSignatureElsewhereIsMalformed() throws {
        let signed = try Self.signature().appended(to: Self.plain)
        #expect(throws: MalformedMessage.self) {
            try UpdateAnswer(Self.signature().appended(to: signed))
        }
        #expect(throws: MalformedMessage.self) { try UpdateAnswer(signed + [0]) }
        var answers = signed
        (answers[7], answers[11]) = (1, 0)
        #expect(throws: MalformedMessage.self) { try UpdateAnswer(answers) }
        var other = signed
        other[Self.plain.count + 11 + 3] = 1  // class IN
        #expect(throws: MalformedMessage.self) { try UpdateAnswer(other) }
    }

    @Test(arguments: [
        ([1, 2, 3] as [UInt8], "is too short"),
        ([0, 7, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0], "answers no update"),
        ([0, 7, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0], "answers no update"),
        ([0, 7, 0xA8, 0, 0, 1, 0, 0, 0, 0, 0, 0], "ends too early"),
    ])
    func otherMessagesAreNamed(bytes: [UInt8], words: String) {
        #expect(throws: MalformedMessage(words)) { try UpdateAnswer(bytes) }
    }

    @Test(arguments: 1...20)
    func noBytesTrap(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let sample = try Self.signature().appended(to: Self.plain)
        for _ in 0..<5000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes = Array(bytes.prefix(max(1, place)))
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            guard let answer = try? UpdateAnswer(bytes), let signature = answer.signature else {
                continue
            }
            #expect(answer.signedPart.count < bytes.count)
            _ = signature.digested(answer.signedPart)
        }
    }
}
