import Testing

@testable import EdgeCore

@Suite struct ObjectURLTests {
    @Test func readsItsParts() throws {
        let url = try ObjectURL.parse("https://www.example.net:8443/a/b?c=d").get()
        #expect(url.scheme == .https && url.host == "www.example.net" && url.port == 8443)
        #expect(url.path == "/a/b?c=d")
        #expect(url.text == "https://www.example.net:8443/a/b?c=d")
        let literal = try ObjectURL.parse("http://[2001:db8::1]/x").get()
        #expect(literal.host == "2001:db8::1" && literal.port == nil)
        #expect(literal.text == "http://[2001:db8::1]/x")
    }

    @Test func writesOnlyAnotherPort() throws {
        #expect(try ObjectURL.parse("https://a.example:443/").get().text == "https://a.example/")
        #expect(try ObjectURL.parse("https://a.example:80/").get().text == "https://a.example:80/")
    }

    @Test(arguments: [
        "", "www.example.net/x", "ftp://a.example/x", "http://", "http:///x", "http://a.example",
        "http://u:p@a.example/x", "http://a.example:0/x", "http://a.example:65536/x",
        "http://a.example:/x", "http://a.example/a b", "http://a.example/a\r\nX: y",
        "http://a.example/é", "http://a.example/x#y", "http://[::1/x", "http://[192.0.2.1]/x",
        "http://a..b/x", "http://2001:db8::1/x", "http://a.example?x",
    ])
    func refuses(_ text: String) {
        #expect(throws: ObjectURL.Refusal.self) { try ObjectURL.parse(text).get() }
    }
}
