internal import EdgeCore

/// The shapes of answers, by their names in the document. None has more members than it names, so that whoever adds
/// one to a view is told to name it here.
enum APISchemas {
    static var all: [String: DocumentValue] {
        own.merging(status) { $1 }.merging(explanation) { $1 }.merging(past) { $1 }
    }

    private static let own: [String: DocumentValue] = [
        "Error": .members(["error": .words, "code": .words]),
        "Document": ["type": "object", "required": ["openapi", "paths"]],
        "Reply": .members(["done": .texts, "warnings": .texts, "applied": .truth]),
        "NetworkHealth": .members([
            "network": .words, "lastRound?": .time, "trouble?": .words, "fresh": .truth,
        ]),
        "Health": .members([
            "version": .words, "process": .whole, "since": .time, "configuration": .words,
            "configurationRead": .time, "configurationTrouble?": .words, "listenTrouble?": .words,
            "networks": .list(of: .reference("NetworkHealth")),
        ]),
        "Networks": .members([
            "schema": .form, "networks": .list(of: .reference("NetworkHealth")),
        ]),
        "Zone": .members(["name": .words, "serial": .serial, "notes": .texts]),
        "Zones": .members([
            "schema": .form, "network": .words, "zones": .list(of: .reference("Zone")),
            "next?": .words,
        ]),
    ]

    private static let status: [String: DocumentValue] = [
        "Status": .members([
            "schema": .form, "network": .words, "generation": .whole, "lastRun?": .time,
            "secondsSinceLastRun?": .whole, "wanted": .whole, "minimum": .whole, "live": .texts,
            "budgetRemaining": .whole, "budget": .whole, "zones": .whole,
            "edges": .list(of: .reference("Edge")), "holds": .list(of: .reference("Hold")),
            "goodEnoughSeconds": .seconds, "servers": .list(of: .reference("Server")),
            "rotationHold?": .words, "asOf": .time, "troubles": .texts, "lastFailure?": .words,
            "overdue?": .words, "degraded": .texts,
        ]),
        "Edge": .members([
            "edge": .words, "role": .one(of: ["edge", "canary"]),
            "state?": .one(of: ["in", "out"]), "mode": .one(of: Mode.allCases.map(\.rawValue)),
            "health?": .words, "fetchSeconds?": .seconds, "windowMeanSeconds?": .seconds,
            "meanSeconds?": .seconds, "lastOutcome?": .words, "detail": .words,
            "comment": .words, "modeUntil?": .time, "since?": .time,
            "hour?": .reference("Hour"), "address?": .words,
        ]),
        "Edges": .members([
            "schema": .form, "network": .words, "edges": .list(of: .reference("Edge")),
            "next?": .words,
        ]),
        "Hour": .members([
            "cells": .list(of: .members(["medianSeconds?": .seconds, "failed?": .share]))
        ]),
        "Hold": .members([
            "kind": .words, "message": .words, "since": .time, "approvable": .truth,
            "approved": .truth,
        ]),
        "Server": .members([
            "server": .words, "kind": .words, "address": .words,
            "state": .one(of: ["ok", "lags", "silent", "unasked"]), "owed": .whole,
            "since?": .time, "example?": .words, "failure?": .words, "lastTold?": .time,
            "trouble?": .words,
        ]),
    ]

    private static let explanation: [String: DocumentValue] = [
        "Explanation": .members([
            "schema": .form, "network": .words, "asOf": .time, "notes": .texts,
            "edge": .reference("ExplainedEdge"),
        ]),
        "ExplainedEdge": .members([
            "edge": .words, "role": .one(of: ["edge", "canary"]), "isListed": .truth,
            "mode": .one(of: Mode.allCases.map(\.rawValue)), "comment": .words,
            "modeSince?": .time, "modeBy?": .words, "isLive": .truth, "placeSince?": .time,
            "why": .words, "judge": .one(of: ["classic", "steady"]), "health?": .words,
            "rules": .list(of: .reference("Rule")), "outlook": .texts,
            "drain": .reference("Drain"), "probes": .list(of: .reference("Probe")),
            "events": .list(of: .reference("Event")),
        ]),
        "Rule": .members([
            "number": .whole, "rule": .words, "value": .words, "limit": .words,
            "verdict": .one(of: ["yes", "no", "unasked"]), "decides": .truth,
        ]),
        "Drain": .members([
            "isSafe": .truth, "isLive": .truth, "liveBefore": .whole, "liveAfter": .whole,
            "minimum": .whole, "replacements": .texts, "sparesLeft": .whole,
            "budgetLeft": .whole, "held?": .words, "load?": .words,
        ]),
        "Probe": .members([
            "family": .words, "time": .time, "outcome": .words, "isAnswered": .truth,
            "attempts?": .whole, "seconds": .seconds, "phaseSeconds": .map(of: .seconds),
        ]),
        "Event": .members([
            "time": .time, "kind": .one(of: AuditEvent.Kind.allCases.map(\.rawValue)),
            "subject?": .words, "actor": .words, "message": .words,
        ]),
    ]

    private static let past: [String: DocumentValue] = [
        "Uptimes": .members([
            "schema": .form, "network": .words, "asOf": .time,
            "edges": .list(of: .reference("EdgeUptime")), "next?": .words,
        ]),
        "EdgeUptime": .members([
            "edge": .words, "family": .words,
            "windows": .list(
                of: .members([
                    "window": .one(of: UptimeView.windows.map(\.word)), "since?": .time,
                    "probes": .whole, "uptime?": .share, "meanSeconds?": .seconds,
                    "p50Seconds?": .seconds, "p95Seconds?": .seconds, "p99Seconds?": .seconds,
                    "phaseSeconds": .map(of: .seconds), "live": .share,
                ])),
        ]),
        "Events": .members([
            "schema": .form, "network": .words, "events": .list(of: .reference("Event")),
        ]),
        "Generations": .members([
            "schema": .form, "network": .words,
            "generations": .list(of: .reference("Generation")),
        ]),
        "Generation": .members([
            "generation": .whole, "time": .time, "actor": .words, "cause": .words,
            "live": .texts, "added": .list(of: .reference("Change")),
            "removed": .list(of: .reference("Change")),
            "keptBack": .list(of: .reference("Change")), "zones": .whole,
            "causes": .map(of: .whole), "damage?": .words,
        ]),
        "Difference": .members([
            "schema": .form, "network": .words, "from": .whole, "to": .whole,
            "edgesOut": .texts, "edgesIn": .texts, "zones": .list(of: .reference("ZoneChange")),
            "note?": .words, "next?": .words,
        ]),
        "ZoneChange": .members([
            "zone": .words, "action": .one(of: ["new", "gone", "changed"]), "causes": .texts,
            "serial": .serial, "previousSerial?": .serial, "removed": .texts, "added": .texts,
        ]),
        "Change": .members(["edge": .words, "reason": .words]),
        "Alarms": .members([
            "schema": .form, "network": .words, "alarms": .list(of: .reference("Alarm")),
            "receivers": .list(of: .reference("Receiver")), "isQuiet?": .truth,
            "quieted": .whole, "asOf": .time,
        ]),
        "Alarm": .members([
            "kind": .words, "subject": .words, "severity": .words,
            "state": .one(of: ["pending", "firing", "flapping"]), "words": .words,
            "since": .time, "secondsSince": .whole, "told": .texts,
        ]),
        "Receiver": .members([
            "name": .words, "kind": .one(of: ["webhook", "alertmanager", "command"]),
            "waiting": .texts, "sentInHour": .whole, "perHour?": .whole, "failures": .whole,
            "lastFailure?": .words, "heldBack?": .whole, "secondsSinceFailure?": .whole,
            "lastDelivered?": .time, "alerts": .whole,
        ]),
    ]
}
