import EdgeCore
import EdgeTesting
import Synchronization
import Testing

@testable import EdgeSystemNameServers

/// What becomes of questions whose answers are late, lost, broken, truncated or refused: each alone.
@Suite struct AskFaultTests {
    /// Asks a server at a port of zones' SOA and apex.
    private static func ask(
        _ zones: [String], port: UInt16, within patience: Duration = .seconds(60)
    ) async throws -> [String: Result<ServedZone, ServedFault>] {
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .other, address: .v4(0x7F00_0001),
            port: port)
        let questions = zones.compactMap { zone in
            ZoneName(zone).map {
                ZoneQuestion(zone: $0, names: ["\(zone)."], families: [.ipv4, .ipv6])
            }
        }
        let answers = await NIONameServerAsker().ask(questions, of: settings, within: patience)
        return Dictionary(uniqueKeysWithValues: answers.map { ($0.key.text, $0.value) })
    }

    private static func isGood(_ answer: Result<ServedZone, ServedFault>?, _ zone: String) -> Bool {
        guard case .success(let served)? = answer else { return false }
        return served.serial.value == 100
            && served.names["\(zone)."]?[.ipv4]?.addresses == ["192.0.2.1"]
            && served.names["\(zone)."]?[.ipv6]?.addresses == []
    }

    private static func zones(_ count: Int) -> [String] { (0..<count).map { "z\($0).test" } }

    /// Runs `body` against a server that answers so.
    private static func with(
        udp: @escaping @Sendable (ScriptedQuestion) -> [[UInt8]],
        tcp: (@Sendable (Int, ScriptedQuestion) -> [UInt8]?)? = nil,
        _ body: (UInt16) async throws -> Void
    ) async throws {
        for _ in 0..<20 {
            let datagrams = try await ScriptedDatagrams { udp(ScriptedQuestion($0)) }
            var server: ScriptedServer?
            if let tcp {
                server = try? await ScriptedServer(port: datagrams.port) { number, message in
                    tcp(number, ScriptedQuestion(message))
                }
            }
            // The port may be another's for TCP: then another one is tried.
            if tcp == nil || server != nil {
                try await body(datagrams.port)
                try await server?.stop()
                return try await datagrams.stop()
            }
            try await datagrams.stop()
        }
        Issue.record("no port is free")
    }

    /// Truncated over UDP: zones whose number is divisible by `divisor`.
    private static func truncating(
        _ question: ScriptedQuestion, _ divisor: Int
    ) -> [[UInt8]] {
        let number = Int(question.zone.dropFirst().prefix { $0 != "." }) ?? 1
        let isLong = question.type == 1 && number.isMultiple(of: divisor)
        return [isLong ? question.answer(flags: 0x8600) : question.goodAnswer]
    }

    /// Over TCP alone: what somebody answers over UDP counts for nothing, and a server without TCP is none.
    @Test func whatIsConfirmedCameOverTCP() async throws {
        let question = ZoneQuestion(zone: "z1.test", names: ["z1.test."], families: [.ipv4, .ipv6])
        func confirm(_ port: UInt16) async throws -> Result<ServedZone, ServedFault>? {
            let settings = NameServerSettings(
                name: try #require(ServerName("ns1")), kind: .other, address: .v4(0x7F00_0001),
                port: port)
            let answers = await NIONameServerAsker().confirm(
                [question], of: settings, within: .seconds(60))
            return answers["z1.test"]
        }
        let asked = Mutex(0)
        try await Self.with(
            udp: { _ in
                asked.withLock { $0 += 1 }
                return []
            }, tcp: { $1.goodAnswer }
        ) { port in
            let answer = try await confirm(port)
            #expect(Self.isGood(answer, "z1.test"))
        }
        #expect(asked.withLock { $0 } == 0)
        let server = try await ScriptedServer { _, _ in nil }
        try await server.stop()
        guard case .failure(.unreachable)? = try await confirm(server.port) else {
            Issue.record("nobody listens there")
            return
        }
    }

    /// RFC 2181 §9: what is truncated over TCP too says nothing of the zone, least of all "no addresses".
    @Test func truncatedOverTCPIsUnreadable() async throws {
        try await Self.with(
            udp: { Self.truncating($0, 2) }, tcp: { $1.answer(flags: 0x8600) }
        ) { port in
            let answers = try await Self.ask(Self.zones(2), port: port)
            #expect(
                answers["z0.test"]
                    == .failure(
                        .malformed(reason: "it is truncated although it came over TCP")))
            #expect(Self.isGood(answers["z1.test"], "z1.test"))
        }
    }

    /// However many answers are truncated, only a window of questions is in flight over TCP.
    @Test func questionsOverTCPAreBounded() async throws {
        let received = Mutex(0)
        let isSilent = Mutex(true)
        try await Self.with(
            udp: { Self.truncating($0, 1) },
            tcp: { _, question in
                received.withLock { $0 += 1 }
                return isSilent.withLock { $0 } ? [] : question.goodAnswer
            }
        ) { port in
            let zones = Self.zones(500)
            let silent = try await Self.ask(zones, port: port, within: .seconds(1))
            #expect(zones.allSatisfy { silent[$0] == .failure(.silent) })
            // How many were truncated by then is a matter of the machine's load.
            #expect((1...AskOverTCP.widest).contains(received.withLock { $0 }))
            isSilent.withLock { $0 = false }
            let answers = try await Self.ask(zones, port: port)
            #expect(zones.allSatisfy { Self.isGood(answers[$0], $0) })
        }
    }

    /// A server whose TCP port is closed: the zones that need none are no worse for it.
    @Test func refusedTCPHarmsOnlyWhatNeedsIt() async throws {
        try await Self.with(udp: { Self.truncating($0, 10) }) { port in
            let zones = Self.zones(200)
            let answers = try await Self.ask(zones, port: port)
            for (number, zone) in zones.enumerated() {
                if number.isMultiple(of: 10) {
                    #expect(
                        answers[zone]
                            == .failure(
                                .unreachable(reason: "over TCP: connection refused")))
                } else {
                    #expect(Self.isGood(answers[zone], zone))
                }
            }
        }
    }

    /// A server that closes each connection after so many answers is connected to again; one that closes
    /// them without an answer is not.
    @Test(arguments: [1, 3, 0])
    func closedConnectionsAreFollowedByOthers(answers limit: Int) async throws {
        let answered = Mutex<[Int: Int]>([:])
        try await Self.with(
            udp: { Self.truncating($0, 2) },
            tcp: { number, question in
                answered.withLock { counts in
                    counts[number, default: 0] += 1
                    return counts[number, default: 0] > limit ? nil : question.goodAnswer
                }
            }
        ) { port in
            let zones = Self.zones(60)
            let found = try await Self.ask(zones, port: port)
            for (number, zone) in zones.enumerated() {
                if limit == 0, number.isMultiple(of: 2) {
                    #expect(
                        found[zone]
                            == .failure(
                                .unreachable(reason: "over TCP: the connection was closed")))
                } else {
                    #expect(Self.isGood(found[zone], zone), "\(zone): \(found)")
                }
            }
            if limit == 0 { #expect(answered.withLock { $0.count } == 1) }
        }
    }

    /// A server that drops the first zones' questions still answers for all the others, in time.
    @Test func unansweredQuestionsHoldUpNoOthers() async throws {
        let zones = Self.zones(400)
        let dropped = Set(zones.prefix(100))
        try await Self.with(udp: { dropped.contains($0.zone) ? [] : [$0.goodAnswer] }) { port in
            let answers = try await Self.ask(zones, port: port, within: .seconds(8))
            for zone in zones {
                if dropped.contains(zone) {
                    #expect(answers[zone] == .failure(.silent))
                } else {
                    #expect(Self.isGood(answers[zone], zone), "\(zone)")
                }
            }
        }
    }

    /// An answer to the first sending counts although the question was sent again since.
    @Test func lateAnswersAreHeard() async throws {
        let first = Mutex<[String: (message: [UInt8], count: Int)]>([:])
        try await Self.with(udp: { question in
            first.withLock { known in
                let key = "\(question.name) \(question.type)"
                var entry = known[key] ?? (question.message, 0)
                entry.count += 1
                known[key] = entry
                // With the fourth copy, nearly two seconds late, comes the answer to the first one.
                return entry.count == 4 ? [ScriptedQuestion(entry.message).goodAnswer] : []
            }
        }) { port in
            let answers = try await Self.ask(["a.test"], port: port)
            #expect(Self.isGood(answers["a.test"], "a.test"))
            #expect(first.withLock { $0.values.allSatisfy { $0.count == 4 } })
        }
    }

    /// What is wrong with an answer is said in the end; a readable one that comes meanwhile wins.
    @Test func unreadableAnswersAreNamedUnlessAReadableOneComes() async throws {
        try await Self.with(udp: { question in
            let broken = question.answer(data: [192, 0, 2])
            guard question.type == 1 else { return [question.goodAnswer] }
            return question.zone == "a.test" ? [broken] : [broken, question.goodAnswer]
        }) { port in
            let answers = try await Self.ask(
                ["a.test", "b.test"], port: port, within: .milliseconds(600))
            #expect(
                answers["a.test"]
                    == .failure(
                        .malformed(reason: "it has A data of 3 bytes, which can't be")))
            #expect(Self.isGood(answers["b.test"], "b.test"))
        }
    }

    /// RFC 6891 §7: a server that knows no EDNS is asked again without, over TCP as well.
    @Test(arguments: [0x8001, 0x8004] as [UInt16])
    func serversWithoutEDNSAreAskedWithout(flags: UInt16) async throws {
        try await Self.with(
            udp: { question in
                let refusal = question.answer(flags: flags)
                return question.hasOPT ? [refusal, refusal] : Self.truncating(question, 2)
            },
            tcp: { $1.hasOPT ? $1.answer(flags: flags) : $1.goodAnswer }
        ) { port in
            let zones = Self.zones(50)
            let answers = try await Self.ask(zones, port: port)
            #expect(zones.allSatisfy { Self.isGood(answers[$0], $0) }, "\(answers)")
        }
    }

    /// A server that says so over TCP and closes the connection is there: it is connected to again.
    @Test(arguments: [0x8001, 0x8004] as [UInt16])
    func refusalsOfEDNSOverTCPAreAnswers(flags: UInt16) async throws {
        let answered = Mutex<Set<Int>>([])
        try await Self.with(
            udp: { Self.truncating($0, 1) },
            tcp: { number, question in
                // One answer a connection, and EDNS is refused there alone.
                guard answered.withLock({ $0.insert(number).inserted }) else { return nil }
                return question.hasOPT ? question.answer(flags: flags) : question.goodAnswer
            }
        ) { port in
            let zones = Self.zones(5)
            let answers = try await Self.ask(zones, port: port)
            #expect(zones.allSatisfy { Self.isGood(answers[$0], $0) }, "\(answers)")
        }
    }

    /// What a server answers over TCP instead of the records is an answer of the zone.
    @Test(arguments: [(0x8002, "SERVFAIL"), (0x8001, "FORMERR"), (0x8005, "REFUSED")])
    func errorsOverTCPAreAnswers(flags: UInt16, code: String) async throws {
        try await Self.with(
            udp: { Self.truncating($0, 1) }, tcp: { $1.answer(flags: flags) }
        ) { port in
            let answers = try await Self.ask(["z0.test"], port: port)
            guard case .failure(let fault)? = answers["z0.test"] else {
                Issue.record("\(answers)")
                return
            }
            #expect(fault == .answered(code: code) && fault.isAnswer)
        }
    }

    @Test func aServerThatRefusesEitherIsNamed() async throws {
        try await Self.with(udp: { [$0.answer(flags: 0x8001)] }) { port in
            let answers = try await Self.ask(["a.test"], port: port)
            #expect(answers["a.test"] == .failure(.answered(code: "FORMERR")))
        }
    }

    /// All IDs taken: there is none, and the search ends.
    @Test func theSearchForAnIDEnds() {
        var random = SeededRandom(seed: 1)
        var ids = MessageIDs<Int>()
        for number in 0...Int(UInt16.max) {
            guard let id = ids.free(using: &random) else {
                Issue.record("none of \(number)")
                return
            }
            ids[id] = number
        }
        #expect(ids.count == 65_536)
        #expect(ids.free(using: &random) == nil)
    }
}
