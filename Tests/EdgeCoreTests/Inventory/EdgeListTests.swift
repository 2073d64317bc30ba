import EdgeCore
import EdgeTesting
import Testing

@Suite struct EdgeListTests {
    private func read(_ text: String, after: [EdgeName] = []) -> ([String], [String]) {
        let (names, warnings) = EdgeList.read(Array(text.utf8), file: "edges/mynet", after: after)
        return (names.map(\.text), warnings)
    }

    @Test func readsNamesInOrder() {
        let (names, warnings) = read(
            "\u{FEFF}# the edges\r\nb.example.net\r\n\r\n  a.example.net\t# "
                + "first\r\n192.0.2.7\n2001:db8::1"
        )
        #expect(names == ["b.example.net", "a.example.net", "192.0.2.7", "2001:db8::1"])
        #expect(warnings.isEmpty)
    }

    @Test func leavesBadLinesOut() {
        let (names, warnings) = read(
            "../x\na;rm\n\u{1B}[2J\ngood.example\n192.0.2.300\na b\né.example\n")
        #expect(names == ["good.example"])
        #expect(
            warnings == [
                "edges/mynet:1: \"../x\" is neither a host name nor an IP address; the line is "
                    + "left out",
                "edges/mynet:2: \"a;rm\" is neither a host name nor an IP address; the line is "
                    + "left out",
                "edges/mynet:3: \"?[2J\" is neither a host name nor an IP address; the line is "
                    + "left out",
                "edges/mynet:5: \"192.0.2.300\" is neither a host name nor an IP address; the "
                    + "line is left out",
                "edges/mynet:6: \"a b\" is neither a host name nor an IP address; the line is "
                    + "left out",
                "edges/mynet:7: \"??.example\" is neither a host name nor an IP address; the "
                    + "line is left out",
            ])
    }

    @Test func takesEachNameOnce() {
        let (names, warnings) = read("a.example\nb.example\nA.Example\n")
        #expect(names == ["a.example", "b.example"])
        #expect(
            warnings == [
                "edges/mynet:3: edge A.Example stands in line 1 already; the line is left out"
            ])
        let (more, told) = read(
            "a.example\nc.example", after: [EdgeName("a.example")].compactMap { $0 })
        #expect(more == ["c.example"])
        #expect(
            told == [
                "edges/mynet:1: edge a.example stands in the list before already; the line is "
                    + "left out"
            ])
    }

    @Test func isBounded() {
        let text = (0..<10_050).map { "e\($0).example" }.joined(separator: "\n")
        let (names, warnings) = read(text)
        #expect(names.count == EdgeList.limit)
        #expect(warnings.count == 1)
    }

    @Test func readsAnyBytes() {
        var seed: UInt64 = 1
        for _ in 0..<2000 {
            let bytes = (0..<40).map { _ in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: seed >> 33)
            }
            let (names, _) = EdgeList.read(bytes, file: "f")
            for name in names { #expect(EdgeName(name.text) == name) }
        }
    }
}
