/// The sections that the top and each network may have, laid over each other and read.
struct Version1Sections {
    let shared: [String: ConfigurationNode.Entry]
    let network: SectionReader?
    let source: ConfigurationSource
    let rules: SectionReader.Rules
    let problems: ProblemCollector

    /// What the sections say; parts that could not be read are nil, their problems told.
    struct Values {
        var object: TestObject?
        var probe = ProbeSettings()
        var references: [ReferenceTarget] = []
        var interval: Duration = .seconds(60)
        var judge = JudgeSettings()
        var dns: DNSSettings?
        var publish: PublishSettings?
        var commands = RoundCommands()
        var database = NetworkSettings.defaultDatabase
        var history = HistorySettings()
        var logPath: String?
        var original = OriginalFiles()
        var metrics = MetricsSettings()
        var alarms = AlarmSettings()

        static let defaultUserAgent = "Edgemanage/1"
    }

    init(
        shared: [String: ConfigurationNode.Entry], over network: SectionReader?,
        source: ConfigurationSource, rules: SectionReader.Rules, problems: ProblemCollector
    ) {
        self.shared = shared
        self.network = network
        self.source = source
        self.rules = rules
        self.problems = problems
    }

    func read() -> Values {
        var values = Values()
        values.object = readObject()
        readProbe(&values)
        values.judge = readJudge(timeout: values.probe.timeout)
        values.dns = readDNS()
        readPublish(&values)
        readState(&values)
        values.history = readHistory()
        values.original = readLegacy()
        values.metrics = readMetrics(values)
        if let section = section("alarms", keys: Version1Keys.alarms) {
            values.alarms = Version1Alarms(section: section, resolve: resolve).read()
        }
        return values
    }

    /// A path as the file means it: from the root, or from the file's own directory.
    func resolve(_ path: String) -> String { PathText.join(source.directory, path) }

    private func node(_ key: String) -> ConfigurationNode? {
        guard let base = shared[key]?.value else { return network?.node(key) }
        let value = base.overlaid(by: network?.entry(key)?.value)
        return value.isNull ? nil : value
    }

    private func section(_ key: String, keys: [String]) -> SectionReader? {
        section(key, node(key), keys: keys)
    }

    private func section(
        _ key: String, _ node: ConfigurationNode?, keys: [String]
    ) -> SectionReader? {
        let absent = ConfigurationNode(.mapping([]), at: source.root.position)
        let place = shared[key]?.keyPosition ?? network?.entry(key)?.keyPosition
        return SectionReader(
            node ?? absent, path: key, at: place, keys: keys, rules: rules, problems: problems)
    }

    /// The judge's section. A rule alone, as `judge: steady`, is short for a section with this rule.
    func judgeSection() -> SectionReader? {
        let long = { (node: ConfigurationNode?) -> ConfigurationNode? in
            guard let node, case .scalar = node.content, !node.isNull else { return node }
            let rule = ConfigurationNode.Entry(
                key: "rule", keyPosition: node.position, value: node)
            return ConfigurationNode(.mapping([rule]), at: node.position)
        }
        let own = network?.entry("judge")?.value
        // A network's map is laid over the top's rule; a network's rule alone replaces all of the top's.
        let isMap = own?.entries != nil
        let laid =
            isMap ? long(shared["judge"]?.value)?.overlaid(by: own) ?? own : long(node("judge"))
        return section("judge", laid, keys: Version1Keys.judge)
    }

    private func readObject() -> TestObject? {
        guard let section = section("object", keys: Version1Keys.object) else { return nil }
        let url = section.requiredText("url", example: "https://www.example.net/edgetest.txt")
        let local = section.requiredPath("local", example: "edgetest.txt", resolve: resolve)
        let trust = section.trust("verify", resolve: resolve)
        let sendsEdgeName = section.flag("send_edge_name") ?? false
        guard let url else { return nil }
        switch ObjectURL.parse(url) {
        case .failure(let refusal):
            problems.error("\"object.url\": \(refusal.reason)", at: section.place("url"))
            return nil
        case .success(let parts):
            guard let local else { return nil }
            return TestObject(
                scheme: parts.scheme, host: parts.host, port: parts.port, path: parts.path,
                localFile: local, trust: trust, sendsEdgeNameAsHost: sendsEdgeName)
        }
    }

    private func readProbe(_ values: inout Values) {
        guard let section = section("probe", keys: Version1Keys.probe) else { return }
        values.probe.timeout =
            section.duration(
                "timeout", atLeast: .milliseconds(10), atMost: ProbeSettings.maximumTimeout)
            ?? values.probe.timeout
        values.probe.attempts = section.integer("attempts", in: 1...100) ?? 3
        values.probe.families = section.families("families") ?? [.ipv4, .ipv6]
        values.probe.minimumConcurrency = section.integer("concurrency", in: 1...1024) ?? 1
        values.probe.userAgent = section.text("user_agent") ?? Values.defaultUserAgent
        values.references = section.references("references")
        values.interval =
            section.duration("interval", atLeast: .seconds(1), atMost: .seconds(86_400))
            ?? values.interval
    }

    private func readDNS() -> DNSSettings? {
        guard let section = section("dns", keys: Version1Keys.dns) else { return nil }
        let primary = section.requiredName("primary", example: "ns1.example.net.")
        let mailbox = section.requiredMailbox("mailbox", example: "hostmaster@example.net")
        let servers = section.nameServers("name_servers", needsDot: false)
        let (labels, ttls) = section.rotatedNames("rotate")
        let ttl = section.seconds("ttl") ?? 300
        let soa = readSOA(section)
        let answer = section.integer("maximum_answer", in: 512...65_535) ?? 1232
        let signing = section.isOff("signed") ? nil : section.word("signed", as: ZoneSigning.self)
        guard let primary, let mailbox, let servers else { return nil }
        return DNSSettings(
            primary: primary, mailbox: mailbox, nameServers: servers, rotatedLabels: labels,
            soa: soa, ttl: ttl, isExplicit: true, maximumAnswerSize: answer,
            nameTTLs: ttls, signing: signing)
    }

    private func readSOA(_ dns: SectionReader) -> SOANumbers {
        var soa = SOANumbers()
        guard let section = dns.section("soa", keys: Version1Keys.soa) else { return soa }
        soa.ttl = section.seconds("ttl") ?? soa.ttl
        soa.refresh = section.seconds("refresh", atLeast: 1) ?? soa.refresh
        soa.retry = section.seconds("retry", atLeast: 1) ?? soa.retry
        soa.expire = section.seconds("expire", atLeast: 1) ?? soa.expire
        soa.minimum = section.seconds("negative") ?? soa.minimum
        // RFC 1912 §2.2: a secondary that can't refresh must be able to retry before it gives up.
        if soa.expire <= soa.refresh + min(soa.retry, .max - soa.refresh) {
            problems.warning(
                "\"dns.soa.expire\" is not above refresh and retry together: secondaries give the "
                    + "zone up before they asked again", at: section.place("expire"))
        }
        return soa
    }

    private func readPublish(_ values: inout Values) {
        if let section = section("publish", keys: Version1Keys.publish) {
            let method = section.word("method", as: PublishMethod.self) ?? .files
            let directory =
                method == .updates
                ? section.optionalPath("directory", resolve: resolve) ?? ""
                : section.requiredPath(
                    "directory", example: "/etc/bind/edgemanage", resolve: resolve)
            let checker = section.arguments("checker")
            var publish = PublishSettings(
                directory: directory ?? "", checker: checker, method: method)
            Version1Servers(section: section, resolve: resolve).read(into: &publish)
            values.publish = directory == nil ? nil : publish
            values.commands.afterChanges = section.command("reload")
        }
        if let section = section("commands", keys: Version1Keys.commands) {
            values.commands.before = section.command("before")
            values.commands.after = section.command("after")
        }
    }

    private func readState(_ values: inout Values) {
        if let section = section("state", keys: Version1Keys.state) {
            values.database =
                section.path("database", resolve: resolve) ?? NetworkSettings.defaultDatabase
        }
        guard let node = node("log"),
            let top = SectionReader(
                ConfigurationNode(
                    .mapping([.init(key: "log", keyPosition: node.position, value: node)]),
                    at: node.position),
                path: "", at: node.position, keys: nil, rules: rules, problems: problems)
        else { return }
        let path = top.path("log") { $0 == "syslog" ? $0 : resolve($0) }
        values.logPath = path == "syslog" ? nil : path
    }

    private func readHistory() -> HistorySettings {
        typealias Limits = HistorySettings.Limits
        var history = HistorySettings()
        guard let section = section("history", keys: Version1Keys.history) else { return history }
        let time = { (key: String, limits: ClosedRange<Duration>, value: inout Duration) in
            value =
                section.duration(key, atLeast: limits.lowerBound, atMost: limits.upperBound)
                ?? value
        }
        time("minutes", Limits.minutes, &history.minutes)
        time("hours", Limits.hours, &history.hours)
        time("days", Limits.days, &history.days)
        time("audit", Limits.audit, &history.audit)
        return history
    }

    private func readLegacy() -> OriginalFiles {
        guard let section = section("legacy", keys: Version1Keys.legacy) else {
            return OriginalFiles()
        }
        return OriginalFiles(
            healthStore: section.optionalPath("health_store", resolve: resolve),
            stateFile: section.optionalPath("state_file", resolve: resolve),
            liveList: section.optionalPath("live_list", resolve: resolve),
            lockFile: section.optionalPath("lock_file", resolve: resolve),
            prometheusDirectory: section.optionalPath("prometheus", resolve: resolve))
    }

    private func readMetrics(_ values: Values) -> MetricsSettings {
        guard let section = section("metrics", keys: Version1Keys.metrics) else {
            return MetricsSettings()
        }
        let file = section.optionalPath("file", resolve: resolve)
        let others = [
            ("state.database", values.database), ("log", values.logPath),
            ("object.local", values.object?.localFile),
            ("legacy.state_file", values.original.stateFile),
            ("legacy.live_list", values.original.liveList),
            ("legacy.lock_file", values.original.lockFile),
            (
                "legacy.prometheus",
                values.original.prometheusDirectory.map { PathText.join($0, "edgemanage.prom") }
            ),
        ]
        // It is replaced whatever stands there.
        if let file, let other = others.first(where: { $0.1 == file })?.0 {
            problems.error(
                "\"metrics.file\" is \(file), the file of \"\(other)\" too; give it one of its own",
                at: section.place("file"))
        }
        return MetricsSettings(file: file, original: section.flag("original") ?? false)
    }
}
