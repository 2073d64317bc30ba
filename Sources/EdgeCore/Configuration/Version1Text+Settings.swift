extension Version1Text {
    /// A whole file for these networks: what holds for all of them stands at the top, the rest in
    /// each network.
    static func file(for networks: [NetworkSettings], heading: String) -> String {
        let shared = networks.map(sharedSections)
        var common: [Section] = []
        for section in shared.first ?? [] {
            let lines = section.lines.filter { line in
                shared.allSatisfy { others in
                    others.contains { $0.name == section.name && $0.lines.contains(line) }
                }
            }
            common.append(Section(name: section.name, lines: lines))
        }
        var result = "\(heading)version: 1\n\n" + text(common, indent: 0) + "\nnetworks:\n"
        for (network, sections) in zip(networks, shared) {
            let own = sections.map { section in
                let above = common.first { $0.name == section.name }?.lines ?? []
                return Section(
                    name: section.name, lines: section.lines.filter { !above.contains($0) })
            }
            result += "  \(quoted(network.network.text)):\n"
            result += text([networkSection(network)] + own, indent: 4)
        }
        return result
    }

    /// The sections that may stand at the top or in a network.
    static func sharedSections(_ settings: NetworkSettings) -> [Section] {
        [
            Section(name: "object", lines: object(settings.object)),
            Section(name: "probe", lines: probe(settings)),
            Section(name: "judge", lines: judge(settings.judge)),
            Section(name: "dns", lines: dns(settings.dns)),
            Section(name: "publish", lines: publish(settings)),
            Section(name: "commands", lines: commands(settings.commands)),
            Section(
                name: "state", lines: [Line(key: "database", value: quoted(settings.database))]),
            Section(name: "history", lines: history(settings.history)),
            Section(
                name: "",
                lines: [Line(key: "log", value: quoted(settings.logPath ?? "syslog"))]),
            Section(name: "metrics", lines: metrics(settings.metrics)),
            Section(name: "legacy", lines: legacy(settings.original)),
        ]
    }

    private static func object(_ object: TestObject) -> [Line] {
        let url = ObjectURL(
            scheme: object.scheme, host: object.host, port: object.port, path: object.path)
        var lines = [
            Line(key: "url", value: quoted(url.text)),
            Line(key: "local", value: quoted(object.localFile)),
        ]
        switch object.trust {
        case .system: break
        case .bundle(let path): lines.append(Line(key: "verify", value: quoted(path)))
        case .unchecked: lines.append(Line(key: "verify", value: "false"))
        }
        if object.sendsEdgeNameAsHost { lines.append(Line(key: "send_edge_name", value: "true")) }
        return lines
    }

    private static func probe(_ settings: NetworkSettings) -> [Line] {
        let probe = settings.probe
        var lines = [
            Line(key: "interval", value: DurationText.text(settings.interval)),
            Line(key: "timeout", value: DurationText.text(probe.timeout)),
            Line(key: "attempts", value: String(probe.attempts)),
            Line(key: "families", value: list(probe.families.sorted().map(\.rawValue))),
            Line(key: "concurrency", value: String(probe.minimumConcurrency)),
            Line(key: "user_agent", value: quoted(probe.userAgent)),
        ]
        if !settings.references.isEmpty {
            let texts = settings.references.map { target in
                target.address.family == .ipv6
                    ? "[\(target.address)]:\(target.port)" : "\(target.address):\(target.port)"
            }
            lines.append(Line(key: "references", value: list(texts)))
        }
        return lines
    }

    private static func judge(_ judge: JudgeSettings) -> [Line] {
        [
            Line(key: "rule", value: "classic"),
            Line(key: "good_enough", value: DurationText.text(judge.goodEnough)),
            Line(key: "keep", value: judge.keep.rawValue),
            Line(key: "window", value: DurationText.text(judge.window)),
            Line(key: "samples", value: String(judge.keptSamples)),
        ]
    }

    private static func dns(_ dns: DNSSettings) -> [Line] {
        let seconds = { (value: UInt32) in DurationText.text(.seconds(Int64(value))) }
        return [
            Line(key: "primary", value: quoted(dns.primary)),
            Line(key: "mailbox", value: quoted(dns.mailbox)),
            Line(key: "name_servers", value: list(dns.nameServers)),
            Line(key: "rotate", value: list(dns.rotatedLabels.map(\.text))),
            Line(key: "ttl", value: seconds(dns.ttl)),
            Line(
                key: "soa", value: "",
                children: [
                    Line(key: "ttl", value: seconds(dns.soa.ttl)),
                    Line(key: "refresh", value: seconds(dns.soa.refresh)),
                    Line(key: "retry", value: seconds(dns.soa.retry)),
                    Line(key: "expire", value: seconds(dns.soa.expire)),
                    Line(key: "negative", value: seconds(dns.soa.minimum)),
                ]),
            Line(key: "maximum_answer", value: String(dns.maximumAnswerSize)),
        ] + (dns.signing.map { [Line(key: "signed", value: $0.rawValue)] } ?? [])
    }

    private static func publish(_ settings: NetworkSettings) -> [Line] {
        [
            Line(key: "directory", value: quoted(settings.publish.directory)),
            settings.publish.checker.map { Line(key: "checker", value: list($0)) },
            settings.commands.afterChanges.map { Line(key: "reload", value: quoted($0)) },
            settings.publish.template.map { Line(key: "zone_template", value: quoted($0)) },
        ].compactMap { $0 }
    }

    private static func commands(_ commands: RoundCommands) -> [Line] {
        [
            commands.before.map { Line(key: "before", value: quoted($0)) },
            commands.after.map { Line(key: "after", value: quoted($0)) },
        ].compactMap { $0 }
    }

    private static func metrics(_ metrics: MetricsSettings) -> [Line] {
        let file = metrics.file.map { [Line(key: "file", value: quoted($0))] } ?? []
        return file + (metrics.original ? [Line(key: "original", value: "true")] : [])
    }

    /// Only what is not the default: the original has no such keys.
    private static func history(_ history: HistorySettings) -> [Line] {
        let usual = HistorySettings()
        return [
            ("minutes", history.minutes, usual.minutes), ("hours", history.hours, usual.hours),
            ("days", history.days, usual.days), ("audit", history.audit, usual.audit),
        ].filter { $0.1 != $0.2 }.map { Line(key: $0.0, value: DurationText.text($0.1)) }
    }

    private static func legacy(_ files: OriginalFiles) -> [Line] {
        [
            ("health_store", files.healthStore), ("state_file", files.stateFile),
            ("live_list", files.liveList), ("lock_file", files.lockFile),
            ("prometheus", files.prometheusDirectory),
        ].compactMap { key, path in path.map { Line(key: key, value: quoted($0)) } }
    }

    /// What only a network has.
    private static func networkSection(_ settings: NetworkSettings) -> Section {
        let selection = settings.selection
        var lines = [edges(settings.edges)]
        lines.append(Line(key: "live", value: String(selection.liveCount)))
        if let minLive = selection.minLive {
            lines.append(Line(key: "min_live", value: String(minLive)))
        }
        let usual = SelectionSettings.usualBudget(
            liveCount: selection.liveCount, judge: settings.judge)
        if selection.substitutionBudget != usual {
            lines.append(Line(key: "budget", value: String(selection.substitutionBudget)))
        }
        lines += capacity(selection.capacity)
        lines.append(Line(key: "zones", value: quoted(settings.zoneIncludes)))
        if let canaries = canaries(settings.canaries) { lines.append(canaries) }
        if let killer = selection.canaryKiller {
            lines.append(Line(key: "canary_killer", value: String(killer)))
        }
        return Section(name: "", lines: lines)
    }

    private static func capacity(_ capacity: CapacitySettings) -> [Line] {
        let others = capacity.others.map(number)
        var lines: [Line] = []
        if capacity.edges.isEmpty {
            lines += others.map { [Line(key: "capacity", value: $0)] } ?? []
        } else {
            var children = others.map { [Line(key: SectionReader.otherEdges, value: $0)] } ?? []
            children += capacity.edges.sorted { $0.key < $1.key }.map { edge, value in
                Line(key: quoted(edge.text), value: number(value))
            }
            lines.append(Line(key: "capacity", value: "", children: children))
        }
        lines += capacity.load.map { [Line(key: "load", value: number($0))] } ?? []
        return lines
    }

    private static func edges(_ source: EdgeSource) -> Line {
        switch source {
        case .inline(let names): return Line(key: "edges", value: list(names.map(\.text)))
        case .files(let path, extra: nil): return Line(key: "edges", value: quoted(path))
        case .files(let path, let extra?):
            let files = [
                Line(key: "file", value: quoted(path)), Line(key: "extra", value: quoted(extra)),
            ]
            return Line(key: "edges", value: "", children: files)
        }
    }

    private static func canaries(_ source: CanarySource) -> Line? {
        switch source {
        case .file(let path): return Line(key: "canaries", value: quoted(path))
        case .inline(let map):
            if map.isEmpty { return nil }
            let children = map.sorted { $0.key < $1.key }.map { zone, address in
                Line(key: quoted(zone.text), value: quoted(address.description))
            }
            return Line(key: "canaries", value: "", children: children)
        }
    }
}
