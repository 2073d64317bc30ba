extension OriginalConfiguration {
    /// Reads the original's format; nil when a problem is an error.
    static func read(_ source: ConfigurationSource, problems: ProblemCollector)
        -> OriginalConfiguration?
    {
        let rules = SectionReader.Rules(unknownKeys: .warning, plainSeconds: true)
        guard
            let top = SectionReader(
                source.root, path: "", at: nil, keys: OriginalKeys.top + OriginalKeys.added,
                rules: rules,
                problems: problems)
        else { return nil }
        let object = readObject(top)
        let dns = readDNS(top)
        let publish = top.requiredPath("named_dir", example: "/etc/bind/edgemanage").map {
            PublishSettings(
                directory: $0, checker: top.arguments("checker"),
                template: top.optionalPath("zone_template"))
        }
        let edgeLists = top.requiredPath("edgelist_dir", example: "/etc/edgemanage/edges")
        let includes = top.requiredPath("zonetemplate_dir", example: "/etc/edgemanage/zones")
        let files = readFiles(top)
        let database = readDatabase(top, stateFile: files.stateFile)
        let probe = readProbe(top)
        let judge = readJudge(top, probe: probe)
        let selection = readSelection(top)
        var configuration = assemble(
            object: object, probe: probe, judge: judge, dns: dns,
            references: top.references("references"), publish: publish,
            commands: readCommands(top), edgeLists: edgeLists,
            extraEdgeLists: top.optionalPath("extra_edgelist_dir"), includes: includes,
            canaryFiles: top.optionalPath("canary_files"), files: files, database: database,
            logPath: top.optionalPath("logpath"), interval: readInterval(top), selection: selection)
        configuration?.server = top.server { $0 }
        configuration?.stated = Set(top.all.filter { !$0.value.isNull }.map(\.key))
        tellRelativePaths(top)
        return problems.hasErrors ? nil : configuration
    }

    private static func assemble(
        object: TestObject?, probe: ProbeSettings, judge: JudgeSettings, dns: DNSSettings?,
        references: [ReferenceTarget], publish: PublishSettings?, commands: RoundCommands,
        edgeLists: String?, extraEdgeLists: String?, includes: String?, canaryFiles: String?,
        files: OriginalFiles, database: String?, logPath: String?, interval: Duration,
        selection: Selection
    ) -> OriginalConfiguration? {
        guard let object, let dns, let publish, let edgeLists, let includes, let database else {
            return nil
        }
        return OriginalConfiguration(
            object: object, probe: probe, judge: judge, dns: dns, references: references,
            publish: publish, commands: commands, edgeListDirectory: edgeLists,
            extraEdgeListDirectory: extraEdgeLists, includesDirectory: includes,
            canaryFiles: canaryFiles, files: files, database: database, logPath: logPath,
            interval: interval, selection: selection)
    }

    private static func readObject(_ top: SectionReader) -> TestObject? {
        guard top.node("testobject") != nil else {
            top.missing(
                "testobject", example: "testobject: {host: www.example.net, uri: /test, ...}")
            return nil
        }
        guard let section = top.section("testobject", keys: OriginalKeys.object) else { return nil }
        let host = section.requiredText("host", example: "www.example.net")
        let path = section.requiredText("uri", example: "/edgetest.txt").map {
            $0.hasPrefix("/") ? $0 : "/" + $0
        }
        let local = section.requiredPath("local", example: "/etc/edgemanage/edgetest.txt")
        if let host, EdgeName(host) == nil {
            section.problems.error(
                "\"testobject.host\": \"\(host)\" is neither a host name nor an IP address",
                at: section.place("host"))
        }
        if let path, let reason = ObjectURL.pathProblem(path) {
            section.problems.error("\"testobject.uri\": \(reason)", at: section.place("uri"))
        }
        let scheme = section.word("proto", as: ObjectScheme.self) ?? .http
        let port = readPort(section, scheme: scheme)
        guard let host, let path, let local else { return nil }
        return TestObject(
            scheme: scheme, host: host, port: port, path: path, localFile: local,
            trust: section.trust("verify"), sendsEdgeNameAsHost: top.flag("testing") ?? false)
    }

    /// The port: a number or a text; 80 where there is none, for https too, as in the original.
    private static func readPort(_ section: SectionReader, scheme: ObjectScheme) -> UInt16 {
        guard let node = section.node("port") else {
            if scheme == .https {
                section.problems.warning(
                    "https is asked for on port 80, since \"testobject.port\" is absent; if that "
                        + "is not "
                        + "meant, write port: 443", at: section.place("proto"))
            }
            return 80
        }
        guard case .scalar(let text, _) = node.content, let value = SectionReader.decimal(text)
        else {
            section.wrong("port", must: "a port number", node: node)
            return 80
        }
        return UInt16(section.inRange(value, "port", 1...65535, node) ?? 80)
    }

    private static func readDNS(_ top: SectionReader) -> DNSSettings? {
        guard top.node("dns") != nil else {
            top.missing("dns", example: "dns: {ns_records: [ns1.example.net.], ...}")
            return nil
        }
        guard let section = top.section("dns", keys: OriginalKeys.dns) else { return nil }
        let servers = section.nameServers("ns_records", needsDot: true)
        let primary = section.requiredName("soa_nameserver", example: "ns1.example.net.")
        let mailbox = section.requiredMailbox("soa_mailbox", example: "hostmaster.example.net.")
        let labels = section.rotatedLabels("rotate_zones")
        guard let servers, let primary, let mailbox else { return nil }
        return DNSSettings(
            primary: primary, mailbox: mailbox, nameServers: servers, rotatedLabels: labels)
    }

    private static func readFiles(_ top: SectionReader) -> OriginalFiles {
        OriginalFiles(
            healthStore: top.optionalPath("healthdata_store"), stateFile: top.path("statefile"),
            liveList: top.optionalPath("live_list"), lockFile: top.optionalPath("lockfile"),
            prometheusDirectory: top.optionalPath("prometheus_logs"))
    }

    private static func readDatabase(_ top: SectionReader, stateFile: String?) -> String? {
        if let path = top.path("database") { return path }
        guard let stateFile else {
            // Wrong is told already.
            guard top.node("statefile") == nil else { return nil }
            top.missing("statefile", example: "/var/lib/edgemanage/{dnet}.state")
            return nil
        }
        return PathText.join(PathText.directory(of: stateFile), "edgemanage.db")
    }

    private static func readCommands(_ top: SectionReader) -> RoundCommands {
        guard let section = top.section("commands", keys: OriginalKeys.commands) else {
            return RoundCommands()
        }
        return RoundCommands(
            before: section.command("run_before"), after: section.command("run_after"),
            afterChanges: section.command("run_after_changes"))
    }
}
