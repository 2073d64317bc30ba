import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

@testable import edgemanage

@Suite("edge_query")
struct EdgeQueryTests {
    private func query(_ arguments: String) throws -> String {
        let edges = OriginalKit.edges("b.example", "a.example", "c.example")
        var state = NetworkState(live: [
            LiveEdge(name: edges[0], addresses: EdgeAddresses(ipv4: .v4(1)))
        ])
        for (edge, health) in [(edges[0], Health.passThreshold), (edges[1], .fail)] {
            state.targets[ProbeTarget(name: edge, family: .ipv4)] = TargetRecord(health: health)
        }
        state.modes[edges[1]] = ModeRecord(
            mode: .unavailable, comment: "[ann] disk, \"big\"\tone",
            changed: UnixTime(seconds: OriginalKit.now.seconds - 90))
        let options = try EdgeQueryOptions.parse(
            ["-A", "mynet"] + arguments.split(separator: " ").map(String.init)
        ).get()
        let rows = EdgeQuery.rows(edges: edges, state: state, now: OriginalKit.now)
        return EdgeQuery.format(rows.filter(options.matches), options)
    }

    @Test(
        "Formats, columns and filters",
        arguments: [
            ("", "b.example\t-1\na.example\t90\nc.example\t-1\n"),
            ("-q", "b.example\na.example\nc.example\n"),
            (
                "-v --header",
                "mode\tstate\thealth\tedgename\tduration\tcomment\n"
                    + "available\tin\tpass_threshold\tb.example\t-1\t\n"
                    + "unavailable\tout\tfail\ta.example\t90\t[ann] disk, \"big\" one\n"
                    + "available\tout\tpass\tc.example\t-1\t\n"
            ),
            (
                "-q -v -m unavailable -f csv",
                "unavailable,out,fail,a.example,90,\"[ann] disk, \"\"big\"\"\tone\"\n"
            ),
            ("-f csv --header", "edgename,duration\nb.example,-1\na.example,90\nc.example,-1\n"),
            ("--form csv --header -q -s in", "edgename\nb.example\n"),
            (
                "-f json -s in --header",
                "{\"edge\": \"b.example\", \"time_since_state_change\": \"-1\"}\n"
            ),
            ("-f json -q -s in", "{\"edge\": \"b.example\"}\n"),
            (
                "-f json -v -H fail",
                "{\"edge\": \"a.example\", \"health\": \"fail\", \"state\": \"out\", "
                    + "\"time_since_state_change\": \"90\"}\n"
            ),
            ("-H allpass -q", "b.example\nc.example\n"), ("-H pass -q", "c.example\n"),
            ("-s out -q -m available", "c.example\n"), ("-m force --header", ""),
            ("-m force --header -f csv", ""), ("-m force -f json", ""),
        ])
    func output(arguments: String, expected: String) throws {
        #expect(try query(arguments) == expected)
    }

    @Test("CSV quotes line breaks; a change in the future is zero seconds ago")
    func oddities() throws {
        let edges = OriginalKit.edges("a.example")
        let state = NetworkState(modes: [
            edges[0]: ModeRecord(
                mode: .force, comment: "x\ny",
                changed: UnixTime(seconds: OriginalKit.now.seconds + 90))
        ])
        let rows = EdgeQuery.rows(edges: edges, state: state, now: OriginalKit.now)
        let format = { (arguments: [String]) throws in
            EdgeQuery.format(rows, try EdgeQueryOptions.parse(["-Amynet", "-v"] + arguments).get())
        }
        #expect(try format(["-fcsv"]) == "force,out,pass,a.example,0,\"x\ny\"\n")
        #expect(try format([]) == "force\tout\tpass\ta.example\t0\tx y\n")
    }

    @Test("It reads through the store")
    func stored() throws {
        let options = try EdgeQueryOptions.parse(["-Amynet"]).get()
        let outcome = EdgeQuery.run(
            options, store: InMemoryStore(), settings: OriginalKit.settings(),
            edges: OriginalKit.edges("a.example"), now: ManualMoments().now())
        #expect(outcome == OriginalOutcome(output: "a.example\t-1\n"))
    }

    @Test("The primary address tells the health")
    func primary() {
        let edge = OriginalKit.edges("a.example")[0]
        let target = { (family: AddressFamily) in ProbeTarget(name: edge, family: family) }
        var state = NetworkState(targets: [
            target(.ipv4): TargetRecord(), target(.ipv6): TargetRecord(health: .fail),
        ])
        #expect(state.primaryRecord(of: edge)?.health == .fail)
        state.targets[target(.ipv4)] = TargetRecord(health: .pass)
        #expect(state.primaryRecord(of: edge)?.health == .pass)
        state.live = [LiveEdge(name: edge, addresses: EdgeAddresses(ipv6: .v6(1, 1)))]
        #expect(state.primaryRecord(of: edge)?.health == .fail)
    }
}
