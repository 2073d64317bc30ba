import EdgeCore
import EdgeTesting
import EdgeSystemConfiguration
import Testing

@Suite struct Version1Tests {
    private func settings(_ file: String, _ name: String) throws -> NetworkSettings {
        let loaded = ConfigurationLoader()
            .load(try Fixtures.bytes("valid/\(file).yaml"), file: "/etc/e/edgemanage.yaml")
        #expect(loaded.problems.isEmpty)
        let network = try #require(NetworkName(name))
        return try #require(loaded.configuration).settings(for: network)
    }

    @Test func fillsDefaultsIn() throws {
        let small = try settings("small", "mynet")
        #expect(small.format == .version1)
        #expect(small.object.scheme == .https && small.object.port == 443)
        #expect(small.object.trust == .system && !small.object.sendsEdgeNameAsHost)
        #expect(small.object.localFile == "/etc/e/edgetest.txt")
        #expect(small.probe.families == [.ipv4, .ipv6] && small.probe.timeout == .seconds(10))
        #expect(small.probe.userAgent == "Edgemanage/1" && small.probe.attempts == 3)
        #expect(small.judge == JudgeSettings(keep: .window))
        #expect(small.dns.soa == SOANumbers() && small.dns.ttl == 300 && small.dns.isExplicit)
        #expect(small.dns.mailbox == "hostmaster.example.net.")
        #expect(small.selection == SelectionSettings(liveCount: 2))
        #expect(small.database == "/var/lib/edgemanage/edgemanage.db" && small.logPath == nil)
        #expect(small.interval == .seconds(60) && small.original == OriginalFiles())
        #expect(small.zoneIncludes == "/etc/e/zones/mynet" && small.canaries == .inline([:]))
        #expect(small.publish == PublishSettings(directory: "/var/lib/edgemanage/zones"))
        #expect(small.commands == RoundCommands())
    }

    @Test func readsEveryKey() throws {
        let full = try settings("full", "mynet")
        #expect(full.object.port == 8443 && full.object.path == "/edgetest.txt?x=1")
        #expect(full.object.trust == .bundle(path: "/etc/e/certificates.pem"))
        #expect(full.object.sendsEdgeNameAsHost)
        #expect(
            full.probe
                == ProbeSettings(
                    timeout: .milliseconds(700), attempts: 2, families: [.ipv6],
                    minimumConcurrency: 64, userAgent: "Prober/2"))
        #expect(full.interval == .seconds(1))
        #expect(
            full.references.map { "\($0.address) \($0.port)" } == [
                "192.0.2.53 53", "2001:db8::53 853",
            ])
        #expect(
            full.judge
                == JudgeSettings(
                    goodEnough: .milliseconds(300), keep: .threshold, window: .seconds(600),
                    keptSamples: 1000))
        #expect(full.dns.primary == "ns1.example.net.")
        #expect(full.dns.mailbox == "host\\.master.example.net.")
        #expect(full.dns.nameServers == ["ns1.example.net.", "ns2.example.net."])
        #expect(full.dns.rotatedLabels.map(\.text) == ["www", "*"] && full.dns.ttl == 60)
        #expect(
            full.dns.soa
                == SOANumbers(ttl: 120, refresh: 3600, retry: 600, expire: 604_800, minimum: 60))
        #expect(full.dns.maximumAnswerSize == 4096)
        #expect(full.publish.checker == ["named-checkzone", "-q"])
        #expect(
            full.commands
                == RoundCommands(
                    before: "/bin/before it", after: "/bin/after", afterChanges: "rndc reload"))
        #expect(full.database == "/etc/e/state/e.db" && full.logPath == "/var/log/e.log")
        #expect(
            full.original
                == OriginalFiles(
                    healthStore: "/var/lib/e/health", stateFile: "/etc/e/state/mynet.state",
                    liveList: "/etc/e/state/mynet.live", lockFile: "/run/e.lock",
                    prometheusDirectory: "/var/lib/prom"))
        #expect(
            full.metrics == MetricsSettings(file: "/etc/e/prom/edgemanage.prom", original: true))
        #expect(full.edges == .files("/etc/e/edges/mynet", extra: "/etc/e/edges/more"))
        #expect(full.canaries == .file("/etc/e/canaries/mynet"))
        #expect(
            full.selection
                == SelectionSettings(
                    liveCount: 4, minLive: 3, substitutionBudget: 7, canaryKiller: 2))
    }

    /// The steady judge's budget is twice the live count, unless the file gives one.
    @Test func theSteadyJudgeMayReplaceTwiceAsMany() throws {
        let steady = try settings("steady", "mynet").selection
        #expect(steady.substitutionBudget == 2 * steady.liveCount)
        let classic = try settings("steady", "old").selection
        #expect(classic.substitutionBudget == classic.liveCount)
        #expect(try settings("full", "mynet").selection.substitutionBudget == 7)
    }

    @Test func readsEveryNumberOfTheSteadyJudge() throws {
        let plain = try settings("steady", "mynet").judge
        #expect(plain == JudgeSettings(goodEnough: .seconds(2), keep: .window, steady: .init()))
        // A rule that stands at the top alone holds for the network that adds a key.
        let quick = try settings("steady", "quick").judge
        #expect(quick.goodEnough == .milliseconds(500) && quick.steady == SteadySettings())
        #expect(try settings("steady", "old").judge == JudgeSettings(keep: .window))
        #expect(
            try settings("steady", "numbers").judge.steady
                == SteadySettings(
                    attempts: 2, attemptTimeout: .seconds(3), attemptPause: .zero,
                    roundTime: .seconds(12), retriesSlow: false, retriesServerErrors: false,
                    scoreWeight: 0.2, downScore: 0.4, slowScoreWeight: 0.05, slowDownScore: 1,
                    watchScore: 0.5, failedRounds: 3, medianOf: 7, medianAtLeast: 4,
                    upScore: 0.15, returnShare: 0.9, cleanRounds: 5, penaltyHalfLife: 60,
                    penaltyLimit: 4.5, recallRounds: 2, fetchTimeWeight: 0.25,
                    fetchTimeLimit: .seconds(3), memoryWeight: 0.001, memoryCost: 0))
    }

    @Test func networksOverrideKeyByKey() throws {
        let other = try settings("full", "other")
        #expect(other.judge.keep == .window && other.judge.keptSamples == 1000)
        #expect(other.dns.soa.expire == 691_200 && other.dns.soa.refresh == 3600)
        #expect(other.dns.rotatedLabels.isEmpty)
        #expect(other.publish.directory == "/srv/other")
        #expect(other.publish.checker == nil)
        #expect(other.commands.afterChanges == "rndc reload")
        #expect(other.commands.before == nil && other.commands.after == "/bin/after")
        #expect(other.logPath == nil && other.selection.canaryKiller == nil)
        #expect(other.original.lockFile == "/run/e.lock")
        #expect(other.original.stateFile == "/etc/e/state/other.state")
        #expect(other.zoneIncludes == "/srv/includes/other")
        let zones = ["example.org", "example.com"].compactMap { ZoneName($0) }
        let addresses = ["192.0.2.22", "2001:db8::22"].compactMap { IPAddress($0) }
        #expect(other.canaries == .inline(Dictionary(uniqueKeysWithValues: zip(zones, addresses))))
        let names = ["edge1.example.net", "192.0.2.7", "2001:db8::7"].compactMap { EdgeName($0) }
        #expect(other.edges == .inline(names))
    }

    private func networks(_ text: String) throws -> Configuration {
        let loaded = Fixtures.load(text)
        #expect(loaded.problems.isEmpty, "\(loaded.problems.map(\.description))")
        return try #require(loaded.configuration)
    }

    private static let head = """
        version: 1
        object: {url: "http://www.example.net/o.txt", local: o.txt}
        dns: {primary: ns1.example.net., mailbox: h@example.net, name_servers: [ns1.example.net.]}

        """

    /// A rotated name in a map rotates with or without a TTL of its own, in the file's order.
    @Test func rotatedNamesMayStandInMaps() throws {
        let read = try networks(
            Self.head.replacing(
                "[ns1.example.net.]}",
                with: "[ns1.example.net.], rotate: [a, {name: www}, {name: '*', ttl: 1m}, "
                    + "{name: '@', ttl: 2m}, b, {name: c.d, ttl: 0s}]}")
                + "publish: {directory: z}\nnetworks: {w: {edges: [192.0.2.1], live: 1, zones: z}}\n"
        )
        let dns = try read.settings(for: "w").dns
        #expect(dns.rotatedLabels.map(\.text) == ["a", "www", "*", "b", "c.d"])
        #expect(dns.nameTTLs == ["*": 60, "@": 120, "c.d": 0])
        #expect(dns.ttl(of: "www") == 300)
    }

    /// `none`, a false value and an empty one switch off what the top gives.
    @Test(arguments: ["none", "false", "no", "~", "null", ""])
    func networksSwitchOffWhatTheyInherit(word: String) throws {
        let read = try networks(
            Self.head + """
                publish: {directory: z, zone_template: t, catalog: c.test, checker: c, reload: r}
                commands: {before: b, after: a}
                legacy: {health_store: h, live_list: l, lock_file: k, prometheus: p, state_file: s}
                metrics: {file: m, original: true}
                networks:
                  own: {edges: [192.0.2.1], live: 1, zones: own}
                  web:
                    edges: [192.0.2.1]
                    live: 1
                    zones: zones
                    canaries: \(word)
                    canary_killer: \(word)
                    publish:
                      method: updates
                      directory: \(word)
                      zone_template: \(word)
                      catalog: \(word)
                      checker: \(word)
                      reload: \(word)
                      servers: [{kind: bind, address: 127.0.0.1, update: {key: k}}]
                    commands: {before: \(word), after: \(word)}
                    legacy:
                      health_store: \(word)
                      live_list: \(word)
                      lock_file: \(word)
                      prometheus: \(word)
                      state_file: \(word)
                    metrics: {file: \(word), original: false}
                """)
        let web = try read.settings(for: "web")
        #expect(web.publish.template == nil && web.publish.catalog == nil)
        #expect(web.publish.checker == nil && web.commands == RoundCommands())
        #expect(web.original == OriginalFiles() && web.publish.directory.isEmpty)
        #expect(web.metrics == MetricsSettings())
        let own = try read.settings(for: "own")
        #expect(own.publish.template == "/etc/edgemanage/t" && own.commands.afterChanges == "r")
        #expect(own.publish.catalog == CatalogSettings(zone: "c.test"))
        #expect(own.original.healthStore == "/etc/edgemanage/h")
    }

    /// What stands at the top for networks that each complete it is no mistake by itself.
    @Test func theTopAloneIsNotInForce() throws {
        let read = try networks(
            Self.head + """
                publish: {method: updates}
                networks:
                  a:
                    edges: [192.0.2.1]
                    live: 1
                    zones: a
                    publish: {servers: [{kind: bind, address: 127.0.0.1, update: {key: k}}]}
                  b:
                    edges: [192.0.2.1]
                    live: 1
                    zones: b
                    publish: {method: files, directory: z, catalog: c.test}
                """)
        #expect(try read.settings(for: "a").publish.method == .updates)
        #expect(try read.settings(for: "b").publish.method == .files)
    }

    @Test func namesTheNearestNetwork() throws {
        let loaded = ConfigurationLoader().load(
            try Fixtures.bytes("valid/full.yaml"), file: "e.yaml")
        let configuration = try #require(loaded.configuration)
        #expect(configuration.networks.map(\.text) == ["mynet", "other"])
        let wrong = NetworkName("mynte")
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.settings(for: wrong)
        }
        #expect(
            error?.description == "e.yaml declares no network \"mynte\"; did you mean \"mynet\"?")
    }
}
