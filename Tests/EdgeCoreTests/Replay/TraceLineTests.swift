import EdgeCore
import EdgeTesting
import Testing

/// Lines of a trace: what they say, and what is said of wrong ones.
@Suite struct TraceLineTests {
    private func read(_ text: String) throws(TraceProblem) -> TraceLine? {
        var reader = TraceLineReader()
        return try reader.read(Array(text.utf8))
    }

    /// What is said of a line; `fine` when nothing is.
    private func complaint(_ text: String) -> String {
        do throws(TraceProblem) {
            _ = try read(text)
            return "fine"
        } catch {
            return "\(error)"
        }
    }

    private let edge = ProbeTarget(name: "e1", family: .ipv4)

    @Test func aLineSaysWhoWhenAndWhat() throws {
        #expect(
            try read(#"{"time": 1700000000, "edge": "e1", "outcome": "ok", "seconds": 0.131}"#)
                == TraceLine(
                    time: UnixTime(seconds: 1_700_000_000), target: edge,
                    outcome: .ok(fetchTime: .milliseconds(131))))
        #expect(
            try read(#"{"edge":"2001:db8::1","outcome":"refused","time":1.5}"#)
                == TraceLine(
                    time: UnixTime(nanoseconds: 1_500_000_000),
                    target: ProbeTarget(name: "2001:db8::1", family: .ipv6), outcome: .refused))
        #expect(
            try read(#"{"time": 0, "reference": "e1", "outcome": "ok"}"#)
                == TraceLine(
                    time: UnixTime(seconds: 0),
                    target: ProbeTarget(role: .reference, name: "e1", family: .ipv4),
                    outcome: .ok(fetchTime: .zero)))
        #expect(try read(" \t\r") == nil)
    }

    @Test(arguments: [
        "refused", "unreachable", "timeout", "http", "mismatch", "tls", "unresolvable",
        "local_fault",
    ])
    func everyOutcomeKeepsItsWord(word: String) throws {
        let line = try read(#"{"time": 1, "edge": "e1", "outcome": "\#(word)"}"#)
        #expect(line?.outcome.word == word)
        #expect(line?.outcome.fetchTime == nil)
    }

    @Test func tooManyRequestsHasAWord() throws {
        let line = try read(#"{"time": 1, "edge": "e1", "outcome": "blocked"}"#)
        #expect(line?.outcome.isBlocking == true)
    }

    private static let words =
        "ok, refused, unreachable, timeout, http, mismatch, tls, unresolvable, local_fault, blocked, reset"

    @Test(arguments: [
        (
            #"{"time": 1, "edge": "e1", "outcome": "ok"}"#,
            "outcome ok needs seconds, the fetch time: a number from 0 to 86400"
        ),
        (
            #"{"time": 1, "edge": "e1", "outcome": "ok", "seconds": -1}"#,
            "outcome ok needs seconds, the fetch time: a number from 0 to 86400"
        ),
        (
            #"{"time": 1, "edge": "e1", "outcome": "ok", "seconds": 1e9}"#,
            "outcome ok needs seconds, the fetch time: a number from 0 to 86400"
        ),
        (
            #"{"time": "1", "edge": "e1", "outcome": "tls"}"#,
            "time must be a number of seconds since 1970, such as 1700000000 or 1700000000.25"
        ),
        (
            #"{"time": -1, "edge": "e1", "outcome": "tls"}"#,
            "time must be a number of seconds since 1970, such as 1700000000 or 1700000000.25"
        ),
        (
            #"{"edge": "e1", "outcome": "tls"}"#,
            "time must be a number of seconds since 1970, such as 1700000000 or 1700000000.25"
        ),
        (
            #"{"time": 1, "outcome": "tls"}"#,
            "the line names neither an edge nor a reference"
        ),
        (
            #"{"time": 1, "edge": "a", "reference": "b", "outcome": "tls"}"#,
            "the line names an edge and a reference; write two lines"
        ),
        (
            #"{"time": 1, "edge": "../x\u001b", "outcome": "tls"}"#,
            #"edge "../x\u001b" is neither a host name nor an IP address"#
        ),
        (
            #"{"time": 1, "reference": 7, "outcome": "tls"}"#,
            "reference that is not in quotes is neither a host name nor an IP address"
        ),
        (
            #"{"time": 1, "edge": "e1"}"#,
            "outcome is missing; it is one of \(words)"
        ),
        (
            #"{"time": 1, "edge": "e1", "outcome": "fine"}"#,
            #"outcome "fine" is none of \#(words)"#
        ),
        ("[1]", "this is no JSON object: a line begins with { and ends with }"),
        (
            #"{"time": 1, "edge": "e1""#,
            "this is no line of JSON: the text ends too early at byte 24"
        ),
    ])
    func aWrongLineIsToldInWords(text: String, expected: String) {
        #expect(complaint(text) == expected)
    }

    @Test func boundsAreKept() throws {
        let long = #"{"time": 1, "edge": "e1", "outcome": "tls", "note": ""#
        let filler = String(repeating: "x", count: TraceLineReader.longestLine)
        #expect(complaint(long + filler + "\"}") == "the line has more than 65536 bytes")
        var reader = TraceLineReader()
        for number in 0..<TraceLineReader.mostTargets {
            let line = #"{"time": 1, "edge": "e\#(number)", "outcome": "tls"}"#
            _ = try reader.read(Array(line.utf8))
        }
        #expect(throws: TraceProblem.tooManyTargets(limit: TraceLineReader.mostTargets)) {
            try reader.read(Array(#"{"time": 1, "reference": "r", "outcome": "tls"}"#.utf8))
        }
        #expect(reader.edgeNames.count == TraceLineReader.mostTargets)
    }

    /// Plain lines are read another way than those with a member that is passed over: to the same end.
    @Test(arguments: UInt64(1)...8)
    func bothWaysOfReadingAgree(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func draw(_ texts: [String]) -> String {
            texts[Int.random(in: 0..<texts.count, using: &random)]
        }
        for _ in 0..<2000 {
            let numbers = [
                "1", "0", "01", "1.", ".5", "1.25", "-1", "1e3", "1700000000.123456789",
                "1700000000.1234567891", "9223372036", "99999999999", "", "1.2.3", "null", "\"1\"",
            ]
            let names = [
                "\"e1\"", "\"\"", "\"a b\"", "\"\\u0065\"", "\"é\"", "1", "null", "\"1.2\"",
            ]
            var members = [
                "\"time\":\(draw(["", " "]))\(draw(numbers))",
                "\"\(draw(["edge", "reference"]))\": \(draw(names))",
                "\"outcome\": \(draw(["\"ok\"", "\"tls\"", "\"x\"", "3", "\"ok\" "]))",
                "\"seconds\": \(draw(numbers))",
            ]
            if random.once(in: 4) { members.remove(at: Int.random(in: 0..<4, using: &random)) }
            if random.once(in: 4) { members.append(draw(members)) }
            members.shuffle(using: &random)
            let body = members.joined(separator: draw([",", ", ", " ,", ",,", ""]))
            let end = draw(["}", "} ", "", "}x", "}}"])
            let (plain, other) = ("{" + body + end, "{\"note\": [],   " + body + end)
            let both = [plain, other].map { text in Result { try read(text) } }
            switch (both[0], both[1]) {
            case (.success(let left), .success(let right)): #expect(left == right, "\(plain)")
            case (.failure(TraceProblem.notJSON), .failure(TraceProblem.notJSON)): break
            case (.failure(let left), .failure(let right)):
                #expect("\(left)" == "\(right)", "\(plain)")
            default: Issue.record("\(plain): \(both)")
            }
        }
    }
}
