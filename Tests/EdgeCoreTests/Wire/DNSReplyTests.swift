import EdgeCore
import EdgeTesting
import Testing

/// Answers from the wire: what they say, and that no bytes trap.
@Suite struct DNSReplyTests {
    static let question = DNSQuestion("www.example.test.", .a)

    /// An answer with these records behind the question, names by pointer to it.
    static func answer(
        _ question: DNSQuestion, flags: UInt16 = 0x8400, id: UInt16 = 7,
        records: [(type: UInt16, ttl: UInt32, data: [UInt8])] = []
    ) -> [UInt8] {
        func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
        var bytes =
            word(id) + word(flags) + word(1) + word(UInt16(records.count)) + word(0) + word(0)
        bytes += question.name + word(question.type.rawValue) + word(1)
        for record in records {
            bytes += [0xC0, 12] + word(record.type) + word(1)
            bytes += word(UInt16(record.ttl >> 16)) + word(UInt16(record.ttl & 0xFFFF))
            bytes += word(UInt16(record.data.count)) + record.data
        }
        return bytes
    }

    @Test func questionsAreEncoded() throws {
        let question = try #require(DNSQuestion("WWW.a.test", .soa))
        #expect(question.name == [3, 119, 119, 119, 1, 97, 4, 116, 101, 115, 116, 0])
        let message = question.message(id: 0x1234)
        #expect(Array(message.prefix(12)) == [0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])
        #expect(Array(message.suffix(11)) == [0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0])
        let label = String(repeating: "a", count: 63)
        #expect(DNSQuestion("\(label).test", .a) != nil)
        for bad in ["", ".", "a..b", "\(label)a.test", String(repeating: "\(label).", count: 4)] {
            #expect(DNSQuestion(bad, .a) == nil, "\(bad)")
        }
    }

    @Test func addressesAndTheLowestTTLAreRead() throws {
        let question = try #require(Self.question)
        let bytes = Self.answer(
            question, records: [(1, 60, [192, 0, 2, 1]), (1, 30, [192, 0, 2, 2])])
        let reply = try DNSReply(bytes, to: question, id: 7)
        #expect(reply.addresses == ["192.0.2.1", "192.0.2.2"])
        #expect(reply.ttl == 30 && reply.isAuthoritative && reply.code == .noError)
    }

    @Test func aSOAIsReadThroughPointers() throws {
        let question = try #require(DNSQuestion("example.test", .soa))
        let numbers: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4]
        let data: [UInt8] = [3, 110, 115, 49, 0xC0, 12, 2, 0x41, 0x2E, 0xC0, 12] + numbers
        let reply = try DNSReply(
            Self.answer(question, records: [(6, 300, data)]), to: question, id: 7)
        #expect(reply.soa?.text == "ns1.example.test. a\\..example.test. 9 1 2 3 4")
    }

    @Test func otherMessagesAreRefused() throws {
        let question = try #require(Self.question)
        let other = try #require(DNSQuestion("mail.example.test", .a))
        let good = Self.answer(question)
        #expect(throws: DNSReply.Fault.otherQuestion) {
            try DNSReply(good, to: question, id: 8)
        }
        #expect(throws: DNSReply.Fault.otherQuestion) { try DNSReply(good, to: other, id: 7) }
        #expect(throws: DNSReply.Fault.noAnswer) {
            try DNSReply(question.message(id: 7), to: question, id: 7)
        }
        let short = Self.answer(question, records: [(1, 60, [192, 0, 2])])
        let wrong = MalformedMessage("has A data of 3 bytes, which can't be")
        #expect(throws: DNSReply.Fault.malformed(wrong)) {
            try DNSReply(short, to: question, id: 7)
        }
        // Without a whole question nothing says that it is an answer to ours.
        #expect(throws: DNSReply.Fault.otherQuestion) {
            try DNSReply(Array(good.prefix(20)), to: question, id: 7)
        }
        #expect(throws: DNSReply.Fault.noAnswer) { try DNSReply([0, 7], to: question, id: 7) }
    }

    /// Its OPT record holds the upper eight bits of the code (RFC 6891 §6.1.3).
    @Test func extendedCodesAreRead() throws {
        let question = try #require(Self.question)
        var bytes = Self.answer(question)
        bytes[11] = 1
        let opt: [UInt8] = [0, 0, 41, 4, 0xD0, 1, 0, 0, 0, 0, 0]
        let reply = try DNSReply(bytes + opt, to: question, id: 7)
        #expect(reply.code.description == "BADVERS" && reply.hasOPT && !reply.refusesEDNS)
        bytes[11] = 2
        #expect(throws: DNSReply.Fault.self) {
            try DNSReply(bytes + opt + opt, to: question, id: 7)
        }
    }

    /// Old servers refuse a question with OPT by FORMERR or NOTIMP, and send none back.
    @Test(arguments: [(0x8001, true), (0x8004, true), (0x8005, false), (0x8400, false)])
    func refusedEDNSIsSeen(flags: UInt16, refuses: Bool) throws {
        let question = try #require(Self.question)
        let reply = try DNSReply(Self.answer(question, flags: flags), to: question, id: 7)
        #expect(reply.refusesEDNS == refuses)
        #expect(question.message(id: 7, hasOPT: false).count == question.message(id: 7).count - 11)
    }

    /// Neither RD, which servers copy, nor AD (RFC 4035 §3.2.3) make an answer another one.
    @Test(arguments: [0x8500, 0x8420, 0x85B0] as [UInt16])
    func otherFlagsAreNoMatter(flags: UInt16) throws {
        let question = try #require(Self.question)
        let bytes = Self.answer(question, flags: flags, records: [(1, 60, [192, 0, 2, 1])])
        #expect(try DNSReply(bytes, to: question, id: 7).addresses == ["192.0.2.1"])
    }

    @Test func codesHaveTheirNames() {
        #expect("\(ResponseCode.notAuthoritative)" == "NOTAUTH")
        #expect("\(ResponseCode(rawValue: 15))" == "RCODE 15")
        #expect(ResponseCode.badSignature.signatureName == "BADSIG")
        #expect("\(ResponseCode.badSignature)" == "BADVERS")
    }

    /// A pointer to itself, forwards, or in a ring ends the reading.
    @Test(arguments: [12, 13, 40, 0x3FFF])
    func pointersCannotLoop(target: Int) throws {
        let question = try #require(Self.question)
        var bytes = Self.answer(question, records: [(1, 60, [192, 0, 2, 1])])
        bytes[12] = 0xC0 | UInt8(target >> 8)
        bytes[13] = UInt8(target & 0xFF)
        #expect(throws: DNSReply.Fault.self) { try DNSReply(bytes, to: question, id: 7) }
    }

    /// Bent and random bytes never trap, and what is taken answers the question.
    @Test(arguments: 1...20)
    func noBytesTrap(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let question = try #require(Self.question)
        let soa = try #require(DNSQuestion("example.test", .soa))
        let samples = [
            Self.answer(question, records: [(1, 60, [192, 0, 2, 1]), (5, 60, [0xC0, 12])]),
            Self.answer(
                soa, records: [(6, 60, [0, 0xC0, 12] + [UInt8](repeating: 1, count: 20))]),
        ]
        for _ in 0..<5000 {
            var bytes = samples[Int.random(in: 0...1, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes = Array(bytes.prefix(max(1, place)))
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            for asked in [question, soa] {
                _ = try? DNSReply(bytes, to: asked, id: 7)
            }
        }
    }
}
