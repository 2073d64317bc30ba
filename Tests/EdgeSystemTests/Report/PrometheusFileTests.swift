import EdgeCore
import EdgeShell
import EdgeSystemReport
import Testing

@Suite("edgemanage.prom")
struct PrometheusFileTests {
    @Test("Five gauges an edge, with help and type; canaries have none")
    func gauges() async {
        var world = ReportWorld()
        let settings = world.settings { $0.prometheusDirectory = $1 }
        _ = world.edge("a.example", sample: .milliseconds(10))
        world.now.nanoseconds += 60_000_000_000
        let edges = [
            world.edge("a.example", sample: .milliseconds(30)),
            world.edge("192.0.2.1", sample: nil, isLive: false, health: .fail),
            world.edge("192.0.2.9", isCanary: true),
        ]
        let reporter = OriginalFileReporter(history: world.history)
        #expect(await reporter.report(world.report(edges), settings: settings).all == [])
        let expected = """
            # network mynet 1700000060
            # HELP a_example_response_time Last fetch time in seconds of edge a.example.
            # TYPE a_example_response_time gauge
            a_example_response_time 0.03
            # HELP a_example_average_time Mean of all kept fetch times in seconds of edge a.example.
            # TYPE a_example_average_time gauge
            a_example_average_time 0.03
            # HELP a_example_timeslice Mean of the last minutes' fetch times in seconds of edge a.example.
            # TYPE a_example_timeslice gauge
            a_example_timeslice 0.02
            # HELP a_example_reachable_status Whether the last probe succeeded (1 or 0) of edge a.example.
            # TYPE a_example_reachable_status gauge
            a_example_reachable_status 1
            # HELP a_example_in_rotation Membership in the live set (1 or 0) of edge a.example.
            # TYPE a_example_in_rotation gauge
            a_example_in_rotation 1
            # HELP md5d0f88d_reachable_status Whether the last probe succeeded (1 or 0) of edge 192.0.2.1.
            # TYPE md5d0f88d_reachable_status gauge
            md5d0f88d_reachable_status 0
            # HELP md5d0f88d_in_rotation Membership in the live set (1 or 0) of edge 192.0.2.1.
            # TYPE md5d0f88d_in_rotation gauge
            md5d0f88d_in_rotation 0

            """
        #expect(world.directory.text("edgemanage.prom") == expected)
    }

    @Test("Names that are not valid or collide are mended")
    func names() async throws {
        let world = ReportWorld()
        let settings = world.settings { $0.prometheusDirectory = $1 }
        let names = [
            "a-b.example", "a_b.example", "a.b.example", "1.example", "2001:db8::1", "x-y",
        ]
        let reporter = OriginalFileReporter(history: world.history)
        _ = await reporter.report(world.report(names.map { world.edge($0) }), settings: settings)
        let text = try #require(world.directory.text("edgemanage.prom"))
        let stems = text.split(separator: "\n").filter { $0.contains("_in_rotation ") }
            .filter { !$0.hasPrefix("#") }.map { $0.replacing("_in_rotation 1", with: "") }
        #expect(stems.count == 6 && Set(stems).count == 6)
        #expect(stems[1] == "a_b_example" && stems[3] == "_1_example" && stems[5] == "x_y")
        #expect(stems[0].hasPrefix("a_b_example_") && stems[2].hasPrefix("a_b_example_"))
        #expect(stems[4].hasPrefix("md5") && stems[4].utf8.count == 9)
    }

    @Test("Other networks' sections stay for an hour")
    func networks() async throws {
        let world = ReportWorld()
        let settings = world.settings { $0.prometheusDirectory = $1 }
        world.directory.write(
            "edgemanage.prom",
            """
            stray 1
            # network old 1600000000
            old_in_rotation 1
            # network other 1699999000
            # HELP other_in_rotation x
            # TYPE other_in_rotation gauge
            other_in_rotation 1
            a_example_in_rotation 0
            # network mynet 1699999000
            gone_in_rotation 1

            """)
        let reporter = OriginalFileReporter(history: world.history)
        _ = await reporter.report(world.report([world.edge("a.example")]), settings: settings)
        let text = try #require(world.directory.text("edgemanage.prom"))
        #expect(
            text.hasPrefix(
                """
                # network other 1699999000
                # HELP other_in_rotation x
                # TYPE other_in_rotation gauge
                other_in_rotation 1
                # network mynet 1700000000

                """))
        #expect(!text.contains("gone") && !text.contains("stray") && !text.contains("old"))
        #expect(text.contains("a_example_in_rotation 1\n"))
    }
}
