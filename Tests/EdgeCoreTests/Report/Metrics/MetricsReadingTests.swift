import EdgeCore
import EdgeTesting
import Testing

/// A page is read back as it was written: counters go on from one process to the next.
@Suite struct MetricsReadingTests {
    private func book() -> MetricsBook {
        var bench = MetricsBench()
        var book = MetricsBook()
        let phases = ProbePhases(
            resolve: .microseconds(7), connect: .milliseconds(4), tls: .milliseconds(90),
            processing: .nanoseconds(1), transfer: .seconds(12))
        for expiry in [1_800_000_000, -5] as [Int64] {
            let end = UnixTime(seconds: expiry)
            book.note(
                bench.round([
                    bench.seen("a.test", phases: phases, expiry: end),
                    bench.seen("b.test", .refused, phases: phases, earlier: [.refused]),
                ]))
        }
        book.noteRefusal(of: "other")
        book.noteProcess(
            version: "a\\b\"c\nd", isReloaded: true, read: UnixTime(nanoseconds: 1_234_567_891))
        return book
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let book = book()
        let read = try MetricsBook(page: Array(book.page().utf8))
        #expect(read == book)
        #expect(read.page() == book.page())
    }

    @Test func labelsAreEscaped() {
        #expect(book().page().contains(#"edgemanage_build_info{version="a\\b\"c\nd"} 1"#))
    }

    @Test func countersGoOn() throws {
        var bench = MetricsBench()
        var whole = MetricsBook()
        var parts = MetricsBook()
        for number in 0..<5 {
            let seen = [
                bench.seen("a.test", phases: ProbePhases(connect: .milliseconds(number * 300))),
                bench.seen("b.test", number.isMultiple(of: 2) ? .refused : .http(status: 503)),
            ]
            let round = bench.round(seen)
            whole.note(round)
            parts = try MetricsBook(page: Array(parts.page().utf8))
            parts.note(round)
        }
        #expect(parts == whole)
    }

    @Test func whatFollowsThePageIsLeftAlone() throws {
        let book = book()
        let page = book.page() + "# network web 5\nnot ours at all\n"
        #expect(try MetricsBook(page: Array(page.utf8)) == book)
    }

    @Test(
        "A damaged page is refused at its line",
        arguments: [
            ("", "line 1: the page ends too early"),
            ("hello world", "line 1: no metric of edgemanage's"),
            ("\u{0}", "line 1: no metric of edgemanage's"),
            (#"edgemanage_edges{network="web"} 1"#, "line 2: the page ends too early"),
            (#"edgemanage_edges{network="web"}"#, "line 1: no \" \""),
            (#"edgemanage_edges{network="web"#, "line 1: a label without its end"),
            (#"edgemanage_edges{network="web""#, "line 1: a label without its end"),
            (#"edgemanage_edges{network="we\"#, "line 1: a label without its end"),
            (#"edgemanage_edges{network}"#, "line 1: no \"=\""),
            (#"edgemanage_edges{network="../x"} 1"#, "line 1: no network's name"),
            (#"edgemanage_edges{network=""} 1"#, "line 1: no network's name"),
            (#"edgemanage_edges{network="web"} NaN"#, "line 1: no number"),
            (#"edgemanage_edges{network="web"} 1e999"#, "line 1: no number"),
            (#"edgemanage_edges{network="web"} 0x1"#, "line 1: no number"),
            (#"edgemanage_edges{network="web"} "#, "line 1: no number"),
            (#"edgemanage_zones_published_total{network="web"} -1"#, "line 1: a counter below 0"),
            (
                #"edgemanage_round_duration_seconds_bucket{network="web"} 1"#,
                "line 1: a bucket without its bound"
            ),
            (
                #"edgemanage_round_duration_seconds_bucket{network="web",le="1"} 0.5"#,
                "line 1: a count that is none"
            ),
            (
                #"edgemanage_round_duration_seconds_count{network="web"} 1e300"#,
                "line 1: a count that is none"
            ),
        ])
    func damage(_ line: String, _ what: String) {
        let error = #expect(throws: MetricsDamage.self) {
            try MetricsBook(page: Array((line.isEmpty ? "" : line + "\n").utf8))
        }
        #expect(error?.description == what)
    }

    /// Another version's page is read as far as this one knows it.
    @Test func otherVersionsAreReadAsFarAsTheyAreKnown() throws {
        let end = "# end of edgemanage's metrics\n"
        let page = """
            edgemanage_edges{network="web"} 3
            edgemanage_unheard_of_total{network="web"} 4
            edgemanage_live_edges{network="web",colour="red"} 4
            edgemanage_round_duration_seconds_bucket{network="web",le="0.7"} 1
            edgemanage_round_duration_seconds_bucket{network="web",le="+Inf"} 1
            edgemanage_round_duration_seconds_sum{network="web"} 0.5
            edgemanage_round_duration_seconds_count{network="web"} 1

            """
        let read = try MetricsBook(page: Array((page + end).utf8))
        #expect(read.number(.edges) == "3" && read.number(.liveEdges) == nil)
        #expect(!read.page().contains("round_duration"))
    }

    /// Whatever bytes come: a book or a refusal, and what is read can be written and read again.
    @Test func anyBytesAreReadOrRefused() throws {
        let page = Array(book().page().utf8)
        var random = SeededRandom(seed: 8)
        for _ in 0..<2000 {
            var bytes = page
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(place + 40, bytes.count))
                }
            }
            guard let read = try? MetricsBook(page: bytes) else { continue }
            #expect(try MetricsBook(page: Array(read.page().utf8)) == read)
        }
    }

    /// Ten thousand zones and 1,000 edges of two families that showed several results each.
    @Test func thePageOfAThousandEdgesIsSmall() throws {
        var bench = MetricsBench()
        bench.edges = (1...1000).compactMap { EdgeName("edge\($0).cdn.example.net") }
        var book = MetricsBook()
        for outcome in [ProbeOutcome.ok(fetchTime: .milliseconds(3)), .refused, .timeout(.connect)]
        {
            let seen = bench.edges.flatMap { edge in
                AddressFamily.allCases.map {
                    bench.seen(edge, outcome, family: $0, expiry: UnixTime(seconds: 1_900_000_000))
                }
            }
            book.note(bench.round(seen))
        }
        let page = Array(book.page().utf8)
        #expect(page.count < 2_000_000)
        #expect(try MetricsBook(page: page) == book)
    }
}
