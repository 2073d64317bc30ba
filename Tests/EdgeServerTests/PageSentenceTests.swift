import EdgeCore
import EdgeTesting
import Testing

@testable import EdgeServer

/// A network's state in one sentence: the same count as board and plugin have.
@Suite struct PageSentenceTests {
    @Test(
        arguments: [
            ([.pass, .pass], "All is well: 2 of 2 wanted edges live.", PageLevel.well),
            (
                [.pass, .fail],
                "Users meet failing edges: 192.0.2.2; 1 of 2 wanted edges live and passing.", .bad
            ),
            (
                [.fail, .fail],
                "Users meet failing edges: 192.0.2.1 192.0.2.2; 0 of 2 wanted edges live and passing.",
                .bad
            ),
        ] as [([Health], String, PageLevel)])
    func itCountsWhoPasses(healths: [Health], sentence: String, level: PageLevel) {
        let edges: [EdgeName] = ["192.0.2.1", "192.0.2.2"]
        let settings = NetworkSettings(
            network: "web", format: .version1,
            object: TestObject(host: "example.net", path: "/", localFile: "/x"),
            selection: SelectionSettings(liveCount: 2),
            dns: DNSSettings(primary: "ns.", mailbox: "m.", nameServers: []), edges: .inline([]),
            zoneIncludes: "", publish: PublishSettings(directory: ""), database: "")
        let now = Moment(
            wall: UnixTime(seconds: 1000), sinceBoot: .seconds(1000), bootID: "b")
        var state = NetworkState(
            generation: 1,
            live: edges.map { LiveEdge(name: $0, addresses: EdgeAddresses(ipv4: $0.address)) },
            lastRun: now)
        for (edge, health) in zip(edges, healths) {
            state.targets[ProbeTarget(name: edge, family: .ipv4)] = TargetRecord(
                health: health, lastOutcome: health == .pass ? "ok" : "refused",
                lastAddress: edge.address)
        }
        let network = PageNetwork(
            status: StatusView(settings: settings, state: state, inventory: edges, now: now),
            overview: nil,
            alarms: AlarmView(
                network: settings.network, settings: settings.alarms, state: AlarmState(), now: now,
                minuteOfDay: 0),
            goodEnough: .seconds(1))
        #expect(network.sentence == sentence)
        #expect(network.level == level)
    }
}
