import EdgeCore
import EdgeTesting
import EdgeSystemConfiguration
import Foundation
import Testing

@Suite struct OriginalTests {
    private func example() throws -> String {
        try String(
            contentsOf: Fixtures.root.appending(path: "examples/original.yaml"), encoding: .utf8)
    }

    private func settings(_ text: String, network: String = "mynet") throws -> NetworkSettings {
        let loaded = Fixtures.load(text)
        #expect(!loaded.problems.hasErrors, "\(loaded.problems.map(\.description))")
        return try #require(loaded.configuration).settings(for: try #require(NetworkName(network)))
    }

    @Test func readsEveryKey() throws {
        let text = try example()
        #expect(Fixtures.load(text).problems.isEmpty)
        let mynet = try settings(text)
        #expect(mynet.format == .original)
        #expect(
            mynet.object
                == TestObject(
                    scheme: .https, host: "www.example.net", path: "/edgetest.txt",
                    localFile: "/etc/edgemanage/edgetest.txt"))
        #expect(mynet.probe == ProbeSettings(minimumConcurrency: 10))
        #expect(mynet.probe.userAgent == "Edgemanage v2 (https://github.com/equalitie/edgemanage)")
        #expect(mynet.judge == JudgeSettings(goodEnough: .seconds(5), keep: .threshold))
        #expect(mynet.dns.primary == "ns1.example.net." && !mynet.dns.isExplicit)
        #expect(mynet.dns.mailbox == "hostmaster.example.net.")
        #expect(mynet.dns.rotatedLabels.map(\.text) == ["www"])
        #expect(
            mynet.selection
                == SelectionSettings(liveCount: 4, substitutionBudget: 4, canaryKiller: 3))
        #expect(mynet.edges == .files("/etc/edgemanage/edges/mynet", extra: nil))
        #expect(mynet.canaries == .file("/etc/edgemanage/canaries/mynet"))
        #expect(mynet.zoneIncludes == "/etc/edgemanage/zones/mynet")
        #expect(mynet.publish == PublishSettings(directory: "/etc/bind/edgemanage"))
        #expect(mynet.commands == RoundCommands(afterChanges: "rndc reload"))
        #expect(mynet.original.stateFile == "/var/lib/edgemanage/mynet.state")
        #expect(mynet.original.liveList == "/var/lib/edgemanage/mynet.live")
        #expect(mynet.original.lockFile == "/run/edgemanage.lock")
        #expect(mynet.original.healthStore == "/var/lib/edgemanage/health")
        #expect(mynet.original.prometheusDirectory == "/var/lib/prometheus/node-exporter")
        #expect(mynet.metrics == MetricsSettings(file: nil, original: true))
        #expect(mynet.database == "/var/lib/edgemanage/edgemanage.db")
        #expect(mynet.logPath == "/var/log/edgemanage.log" && mynet.interval == .seconds(60))
        #expect(try settings(text, network: "smallnet").selection.liveCount == 2)
    }

    @Test func readsTheLooseFormsOfOldFiles() throws {
        let text = try example()
            .replacing("port: 443", with: "port: \"8080\"")
            .replacing("proto: https", with: "proto: http")
            .replacing("uri: /edgetest.txt", with: "uri: edgetest.txt")
            .replacing("verify: true", with: "verify: /etc/ssl/ours.pem")
            .replacing("canary_killer: 3", with: "canary_killer: false")
            .replacing(
                "dnschange_maxfreq: 4", with: "dnschange_maxfreq: no\ntimeout: 60\ntesting: on"
            )
            .replacing("lockfile: /run/edgemanage.lock", with: "lockfile: /run/{dnet}/{dnet}.lock")
        let mynet = try settings(text)
        #expect(mynet.object.port == 8080 && mynet.object.path == "/edgetest.txt")
        #expect(mynet.object.trust == .bundle(path: "/etc/ssl/ours.pem"))
        #expect(mynet.object.sendsEdgeNameAsHost)
        #expect(mynet.selection == SelectionSettings(liveCount: 4))
        #expect(mynet.probe.timeout == .seconds(15))
        #expect(mynet.original.lockFile == "/run/mynet/mynet.lock")
    }

    @Test func portIs80ForHTTPSToo() throws {
        let mynet = try settings(try example().replacing("  port: 443\n", with: ""))
        #expect(mynet.object.scheme == .https && mynet.object.port == 80)
    }

    @Test func readsTheAddedKeys() throws {
        let text =
            try example() + """
                user_agent: Ours/1
                families: [ipv4, ipv6]
                database: /var/lib/e/{dnet}.db
                min_live: 3
                references: [192.0.2.53:53]
                keep: window
                checker: [named-checkzone, -q]
                extra_edgelist_dir: /etc/edgemanage/more
                """
        let mynet = try settings(text)
        #expect(mynet.probe.userAgent == "Ours/1" && mynet.probe.families == [.ipv4, .ipv6])
        #expect(mynet.database == "/var/lib/e/mynet.db" && mynet.selection.minLive == 3)
        #expect(mynet.references.count == 1 && mynet.judge.keep == .window)
        #expect(mynet.publish.checker == ["named-checkzone", "-q"])
        #expect(
            mynet.edges
                == .files("/etc/edgemanage/edges/mynet", extra: "/etc/edgemanage/more/mynet"))
        // A network of two can't keep three.
        #expect(try settings(text, network: "smallnet").selection.minLive == 2)
    }

    @Test func aNetworkWithoutACountIsNamed() throws {
        let loaded = Fixtures.load(
            try example().replacing("\nedge_count: 4", with: ""), file: "o.yaml")
        let configuration = try #require(loaded.configuration)
        let network = NetworkName("mynet")
        #expect(throws: ConfigurationError.noLiveCount(network, file: "o.yaml")) {
            try configuration.settings(for: network)
        }
        #expect(configuration.networks.map(\.text) == ["smallnet"])
    }

    @Test func networksAreThoseWithAnEdgeList() throws {
        let directory = try TemporaryDirectory()
        for name in ["b", "a", ".hidden", "old~", "bad name"] {
            try directory.write("edge.example\n", to: "edges/\(name)")
        }
        try directory.write("x", to: "edges/directory/x")
        let text = try example().replacing("/etc/edgemanage/edges", with: "\(directory.path)/edges")
        let configuration = try #require(Fixtures.load(text).configuration)
        let (names, warnings) = try ConfigurationLoader().networks(of: configuration)
        #expect(names.map(\.text) == ["a", "b"])
        #expect(warnings.count == 1)
    }
}
