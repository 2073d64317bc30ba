import Testing

@testable import EdgeCore

@Suite struct NearestKeyTests {
    @Test(arguments: [
        ("edge_cout", "edge_count"), ("goodenuf", "goodenough"), ("live-list", "live_list"),
        ("GOODENOUGH", "goodenough"), ("retyr", "retry"), ("timout", "timeout"),
    ])
    func findsTheMeantOne(_ word: String, _ meant: String) {
        #expect(NearestKey.find(word, among: OriginalKeys.top) == meant)
    }

    @Test func findsNothingFarAway() {
        #expect(NearestKey.find("frobnicate", among: OriginalKeys.top) == nil)
        #expect(NearestKey.find("", among: OriginalKeys.top) == nil)
        #expect(NearestKey.find(String(repeating: "a", count: 65), among: ["a"]) == nil)
        #expect(NearestKey.find("x", among: []) == nil)
    }

    @Test func countsEdits() {
        let distance = { (left: String, right: String) in
            NearestKey.distance(Array(left.utf8), Array(right.utf8))
        }
        #expect(distance("", "abc") == 3)
        #expect(distance("abc", "abc") == 0)
        #expect(distance("ab", "ba") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("retyr", "retry") == 1)
    }
}
