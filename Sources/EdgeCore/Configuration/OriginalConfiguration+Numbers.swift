extension OriginalConfiguration {
    static func readInterval(_ top: SectionReader) -> Duration {
        let day = Duration.seconds(86_400)
        guard let interval = top.duration("run_frequency", atLeast: .seconds(1), atMost: day) else {
            return .seconds(60)
        }
        if interval < .seconds(60) {
            top.problems.warning(
                "\"run_frequency\" is below 60 seconds; the daemon refuses to start with it",
                at: top.place("run_frequency"))
        }
        return interval
    }

    static func readProbe(_ top: SectionReader) -> ProbeSettings {
        var probe = ProbeSettings()
        if let timeout = top.duration("timeout", atMost: .seconds(86_400)) {
            probe.timeout = min(timeout, ProbeSettings.maximumTimeout)
            if timeout > ProbeSettings.maximumTimeout {
                top.problems.warning(
                    "\"timeout\" is taken as 15 seconds, the most it may be, since a round must "
                        + "end",
                    at: top.place("timeout"))
            }
        }
        if let attempts = top.integer("retry", in: 0...100) {
            probe.attempts = max(attempts, 1)
            if attempts == 0 {
                top.problems.warning(
                    "\"retry\" counts the attempts in all; 0 is taken as 1", at: top.place("retry"))
            }
        }
        probe.minimumConcurrency = top.integer("workers", in: 1...1024) ?? 1
        probe.families = top.families("families") ?? probe.families
        if let agent = top.text("user_agent") { probe.userAgent = agent }
        return probe
    }

    static func readJudge(_ top: SectionReader, probe: ProbeSettings) -> JudgeSettings {
        var judge = JudgeSettings()
        if let goodEnough = top.duration("goodenough", atMost: .seconds(86_400)) {
            judge.goodEnough = goodEnough
            if goodEnough >= probe.timeout {
                top.problems.warning(
                    "\"goodenough\" is not below the timeout of "
                        + "\(DurationText.text(probe.timeout)): every "
                        + "answer in time is good enough", at: top.place("goodenough"))
            }
        }
        judge.keep = top.word("keep", as: JudgeSettings.Keep.self) ?? judge.keep
        return judge
    }

    static func readSelection(_ top: SectionReader) -> Selection {
        let edgeCount = top.integer("edge_count", in: 1...10_000)
        let edgeCounts = readEdgeCounts(top)
        if top.node("edge_count") == nil && top.node("dnet_edge_count") == nil {
            top.missing("edge_count", example: "4")
        }
        let minLive = top.integer("min_live", in: 1...10_000)
        let largest = max(edgeCount ?? 0, edgeCounts.values.max() ?? 0)
        if let minLive, largest > 0, minLive > largest {
            top.problems.error(
                "\"min_live\" is \(minLive), more than the \(largest.counted("edge")) kept live",
                at: top.place("min_live"))
        }
        return Selection(
            edgeCount: edgeCount, edgeCounts: edgeCounts, minLive: minLive,
            budget: readBudget(top), canaryKiller: readCanaryKiller(top))
    }

    private static func readEdgeCounts(_ top: SectionReader) -> [NetworkName: Int] {
        guard let section = top.section("dnet_edge_count", keys: nil) else { return [:] }
        var counts: [NetworkName: Int] = [:]
        for entry in section.all {
            guard let network = NetworkName(entry.key) else {
                section.problems.error(
                    "\"dnet_edge_count\": \"\(entry.key)\" is no network's name (letters, "
                        + "digits, . - _)",
                    at: entry.keyPosition)
                continue
            }
            counts[network] = section.integer(entry.key, in: 1...10_000)
        }
        return counts
    }

    private static func readBudget(_ top: SectionReader) -> Int? {
        let key = "dnschange_maxfreq"
        guard let node = top.node(key), SectionReader.truth(node) != false,
            let budget = top.integer(key, in: 0...1_000_000)
        else { return nil }
        if budget == 0 {
            top.problems.warning(
                "\"\(key)\" of 0 would forbid every replacement; it is taken as absent: one for "
                    + "each "
                    + "live edge in 10 minutes", at: node.position)
            return nil
        }
        return budget
    }

    private static func readCanaryKiller(_ top: SectionReader) -> Int? {
        guard let node = top.node("canary_killer"), SectionReader.truth(node) != false else {
            return nil
        }
        let limit = top.integer("canary_killer", in: 0...1_000_000)
        return limit == 0 ? nil : limit
    }

    /// Warns of paths that mean another file in each working directory.
    static func tellRelativePaths(_ top: SectionReader) {
        let keys = [
            "healthdata_store", "edgelist_dir", "extra_edgelist_dir", "statefile", "logpath",
            "lockfile", "zonetemplate_dir", "named_dir", "live_list", "canary_files",
            "prometheus_logs", "database", "zone_template",
        ]
        for key in keys {
            guard case .scalar(let text, _)? = top.node(key)?.content, !text.hasPrefix("/") else {
                continue
            }
            top.problems.warning(
                "\"\(key)\" is relative to the directory that each command is started in; write "
                    + "it from "
                    + "the root", at: top.place(key))
        }
    }
}
