import EdgeCore
import Testing

@Suite struct NamesTests {
    @Test(arguments: [
        "../x", "a;rm", "a b", "a\nb", "", ".", "a..b", "-a", "a-", "192.0.2.300", "1.2.3",
        "0x7f.1",
        "192.0.2.0x0b",
        "é.example",
        "a/b", "a\u{0}b", String(repeating: "a", count: 64),
    ])
    func edgeNamesRefuse(text: String) {
        #expect(EdgeName(text) == nil)
    }

    @Test(arguments: ["edge1", "edge1.example.net", "192.0.2.1", "2001:db8::1", "a_b.example"])
    func edgeNamesTake(text: String) {
        #expect(EdgeName(text)?.text == text)
    }

    @Test(arguments: [
        ("Example.COM.", "example.com"), ("../../etc/passwd", nil), ("a\"b.example", nil),
    ])
    func zoneNamesFoldCaseAndFinalDot(text: String, expected: String?) {
        #expect(ZoneName(text)?.text == expected)
    }
}
