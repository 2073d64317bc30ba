internal import EdgeCore

extension PageRenderer {
    private struct EdgeHead {
        var network: String
        var edge: String
        var kind: String
        var mark: String
        var word: String
        var why: String
        var mode: String
        var modeSince: String?
        var modeBy: String?
        var comment: String?
        var place: String
        var placeSince: String?
        var health: String
        var judge: String
        var isSafe: Bool
        var drain: [String]
        var isListed: Bool
        var isAvailable: Bool
        var commands: [String]
    }

    private struct Rule {
        var number: Int
        var rule: String
        var value: String
        var limit: String
        var verdict: String
        var word: String
        var decides: Bool
    }

    private struct Window {
        var window: String
        var uptime: String
        var probes: Int
        var p50: String
        var p95: String
        var p99: String
        var live: String
    }

    private struct Probe {
        var kind: String
        var time: String
        var family: String
        var outcome: String
        var attempts: String
        var resolve: String
        var connect: String
        var tls: String
        var processing: String
        var transfer: String
    }

    /// The parts of an edge's page, in their order.
    func edge(_ view: PageEdge, of network: NetworkName) -> [Part] {
        let edge = view.explained
        let chart = PageChart(history: view.hour, goodEnough: view.goodEnough)
        let windows = (view.uptime?.windows ?? []).filter { $0.probes > 0 }.map(Self.window)
        let rules = edge.rules.map(Self.rule)
        let probes = edge.probes.reversed().map(Self.probe)
        let events = edge.events.reversed().map(Event.init)
        let command = "edgemanage log\(option) \(network) --edge \(PageText.shell(edge.edge))"
        return [
            edgeHead(edge, of: network),
            part("edge-chart", "edge-chart", ["chart": chart.svg(), "words": chart.words]),
            part(
                "edge-rules", "edge-rules",
                [
                    "hasRules": !rules.isEmpty, "rules": rules,
                    "hasOutlook": !edge.outlook.isEmpty, "outlook": edge.outlook,
                ] as [String: Any]),
            part(
                "edge-uptime", "edge-uptime",
                ["hasWindows": !windows.isEmpty, "windows": windows] as [String: Any]),
            part(
                "edge-probes", "edge-probes",
                ["hasProbes": !probes.isEmpty, "probes": probes] as [String: Any]),
            part(
                "edge-events", "edge-events",
                [
                    "id": "edge", "hasEvents": !events.isEmpty, "events": events,
                    "command": command,
                ] as [String: Any]),
        ]
    }

    private func edgeHead(_ edge: ExplainedEdge, of network: NetworkName) -> Part {
        let (mark, word) = edge.standing
        let name = PageText.shell(edge.edge)
        let isAvailable = edge.mode == Mode.available.rawValue
        return part(
            "edge-head", "edge-head",
            EdgeHead(
                network: network.text, edge: edge.edge, kind: mark.rawValue, mark: mark.svg,
                word: word, why: edge.why, mode: edge.mode,
                modeSince: edge.modeSince.map { PageText.stamp($0, isShort: false) },
                modeBy: edge.modeBy, comment: edge.comment.isEmpty ? nil : edge.comment,
                place: edge.isLive ? "Live" : "Not live",
                placeSince: edge.placeSince.map { PageText.stamp($0, isShort: false) },
                health: edge.health ?? "not yet", judge: edge.judge, isSafe: edge.drain.isSafe,
                drain: edge.drain.words, isListed: edge.isListed, isAvailable: isAvailable,
                commands: isAvailable
                    ? ["edgemanage drain\(option) \(name) -m \"why\" --for 2h"]
                    : ["edgemanage undrain\(option) \(name)"]))
    }

    private static func rule(_ rule: ExplainedRule) -> Rule {
        let word =
            switch rule.verdict {
            case .yes: "✓ ok"
            case .no: "✗ no"
            case .unasked: "– not asked"
            }
        return Rule(
            number: rule.number, rule: rule.rule, value: rule.value, limit: rule.limit,
            verdict: rule.verdict.rawValue, word: word, decides: rule.decides)
    }

    private static func window(_ window: UptimeView.Window) -> Window {
        Window(
            window: window.window, uptime: percent(window.uptime), probes: window.probes,
            p50: PageText.time(window.p50Seconds), p95: PageText.time(window.p95Seconds),
            p99: PageText.time(window.p99Seconds), live: percent(window.live))
    }

    /// At most 100 %, and 100 % only when it is all.
    private static func percent(_ share: Double?) -> String {
        guard let share else { return "–" }
        return share >= 1 ? "100 %" : "\(PageSVG.number((share * 1000).rounded(.down) / 10)) %"
    }

    private static func probe(_ probe: ExplainedProbe) -> Probe {
        func time(_ phase: ProbePhase) -> String {
            PageText.time(probe.phaseSeconds[phase.rawValue])
        }
        return Probe(
            kind: probe.isAnswered ? "answered" : "missed", time: PageText.stamp(probe.time),
            family: probe.family,
            outcome: probe.outcome + (probe.isAnswered ? "" : " (not answered)"),
            attempts: probe.attempts.map { "\($0)" } ?? "–", resolve: time(.resolve),
            connect: time(.connect), tls: time(.tls), processing: time(.processing),
            transfer: time(.transfer))
    }
}

extension ExplainedEdge {
    /// The state's shape and word.
    fileprivate var standing: (mark: PageMark, word: String) {
        let isBlocked = health == Verdict.blockedWord
        let state = BoardState(
            isLive: isLive, mode: mode, health: health, isBlocked: isBlocked)
        return (PageMark(state.signed(isLive: isLive)), state.rawValue)
    }
}
