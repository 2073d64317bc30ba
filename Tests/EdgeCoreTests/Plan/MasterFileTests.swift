import EdgeCore
import Testing

/// The reader of master-file text.
struct MasterFileTests {
    static let start = MasterFile.Start(
        origin: "site.test.", owner: "www.site.test.", ttl: 300)

    static func lines(_ text: String, from start: MasterFile.Start = start) -> [String] {
        let (entries, problems) = MasterFile.read(Array(text.utf8), from: start, file: "f")
        return entries.map { "\($0.line) \($0.owner) \($0.ttl) \($0.type) \($0.data)" }
            + problems.map(\.description)
    }

    @Test(arguments: [
        ("x A 192.0.2.9", ["1 x.site.test. 300 A 192.0.2.9"]),
        (" TXT a", ["1 www.site.test. 300 TXT a"]),
        ("@ 1h30m IN MX 10 Mail ; why", ["1 site.test. 5400 MX 10 Mail"]),
        ("@ in 2w txt \"a ; b\"", ["1 site.test. 1209600 TXT \"a ; b\""]),
        (
            "x TXT ( a ; one\n\n b )\ny A 1",
            ["1 x.site.test. 300 TXT a b", "4 y.site.test. 300 A 1"]
        ),
        (
            "x 5 A 1\ny A 2\n$TTL 60\nz A 3\n 7 A 4\nq A 5",
            [
                "1 x.site.test. 5 A 1", "2 y.site.test. 5 A 2", "4 z.site.test. 60 A 3",
                "5 z.site.test. 7 A 4", "6 q.site.test. 60 A 5",
            ]
        ),
        ("$ORIGIN Sub\nx A 1\n$origin a.\n@ A 2", ["2 x.sub.site.test. 300 A 1", "4 a. 300 A 2"]),
        ("x A 1\r\ny A 2\r\n", ["1 x.site.test. 300 A 1", "2 y.site.test. 300 A 2"]),
        ("A\\066\\. A 1", ["1 ab\\..site.test. 300 A 1"]),
        ("x TXT é", ["1 x.site.test. 300 TXT \\195\\169"]),
        ("  \n;c\n\t;d\n", []),
        ("@ HTTPS 1 . alpn=\"h2,h3\"", ["1 site.test. 300 HTTPS 1 . alpn=\"h2,h3\""]),
        (
            "@ SVCB 1 . alpn=\"h2\" port=443\nx TXT a=b \"c\"",
            [
                "1 site.test. 300 SVCB 1 . alpn=\"h2\" port=443",
                "2 x.site.test. 300 TXT a=b \"c\"",
            ]
        ),
    ])
    func `Records are read`(_ text: String, _ expected: [String]) {
        #expect(Self.lines(text) == expected)
    }

    @Test(arguments: [
        ("$INCLUDE /etc/shadow", "f:1: $INCLUDE is not allowed; write the records out"),
        ("\n$generate 1-9 a A 1", "f:2: $GENERATE is not allowed; write the records out"),
        ("$FOO", "f:1: $FOO is no directive that is known here"),
        ("$TTL", "f:1: $TTL takes exactly one value"), ("$TTL 1h30", "f:1: 1h30 is no TTL"),
        ("x CH TXT a", "f:1: class CH is not IN"), ("x CLASS1 A 1", "f:1: class CLASS1 is not IN"),
        ("x 2147483648 A 1", "f:1: TTL 2147483648 is over 2147483647 seconds"),
        ("x", "f:1: the record of x.site.test. has no type"),
        ("x A", "f:1: the A record of x.site.test. has no data"),
        ("x A_B 1", "f:1: A_B is no record type"), ("\"x\" A 1", "f:1: an owner is in quotes"),
        ("x TXT \"a", "f:1: a quote is not closed on its line"),
        ("x TXT a\"b\"", "f:1: a quote stands within a word"),
        ("x TXT a=\"b\"", "f:1: a quote stands within a word"),
        ("x CNAME a=\"b\"", "f:1: a quote stands within a word"),
        ("x CAA 0 issue=\"ca.test\"", "f:1: a quote stands within a word"),
        ("x=\"b\" HTTPS 1 . port=443", "f:1: a quote stands within a word"),
        ("$ORIGIN a=\"b\"", "f:1: a quote stands within a word"),
        ("x TXT \"a\"b", "f:1: a quoted string runs into what follows it"),
        ("x TXT (a\nb\n", "f:1: a parenthesis is never closed"),
        ("x A 1 )", "f:1: a closing parenthesis has no opening one"),
        ("(x A 1)", "f:1: a line begins with a parenthesis"),
        ("x A 1\ry", "f:1: a carriage return stands without its line feed"),
        ("x A \u{1}", "f:1: a control character (byte 1) stands in the text"),
        ("x TXT \\", "f:1: a backslash stands without a plain character after it"),
        ("a..b A 1", "f:1: a..b: a name has an empty label"),
        (
            "\\300 A 1",
            "f:1: \\300: a name has a backslash without a character or three digits up to 255"
        ),
        ("\0", "f: the file has a zero byte; it is no text"),
        (
            "\u{FEFF}x A 1",
            "f: the file begins with a byte order mark; save it as plain UTF-8 without one"
        ),
    ])
    func `Refusals say where and why`(_ text: String, _ message: String) {
        #expect(Self.lines(text) == [message])
    }

    @Test func `Names keep to 63 and 255 bytes`() {
        let label = String(repeating: "a", count: 63)
        #expect(Self.lines("\(label) A 1") == ["1 \(label).site.test. 300 A 1"])
        #expect(Self.lines("\(label)a A 1")[0].hasSuffix("a label of more than 63 bytes"))
        // 3 × 64 + 53 + 1 and the 11 bytes of site.test. make 257
        let long = [label, label, label].joined(separator: ".")
        #expect(Self.lines("\(long).\(String(repeating: "b", count: 50)) A 1").count == 1)
        let room = 255 - 1 - 3 * 64 - 10 - 1
        #expect(
            Self.lines("\(long).\(String(repeating: "b", count: room)) A 1")[0].hasPrefix("1 a"))
        #expect(
            Self.lines("\(long).\(String(repeating: "b", count: room + 1)) A 1")[0]
                .hasSuffix("a name has more than 255 bytes"))
    }

    @Test func `Without an owner or a TTL before, the first line must have them`() {
        let start = MasterFile.Start(origin: "site.test.")
        #expect(
            Self.lines(" 5 A 1", from: start)
                == ["f:1: the first record has no owner; begin the line with a name"])
        #expect(
            Self.lines("x A 1", from: start)
                == ["f:1: the record of x.site.test. has no TTL and none was stated before"])
    }

    @Test func `All problems are listed, twenty at most`() {
        #expect(
            Self.lines("x A\ny A 1\nz\n") == [
                "f:1: the A record of x.site.test. has no data",
                "f:3: the record of z.site.test. has no type",
            ])
        #expect(Self.lines(String(repeating: "x\n", count: 50)).count == 20)
    }

    @Test func `Sizes are bounded`() {
        let word = String(repeating: "x", count: 4097)
        #expect(Self.lines("x TXT \(word)") == ["f:1: a record is longer than 8192 bytes"])
        let many = Self.lines(String(repeating: "x A 1\n", count: 100_001))
        #expect(many == ["f:100001: there are more than 100000 records"])
        let large = String(repeating: ";", count: (4 << 20) + 1)
        #expect(
            Self.lines(large)
                == ["f: the file has 4194305 bytes, more than the 4194304 that are read"])
    }

    @Test func `Any bytes are read or refused, and lines stay within the text`() {
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let pieces = [
            "x", " ", "\n", "\t", "\"", "\\", "(", ")", ";", "$TTL", "$ORIGIN", "@", ".", "A", "IN",
            "5", "=",
            "\\065", "é", "\r\n", "TXT",
        ]
        for _ in 0..<20_000 {
            let text = (0..<next(30)).map { _ in pieces[next(pieces.count)] }.joined()
            var bytes = Array(text.utf8)
            if next(4) == 0, !bytes.isEmpty { bytes[next(bytes.count)] = UInt8(next(256)) }
            let (entries, problems) = MasterFile.read(bytes, from: Self.start, file: "f")
            let last = bytes.count { $0 == 10 } + 1
            #expect(entries.allSatisfy { (1...last).contains($0.line) && $0.owner.hasSuffix(".") })
            #expect(problems.allSatisfy { (0...last).contains($0.line) })
            #expect(problems.isEmpty || entries.isEmpty)
            for entry in entries { _ = try? RecordData(of: entry) }
        }
    }
}
