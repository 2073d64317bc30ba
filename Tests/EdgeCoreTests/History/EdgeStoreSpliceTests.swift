import EdgeCore
import Testing

@Suite("Splicing an edgestore file")
struct EdgeStoreSpliceTests {
    @Test("A splice is the full rewrite, over and over", arguments: 0..<60)
    func equalsRewrite(seed: Int) throws {
        var random = HistoryRandom(seed: UInt64(seed))
        var file = OriginalSamples.edgeStore(using: &random)
        var bytes = file.encoded()
        for _ in 0..<4 {
            let splice = try #require(EdgeStoreSplice(bytes))
            #expect(splice.fetchCount == file.fetchTimes.count)
            #expect(splice.lastFetch == file.fetchTimes.last)
            #expect(splice.mode == file.mode && splice.stateEntryTime == file.stateEntryTime)
            let update = OriginalSamples.update(of: file, using: &random)
            file = file.applying(update)
            bytes = try #require(splice.applying(update))
            #expect(bytes == file.encoded())
        }
    }

    @Test("An empty update changes no byte")
    func nothing() throws {
        var random = HistoryRandom(seed: 3)
        let bytes = OriginalSamples.edgeStore(using: &random).encoded()
        #expect(try #require(EdgeStoreSplice(bytes)).applying(EdgeStoreUpdate()) == bytes)
    }

    @Test(
        "Other programs' files have no layout",
        arguments: [
            "", "{}", "{\"comment\": \"\"}\n",
            #"{"comment":"","fetch_times":{},"health":null}"#,
        ])
    func foreign(text: String) {
        #expect(EdgeStoreSplice(Array(text.utf8)) == nil)
    }

    @Test("A torn, doubled or edited file is not spliced")
    func damaged() {
        var random = HistoryRandom(seed: 5)
        let sound = OriginalSamples.edgeStore(using: &random).encoded()
        #expect(EdgeStoreSplice(sound) != nil)
        #expect(EdgeStoreSplice(sound.dropLast()) == nil)
        #expect(EdgeStoreSplice(sound + sound) == nil)
        #expect(EdgeStoreSplice([0x20] + sound) == nil)
        #expect(EdgeStoreSplice(Array(sound.dropLast(sound.count / 2))) == nil)
    }

    @Test("More entries than are kept are left to a full rewrite")
    func tooMany() throws {
        let entries = (0..<2001).map { "\"\($0).0\": 1.0" }.joined(separator: ", ")
        let text =
            "{\"comment\": \"\", \"fetch_times\": {\(entries)}, \"health\": null, "
            + "\"historical_average\": {}, \"mode\": \"available\", \"rotation_history\": [], "
            + "\"state\": \"out\", \"state_entry_time\": null}\n"
        let splice = try #require(EdgeStoreSplice(Array(text.utf8)))
        #expect(splice.fetchCount == 2001)
        #expect(splice.applying(EdgeStoreUpdate(health: .fail)) == nil)
    }
}
