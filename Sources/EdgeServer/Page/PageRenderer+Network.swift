internal import EdgeCore
internal import Mustache

extension PageRenderer {
    /// One element of the table of edges. Templates find its values by name without looking through all of them: there
    /// are hundreds of rows a round.
    private struct Row: MustacheParent {
        var id: String
        var kind: String
        var edge: String
        var href: String
        var mark: String
        var word: String
        var address: String?
        var mode: String
        var until: String?
        var comment: String?
        var now: String
        var bar: String
        var mean: String
        var spark: String
        var sparkWords: String
        var why: String

        func child(named name: String) -> Any? {
            switch name {
            case "id": id
            case "kind": kind
            case "edge": edge
            case "href": href
            case "mark": mark
            case "word": word
            case "address": address
            case "mode": mode
            case "until": until
            case "comment": comment
            case "now": now
            case "bar": bar
            case "mean": mean
            case "spark": spark
            case "sparkWords": sparkWords
            case "why": why
            default: nil
            }
        }
    }

    /// The rows of a network's edges and canaries, in the order in which they are shown.
    func rows(of network: PageNetwork, hour: [ProbeTarget: Sparkline]) -> [Part] {
        let whys = Dictionary(
            (network.overview?.edges ?? []).map { ($0.edge, $0.why) },
            uniquingKeysWith: { first, _ in first })
        return network.status.edges.map { edge in
            let id = "\(edge.role):\(network.status.network):\(edge.edge)"
            let line = Self.line(of: edge, in: hour)
            let isEdge = edge.role == ProbeTarget.Role.edge.rawValue
            let (mark, word) = edge.standing
            // What a round says first; what the probe said where that tells more than the fetch time does.
            let said = edge.fetchSeconds == nil || !isEdge ? edge.detail : nil
            let why = [isEdge ? whys[edge.edge] : nil, said].compactMap(\.self)
                .joined(separator: "; ")
            return part(
                id, "row",
                Row(
                    id: id, kind: mark.rawValue, edge: edge.edge,
                    href: "/networks/\(network.status.network)/edges/"
                        + PageText.segment(edge.edge),
                    mark: mark.svg, word: word,
                    address: edge.address == edge.edge ? nil : edge.address, mode: edge.mode,
                    until: edge.modeUntil.map { PageText.stamp($0, isShort: false) },
                    comment: edge.comment.isEmpty ? nil : edge.comment,
                    now: PageText.time(edge.fetchSeconds),
                    bar: PageSVG.bar(
                        edge.fetchSeconds, mean: edge.windowMeanSeconds,
                        goodEnough: network.goodEnough),
                    mean: PageText.time(edge.windowMeanSeconds),
                    spark: PageSVG.spark(line, goodEnough: network.goodEnough),
                    sparkWords: PageSVG.words(line), why: why))
        }
    }

    /// The family that decides whether an edge is live is IPv4 where there is one.
    private static func line(
        of edge: StatusView.StatusEdge, in hour: [ProbeTarget: Sparkline]
    ) -> Sparkline? {
        guard let name = EdgeName(edge.edge), let role = ProbeTarget.Role(rawValue: edge.role)
        else { return nil }
        return AddressFamily.allCases.lazy.compactMap {
            hour[ProbeTarget(role: role, name: name, family: $0)]
        }.first
    }
}

extension PageRenderer {
    private struct Head {
        var id: String
        var name: String
        var level: String
        var mark: String
        var sentence: String
        var live: String
        var minimum: Int
        var budgetLeft: Int
        var budget: Int
        var zones: Int
        var generation: Int
        var lastRun: String?
        var monitor: String?
        var hasAlarms: Bool
        var alarms: [Alarm]
        var hasHolds: Bool
        var holds: [Held]
        var hasTroubles: Bool
        var troubles: [String]
        var isHeld: Bool
        var isApprovable: Bool
    }

    private struct Alarm {
        var level: String
        var mark: String
        var severity: String
        var what: String
        var since: String
        var told: String?
    }

    private struct Held {
        var message: String
        var since: String
        var command: String?
    }

    /// What stands above a network's table.
    func head(of network: PageNetwork) -> Part {
        let status = network.status
        let name = status.network
        var holds = status.holds.map { hold in
            Held(
                message: hold.approved
                    ? hold.message + " (approved: the next round does it)" : hold.message,
                since: PageText.stamp(hold.since, isShort: false),
                command: hold.approvable && !hold.approved
                    ? "edgemanage approve\(option) \(name)" : nil)
        }
        if let words = status.rotationHold {
            holds.insert(
                Held(
                    message: words, since: "",
                    command: "edgemanage resume\(option) \(name)"), at: 0)
        }
        let firing = network.firing
        return part(
            "head:\(name)", "head",
            Head(
                id: "head:\(name)", name: name, level: network.level.rawValue,
                mark: network.level.mark.svg, sentence: network.sentence,
                live: status.live.isEmpty ? "none" : status.live.joined(separator: " "),
                minimum: status.minimum, budgetLeft: status.budgetRemaining,
                budget: status.budget, zones: status.zones, generation: status.generation,
                lastRun: status.lastRun.map { PageText.stamp($0) },
                monitor: network.overview.map(\.monitor), hasAlarms: !firing.isEmpty,
                alarms: firing.map(Self.alarm), hasHolds: !holds.isEmpty, holds: holds,
                hasTroubles: !status.troubles.isEmpty, troubles: status.troubles,
                isHeld: status.rotationHold != nil,
                isApprovable: status.holds.contains { $0.approvable && !$0.approved }))
    }

    private static func alarm(_ alarm: AlarmView.Alarm) -> Alarm {
        let level: PageLevel = alarm.severity == .critical ? .bad : .warning
        let what = [alarm.subject, alarm.words].filter { !$0.isEmpty }.joined(separator: ": ")
        return Alarm(
            level: level.rawValue, mark: level.mark.svg, severity: alarm.severity.rawValue,
            what: what + (alarm.state == .flapping ? " (comes and goes)" : ""),
            since: PageText.stamp(alarm.since, isShort: false),
            told: alarm.told.isEmpty ? nil : alarm.told.joined(separator: " "))
    }
}

extension PageRenderer {
    private struct Rest {
        var id: String
        var name: String
        var hasServers: Bool
        var servers: [Server]
        var hasEvents: Bool
        var events: [Event]
        var command: String
    }

    private struct Server {
        var level: String
        var mark: String
        var state: String
        var server: String
        var address: String
        var served: String
        var since: String?
        var words: String
    }

    /// One line of the audit log.
    struct Event {
        var time: String
        var kind: String
        var actor: String
        var message: String

        init(_ event: LogView.Event) {
            time = PageText.stamp(event.time, isShort: false)
            kind = event.kind.replacing("_", with: " ")
            actor = event.actor
            message = event.message
        }
    }

    /// What stands below a network's table.
    func rest(of network: PageNetwork) -> Part {
        let status = network.status
        let events = (network.overview?.events ?? []).reversed().map(Event.init)
        return part(
            "rest:\(status.network)", "rest",
            Rest(
                id: "rest:\(status.network)", name: status.network,
                hasServers: !status.servers.isEmpty,
                servers: status.servers.map { Self.server($0, zones: status.zones) },
                hasEvents: !events.isEmpty, events: events,
                command: "edgemanage log\(option) \(status.network)"))
    }

    /// What stands above and below the table of a network that can't be read; it has no rows then.
    func unreadable(_ network: NetworkName, because reason: String) -> [Part] {
        let name = network.text
        return [
            part(
                "head:\(name)", "unreadable",
                [
                    "id": "head:\(name)", "name": name, "level": PageLevel.bad.rawValue,
                    "mark": PageLevel.bad.mark.svg,
                    "sentence": "What is known of this network can't be read now.",
                    "reason": reason,
                ]),
            part(
                "rest:\(name)", "rest",
                Rest(
                    id: "rest:\(name)", name: name, hasServers: false, servers: [],
                    hasEvents: false, events: [], command: "")),
        ]
    }

    private static func server(_ server: StatusServer, zones: Int) -> Server {
        let level: PageLevel =
            switch server.state {
            case "silent": .bad
            case "ok": .well
            default: .warning
            }
        let words = [server.example, server.failure.map { "last told in vain: \($0)" }]
        let isKnown = server.state == "ok" || server.state == "lags"
        return Server(
            level: level.rawValue, mark: level.mark.svg,
            state: server.state == "ok" ? "serves" : server.state, server: server.server,
            address: "\(server.kind), \(server.address)",
            served: isKnown ? "\(max(0, zones - server.owed)) of \(zones)" : "not known",
            since: server.since.map { PageText.stamp($0, isShort: false) },
            words: words.compactMap(\.self).joined(separator: "; "))
    }
}
