extension ExplainView {
    /// The view as text, a line a fact.
    public func text() -> [String] {
        var lines: [String] = []
        if let edge { lines += text(edge) }
        if let zone { lines += text(zone) }
        if let overview { lines += text(overview) }
        if !notes.isEmpty { lines += [""] + notes.map { Self.printable("note: \($0)") } }
        return lines
    }

    private var place: String {
        let now = evidenceSince == nil ? "" : ", at \(Self.time(asOf))"
        return "network \(network)\(now)"
    }

    // MARK: Edge

    private func text(_ edge: ExplainedEdge) -> [String] {
        let by = edge.modeBy.map { " by \($0)" } ?? ""
        let since = edge.modeSince.map { ", since \(Self.time($0))\(by)" } ?? ""
        let comment = edge.comment.isEmpty ? "" : ": \(edge.comment)"
        let place = edge.placeSince.map { ", since \(Self.time($0))" } ?? ""
        var lines = ["\(edge.role) \(edge.edge) in \(self.place)"]
        lines += Self.line("mode: \(edge.mode)\(since)\(comment)")
        lines += Self.line("live: \(edge.isLive ? "yes" : "no")\(place)")
        lines += Self.line("why: \(edge.why)")
        lines += ["", "judge: \(edge.judge), \(edge.health ?? "not judged yet")"]
        lines += rules(edge.rules)
        if !edge.outlook.isEmpty {
            lines += [""] + edge.outlook.map { Self.printable("next: \($0)") }
        }
        if edge.role == ProbeTarget.Role.edge.rawValue {
            lines += [""] + Self.line("safe to drain? \(edge.drain.words[0])")
            lines += edge.drain.words.dropFirst().map { Self.printable("  \($0)") }
        }
        for family in AddressFamily.allCases {
            let probes = edge.probes.filter { $0.family == family.rawValue }
            if !probes.isEmpty {
                lines += ["", "last probes over \(family.rawValue):"] + table(probes)
            }
        }
        return lines + self.events(edge.events)
    }

    private func rules(_ rules: [ExplainedRule]) -> [String] {
        guard !rules.isEmpty else { return [] }
        var table = TextTable(header: ["", "", "RULE", "IS", "LIMIT", ""], rightAligned: [1])
        for rule in rules {
            let answer =
                switch rule.verdict {
                case .yes: "ok"
                case .no: "no"
                case .unasked: "-"
                }
            table.add([
                rule.decides ? ">" : "", "\(rule.number)", rule.rule, rule.value, rule.limit,
                answer,
            ])
        }
        return table.lines()
    }

    private func table(_ probes: [ExplainedProbe]) -> [String] {
        let columns: [(String, ProbePhase)] = [
            ("RESOLVE", .resolve), ("CONNECT", .connect), ("TLS", .tls), ("PROCESS", .processing),
            ("TRANSFER", .transfer),
        ]
        var table = TextTable(
            header: ["TIME UTC", "OUTCOME", "TRIES"] + columns.map(\.0),
            rightAligned: [2, 3, 4, 5, 6, 7])
        for probe in probes {
            let outcome = probe.isAnswered && !probe.outcome.hasPrefix("ok") ? "ok, then " : ""
            table.add(
                [
                    String(UnixTime(seconds: probe.time).dateText.suffix(8)),
                    (outcome + probe.outcome).shortened(to: 18),
                    probe.attempts.map { "\($0)" } ?? "-",
                ]
                    + columns.map { column in
                        probe.phaseSeconds[column.1.rawValue]
                            .map { Duration.seconds($0).shortSeconds } ?? "-"
                    })
        }
        return table.lines()
    }

    // MARK: Zone

    private func text(_ zone: ExplainedZone) -> [String] {
        var lines = ["zone \(zone.zone) in \(place)"]
        lines += Self.line(
            "published: serial \(zone.serial), \(zone.addresses.isEmpty ? "no address" : zone.addresses.joined(separator: " "))"
        )
        if let canary = zone.canary {
            let place =
                zone.canaryReplaces.map { " in the place of \($0)" } ?? " beside the live edges"
            lines += Self.line("canary: \(canary)\(place)")
        }
        if let number = zone.generation, let time = zone.published {
            let why = zone.causes.isEmpty ? "" : " because \(zone.causes.joined(separator: ", "))"
            lines += Self.line(
                "since: generation \(number), \(Self.time(time)), by \(zone.actor ?? "-")\(why)")
        }
        let accepted = zone.isIncludeAccepted ? "" : "; the present file was not accepted"
        lines += Self.line("include: revision \(zone.includeRevision)\(accepted)")
        lines += Self.line("template: \(zone.template ?? "built-in")")
        lines += zone.holds.map { Self.printable("held: \($0)") }
        for server in zone.servers {
            lines += Self.line("name server \(server.server): \(server.detail)")
        }
        return lines + events(zone.events)
    }

    // MARK: Network

    private func text(_ network: ExplainedNetwork) -> [String] {
        let live = network.edges.filter(\.isLive)
        var lines = [
            "\(place), generation \(network.generation)",
            "\(network.count.words); at least \(network.minimum) stay live",
            "substitutions left in 10 minutes: \(network.budgetRemaining) of \(network.budget)",
        ]
        lines += Self.line("monitor: \(network.monitor)")
        lines += network.holds.map { Self.printable("held: \($0)") }
        for (title, edges) in [
            ("live:", live), ("next, in the order of choice:", network.edges.filter { !$0.isLive }),
        ] where !edges.isEmpty {
            lines += ["", title]
            for edge in edges {
                let words = [edge.mode == Mode.available.rawValue ? nil : edge.mode, edge.health]
                let known = words.compactMap(\.self).joined(separator: ", ")
                let mode = known.isEmpty ? "" : " (\(known))"
                let since = edge.liveSince.map { ", since \(Self.time($0))" } ?? ""
                lines += Self.line("  \(edge.edge)\(mode)\(since): \(edge.why)")
            }
        }
        return lines + events(network.events)
    }

    // MARK: Parts

    private func events(_ events: [LogView.Event]) -> [String] {
        guard !events.isEmpty else { return [] }
        return ["", "last events:"]
            + events.map {
                Self.printable("  \(Self.time($0.time)) \($0.actor): \($0.message)")
            }
    }

    private static func time(_ seconds: Int64) -> String { UnixTime(seconds: seconds).words }

    private static func line(_ text: String) -> [String] { [printable(text)] }

    /// No text from outside moves a cursor.
    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.map {
                $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : Character($0)
            })
    }
}
