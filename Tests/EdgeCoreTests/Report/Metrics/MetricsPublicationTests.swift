import EdgeCore
import EdgeTesting
import Testing

/// Publication, name servers and rounds that were none, as metrics.
@Suite struct MetricsPublicationTests {
    private static let fine: [EdgeName] = ["a.test", "b.test"]

    @Test func whatIsPublishedHasItsTimeAndHighestSerial() {
        var bench = MetricsBench()
        var book = MetricsBook()
        bench.state.zones = [
            "one.test": PublishedZone(
                serial: SOASerial(7), contentKey: "", includeRevision: 1, canary: nil,
                canaryReplaces: nil, includeStamp: nil),
            "two.test": PublishedZone(
                serial: SOASerial(9), contentKey: "", includeRevision: 1, canary: nil,
                canaryReplaces: nil, includeStamp: nil),
        ]
        let seen = Self.fine.map { bench.seen($0) }
        book.note(bench.round(seen))
        #expect(book.number(.publishSerial) == "9" && book.number(.zones) == "2")
        #expect(book.number(.lastPublish) == nil && book.number(.zonesPublished) == "0")
        book.note(
            bench.round(seen) {
                $0.generation = 5
                $0.report.written = ["one.test", "two.test"]
            })
        #expect(book.number(.lastPublish) == "1700000120" && book.number(.generation) == "5")
        #expect(book.number(.zonesPublished) == "2")
        book.note(bench.round(seen))
        #expect(book.number(.lastPublish) == "1700000120" && book.number(.zonesPublished) == "2")
    }

    @Test func roundsEndInThreeWays() {
        var bench = MetricsBench()
        var book = MetricsBook()
        let seen = Self.fine.map { bench.seen($0) }
        book.note(bench.round(seen))
        book.note(bench.round(seen) { $0.failures = ["one.test", "two.test"] })
        #expect(book.number(.publicationFailures) == "2")
        book.note(bench.round(seen) { $0.troubles = 1 })
        #expect(book.number(.publicationFailures) == "0" && book.number(.roundTroubles) == "1")
        book.noteRefusal(of: "web")
        let end = book.number(.lastRound)
        book.noteRefusal(of: "web")
        #expect(
            book.lines(.rounds) == [
                #"{network="web",result="done"} 1"#, #"{network="web",result="failed"} 2"#,
                #"{network="web",result="refused"} 2"#,
            ])
        #expect(book.number(.lastRound) == end)
    }

    @Test func nameServersLagFromTheOldestZoneOn() throws {
        var bench = MetricsBench()
        let names = ["ns1", "ns2", "ns3"]
        bench.settings.publish.servers = try names.map {
            NameServerSettings(
                name: try #require(ServerName($0)), kind: .other, address: "192.0.2.53")
        }
        let servers = bench.settings.publish.servers.map(\.name)
        var book = MetricsBook()
        book.note(
            bench.round(Self.fine.map { bench.seen($0) }) {
                $0.lags = [
                    ServerLag(
                        server: servers[1], zones: 4, since: $0.end.adding(.seconds(-90)),
                        example: ""),
                    // The clock was set back in between.
                    ServerLag(
                        server: servers[2], zones: 1, since: $0.end.adding(.seconds(90)),
                        example: ""),
                ]
                $0.silentServers = [servers[2]]
            })
        #expect(
            book.lines(.nameServerLag) == [
                #"{network="web",server="ns1"} 0"#, #"{network="web",server="ns2"} 90"#,
                #"{network="web",server="ns3"} 0"#,
            ])
        #expect(
            book.lines(.nameServerUp).map { $0.suffix(1) } == ["1", "1", "0"])
        #expect(book.lines(.nameServerZonesOwed).map { $0.suffix(1) } == ["0", "4", "1"])
        bench.settings.publish.servers.removeLast(2)
        book.note(bench.round(Self.fine.map { bench.seen($0) }))
        #expect(book.lines(.nameServerLag).count == 1)
    }

    @Test func networksThatAreGoneAreForgotten() {
        var bench = MetricsBench()
        var book = MetricsBook()
        book.note(bench.round(Self.fine.map { bench.seen($0) }))
        book.noteProcess(version: "1", isReloaded: false, read: UnixTime(seconds: 5))
        book.forgetNetworks(besides: ["web"])
        #expect(book.number(.edges) == "2")
        book.forgetNetworks(besides: ["other"])
        #expect(
            book.page() == """
                # HELP edgemanage_build_info A constant 1, labelled with the version of edgemanage.
                # TYPE edgemanage_build_info gauge
                edgemanage_build_info{version="1"} 1
                # HELP edgemanage_config_last_reload_successful \
                Whether the configuration could be used when it was last read (1 or 0).
                # TYPE edgemanage_config_last_reload_successful gauge
                edgemanage_config_last_reload_successful 0
                # HELP edgemanage_config_last_reload_success_timestamp_seconds \
                Unix time when the configuration in use was last read.
                # TYPE edgemanage_config_last_reload_success_timestamp_seconds gauge
                edgemanage_config_last_reload_success_timestamp_seconds 5
                # end of edgemanage's metrics

                """)
    }

    @Test func everyMetricHasHelpAndAGoodName() {
        for metric in Metric.allCases {
            #expect(!metric.help.isEmpty && !metric.help.contains("\n"), "\(metric)")
            #expect(metric.rawValue.hasPrefix("edgemanage_"))
            #expect((metric.kind == .counter) == metric.rawValue.hasSuffix("_total"), "\(metric)")
            #expect((metric.kind == .histogram) == !metric.buckets.isEmpty)
            #expect(metric.buckets == metric.buckets.sorted())
        }
    }
}
