import EdgeCore
import EdgeTesting
import Testing

/// What rounds come to, as metrics.
@Suite struct MetricsBookTests {
    @Test func edgesAreUpAndLiveByFamily() {
        var bench = MetricsBench()
        var book = MetricsBook()
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test", .refused)]))
        #expect(
            book.lines(.edgeUp) == [
                #"{network="web",edge="a.test",family="ipv4"} 1"#,
                #"{network="web",edge="b.test",family="ipv4"} 0"#,
            ])
        #expect(
            book.lines(.edgeLive) == [
                #"{network="web",edge="a.test",family="ipv4"} 1"#,
                #"{network="web",edge="b.test",family="ipv4"} 0"#,
            ])
        #expect(book.lines(.edgeFetch) == [#"{network="web",edge="a.test",family="ipv4"} 0.03"#])
        #expect(book.number(.edges) == "2" && book.number(.liveEdges) == "1")
        #expect(book.number(.liveEdgesWanted) == "1" && book.number(.liveEdgesMinimum) == "1")
        #expect(book.number(.lastRound) == "1700000060" && book.number(.roundInterval) == "60")
    }

    @Test func probesAreCountedByResult() {
        var bench = MetricsBench()
        var book = MetricsBook()
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test", .refused)]))
        book.note(
            bench.round([
                bench.seen("a.test"), bench.seen("b.test", earlier: [.refused, .refused]),
            ]))
        #expect(
            book.lines(.probes) == [
                #"{network="web",edge="a.test",family="ipv4",result="ok"} 2"#,
                #"{network="web",edge="b.test",family="ipv4",result="ok"} 1"#,
                #"{network="web",edge="b.test",family="ipv4",result="refused"} 1"#,
            ])
        #expect(book.lines(.probeRetries) == [#"{network="web",family="ipv4"} 2"#])
        // Who is in the list no more is counted no more.
        bench.edges = ["a.test"]
        book.note(bench.round([bench.seen("a.test")]))
        #expect(!book.page().contains("b.test"))
    }

    @Test func phasesAreHistogramsOfTheWholeNetwork() {
        var bench = MetricsBench()
        var book = MetricsBook()
        let phases = ProbePhases(connect: .milliseconds(4), transfer: .milliseconds(5))
        book.note(
            bench.round([
                bench.seen("a.test", phases: phases),
                bench.seen("b.test", phases: ProbePhases(connect: .seconds(11))),
            ]))
        let page = book.page()
        let connect =
            #"edgemanage_probe_duration_seconds_bucket{network="web",family="ipv4",phase="connect","#
        #expect(page.contains(connect + #"le="0.005"} 1"#))
        #expect(page.contains(connect + #"le="10"} 1"#))
        #expect(page.contains(connect + #"le="+Inf"} 2"#))
        #expect(
            page.contains(
                #"edgemanage_probe_duration_seconds_sum{network="web",family="ipv4",phase="connect"} 11.004"#
            ))
        // A bound belongs to its bucket.
        #expect(
            page.contains(
                #"edgemanage_probe_duration_seconds_bucket{network="web",family="ipv4",phase="transfer",le="0.005"} 1"#
            ))
        #expect(!page.contains(#"phase="tls""#))
        #expect(
            page.contains(
                #"edgemanage_fetch_duration_seconds_count{network="web",family="ipv4"} 2"#))
        #expect(page.contains(#"edgemanage_round_duration_seconds_sum{network="web"} 1.5"#))
    }

    @Test func rotationsAndTheBudgetAreCounted() {
        var bench = MetricsBench()
        bench.settings.selection = SelectionSettings(liveCount: 1, substitutionBudget: 3)
        var book = MetricsBook()
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test")]))
        #expect(book.number(.budget) == "3" && book.number(.budgetRemaining) == "3")
        book.note(bench.round([bench.seen("a.test", .refused), bench.seen("b.test")]))
        #expect(
            book.lines(.rotations) == [
                #"{network="web",direction="in"} 2"#, #"{network="web",direction="out"} 1"#,
            ])
        #expect(book.number(.budgetRemaining) == "2" && book.number(.planHeld) == "0")
    }

    @Test func aSickMonitorAndWhatIsHeldAreTold() {
        var bench = MetricsBench()
        var book = MetricsBook()
        let fine = [bench.seen("a.test"), bench.seen("b.test")]
        book.note(bench.round(fine))
        book.note(bench.round(["a.test", "b.test"].map { bench.seen($0, .timeout(.connect)) }))
        #expect(book.number(.monitorSick) == "1" && book.number(.planHeld) == "1")
        #expect(book.lines(.holds) == [#"{network="web",reason="sick_monitor"} 1"#])
        bench.state.sickRoundsLeft = 0
        book.note(bench.round(fine))
        #expect(book.number(.monitorSick) == "0" && book.lines(.holds).isEmpty)
        book.note(
            bench.round(["a.test", "b.test"].map { bench.seen($0, .mismatch(.unrecorded)) }))
        #expect(book.number(.testObjectSuspect) == "1" && book.number(.rotationsHeld) == "0")
        book.note(
            bench.round(fine) {
                $0.report.holds = [.rotationsHeld(actor: "x", reason: "y", until: nil)]
            })
        #expect(book.number(.rotationsHeld) == "1" && book.number(.testObjectSuspect) == "0")
    }

    @Test func aCertificateStaysKnownWhileItsEdgeIsAskedForOne() {
        var bench = MetricsBench()
        var book = MetricsBook()
        let end = UnixTime(seconds: 1_800_000_000)
        book.note(bench.round([bench.seen("a.test", expiry: end), bench.seen("b.test")]))
        book.note(bench.round([bench.seen("a.test", .refused), bench.seen("b.test")]))
        let known = [#"{network="web",edge="a.test",family="ipv4"} 1800000000"#]
        #expect(book.lines(.certificateExpiry) == known)
        #expect(book.certificateEnds(of: "web") == ["a.test": end])
        #expect(book.certificateEnds(of: "shop").isEmpty)
        bench.settings.object.scheme = .http
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test")]))
        #expect(book.lines(.certificateExpiry).isEmpty)
    }

    /// The one of an edge's certificates that ends first.
    @Test func anEdgeHasTheEndThatComesFirst() {
        var bench = MetricsBench()
        var book = MetricsBook()
        let (soon, late) = (UnixTime(seconds: 1_800_000_000), UnixTime(seconds: 1_900_000_000))
        book.note(
            bench.round([
                bench.seen("a.test", family: .ipv4, expiry: late),
                bench.seen("a.test", family: .ipv6, expiry: soon),
                bench.seen("b.test", expiry: late),
            ]))
        #expect(book.certificateEnds(of: "web") == ["a.test": soon, "b.test": late])
    }

    /// An operator's word publishes without probing: what was seen last goes on.
    @Test func aRoundWithoutProbesKeepsWhatWasSeen() {
        var bench = MetricsBench()
        var book = MetricsBook()
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test", .refused)]))
        let before = book.lines(.edgeUp)
        book.note(
            bench.round([]) {
                $0.report.live = [
                    LiveEdge(name: "b.test", addresses: EdgeAddresses(ipv4: "192.0.2.2"))
                ]
                $0.generation = 1
            })
        #expect(book.lines(.edgeUp) == before)
        #expect(
            book.lines(.edgeLive) == [
                #"{network="web",edge="a.test",family="ipv4"} 0"#,
                #"{network="web",edge="b.test",family="ipv4"} 1"#,
            ])
        #expect(book.lines(.probes).count == 2)
    }

    @Test func modesAreLabels() {
        var bench = MetricsBench()
        bench.state.modes["a.test"] = ModeRecord(mode: .unavailable)
        var book = MetricsBook()
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test")]))
        #expect(
            book.lines(.edgeMode) == [
                #"{network="web",edge="a.test",mode="unavailable"} 1"#,
                #"{network="web",edge="b.test",mode="available"} 1"#,
            ])
    }

    @Test func canariesAndReferencesAreCounted() {
        var bench = MetricsBench()
        var book = MetricsBook()
        let others = [
            Observation(
                target: ProbeTarget(role: .canary, name: "192.0.2.9", family: .ipv4),
                address: "192.0.2.9", outcome: .ok(fetchTime: .milliseconds(1))),
            Observation(
                target: ProbeTarget(role: .canary, name: "192.0.2.8", family: .ipv4),
                address: "192.0.2.8", outcome: .refused),
            Observation(
                target: ProbeTarget(role: .reference, name: "192.0.2.53", family: .ipv4),
                address: "192.0.2.53", outcome: .refused),
            Observation(
                target: ProbeTarget(role: .reference, name: "192.0.2.54", family: .ipv4),
                address: "192.0.2.54", outcome: .timeout(.connect)),
        ]
        book.note(bench.round([bench.seen("a.test"), bench.seen("b.test")] + others))
        #expect(book.number(.canaries) == "2" && book.number(.canariesUp) == "1")
        #expect(book.number(.references) == "2" && book.number(.referencesAnswering) == "1")
        #expect(!book.page().contains("192.0.2.9"))
    }
}
