/// Reads `alarms`: who is told, of what, when and how often.
struct Version1Alarms {
    let section: SectionReader
    let resolve: (String) -> String

    /// The most receivers of one network.
    static let maximumReceivers = 32
    private static let day = Duration.seconds(86_400)

    func read() -> AlarmSettings {
        var settings = AlarmSettings()
        settings.remind = remind(section) ?? settings.remind
        if settings.remind == .zero { settings.remind = nil }
        settings.quiet = quiet()
        settings.pace =
            section.isOff("pace")
            ? .zero : section.duration("pace", atMost: Self.day) ?? settings.pace
        settings.flapping =
            section.isOff("flapping")
            ? nil : section.integer("flapping", in: 2...30) ?? settings.flapping
        settings.perHour = section.integer("per_hour", in: 1...10_000) ?? settings.perHour
        settings.edges = section.word("edges", as: AlarmSettings.Edges.self) ?? settings.edges
        settings.certificate =
            section.duration("certificate", atLeast: .seconds(3600), atMost: Self.day * 365)
            ?? settings.certificate
        settings.timeout =
            section.duration("timeout", atLeast: .milliseconds(100), atMost: .seconds(60))
            ?? settings.timeout
        settings.rules = rules()
        settings.receivers = receivers()
        return settings
    }

    /// Zero: never; nil: not said.
    private func remind(_ reader: SectionReader) -> Duration? {
        reader.isOff("remind")
            ? .zero
            : reader.duration("remind", atLeast: .seconds(60), atMost: Self.day * 30)
    }

    private func quiet() -> QuietHours? {
        guard section.node("quiet") != nil, !section.isOff("quiet"),
            let text = section.text("quiet")
        else { return nil }
        if let hours = QuietHours(text) { return hours }
        section.problems.error(
            "\"\(section.name("quiet"))\" must be two different times of day, as 22:00-07:00, not "
                + "\"\(text)\"", at: section.place("quiet"))
        return nil
    }

    private func rules() -> [AlarmKind: AlarmRule] {
        var rules: [AlarmKind: AlarmRule] = [:]
        let keys = Version1Keys.alarmKinds
        guard let kinds = section.section("kinds", keys: keys) else { return rules }
        for kind in AlarmKind.allCases where kinds.entry(kind.rawValue) != nil {
            var rule = AlarmRule(kind)
            if kinds.isOff(kind.rawValue) {
                rule.isOn = false
            } else if let own = kinds.section(kind.rawValue, keys: Version1Keys.alarmKind) {
                rule.after = threshold(own) ?? rule.after
                rule.severity = own.word("severity", as: AlarmSeverity.self)
                rule.remind = remind(own)
            }
            rules[kind] = rule
        }
        return rules
    }

    private func threshold(_ reader: SectionReader) -> AlarmThreshold? {
        guard let text = reader.text("after") else { return nil }
        if let threshold = AlarmThreshold(text) { return threshold }
        section.problems.error(
            "\"\(reader.name("after"))\" must be a number of rounds or a time, as \"2 rounds\" or 2m, not "
                + "\"\(text)\"", at: reader.place("after"))
        return nil
    }

    private func receivers() -> [AlarmReceiver] {
        var receivers: [AlarmReceiver] = []
        for (index, node) in (section.list("receivers", limit: Self.maximumReceivers) ?? [])
            .enumerated()
        {
            let reader = SectionReader(
                node, path: "\(section.name("receivers"))[\(index + 1)]", at: node.position,
                keys: Version1Keys.receiver, rules: section.rules, problems: section.problems)
            guard let reader, let receiver = receiver(reader) else { continue }
            if receivers.contains(where: { $0.name == receiver.name }) {
                section.problems.error(
                    "two receivers of alarms are called \"\(receiver.name)\": give one another name",
                    at: reader.place("name"))
                continue
            }
            receivers.append(receiver)
        }
        return receivers
    }

    private enum Kind: String, CaseIterable {
        case webhook, alertmanager, command
    }

    private func receiver(_ reader: SectionReader) -> AlarmReceiver? {
        let name = name(reader)
        guard reader.node("kind") != nil else {
            reader.missing("kind", example: "webhook, alertmanager or command")
            return nil
        }
        guard let kind = reader.word("kind", as: Kind.self) else { return nil }
        tellUseless(reader, kind)
        guard let way = way(reader, kind), let name else { return nil }
        return AlarmReceiver(
            name: name, way: way, severities: words(reader, "severities", as: AlarmSeverity.self),
            kinds: words(reader, "kinds", as: AlarmKind.self), networks: networks(reader),
            retries: reader.integer("retries", in: 1...1000) ?? 10,
            timeout: reader.duration("timeout", atLeast: .milliseconds(100), atMost: .seconds(60))
                ?? .seconds(5))
    }

    private func name(_ reader: SectionReader) -> ReceiverName? {
        guard let text = reader.requiredText("name", example: "ops") else { return nil }
        if let name = ReceiverName(text) { return name }
        section.problems.error(
            "\"\(reader.name("name"))\": \"\(text)\" is no name; use letters, digits, . - and _",
            at: reader.place("name"))
        return nil
    }

    private func way(_ reader: SectionReader, _ kind: Kind) -> AlarmReceiver.Way? {
        switch kind {
        case .webhook: return webhook(reader).map { .webhook($0) }
        case .alertmanager: return webhook(reader).map { .alertmanager($0) }
        case .command:
            guard reader.node("command") != nil else {
                reader.missing("command", example: "[/usr/local/bin/page, ops]")
                return nil
            }
            return reader.arguments("command").map { .command($0) }
        }
    }

    /// Keys that are for another kind of receiver.
    private func tellUseless(_ reader: SectionReader, _ kind: Kind) {
        let useless =
            switch kind {
            case .webhook: ["command"]
            case .alertmanager: ["command", "template", "retries"]
            case .command: ["url", "template", "headers", "secret", "ca"]
            }
        for key in useless where reader.node(key) != nil {
            section.problems.warning(
                "\"\(reader.name(key))\" has no effect with \"kind: \(kind.rawValue)\"",
                at: reader.place(key))
        }
    }

    private func webhook(_ reader: SectionReader) -> AlarmWebhook? {
        guard let text = reader.requiredText("url", example: "https://chat.example.net/hooks/ops")
        else { return nil }
        var webhook = AlarmWebhook(
            url: text, headers: headers(reader),
            secretFile: reader.optionalPath("secret", resolve: resolve),
            template: reader.optionalPath("template", resolve: resolve),
            authorities: reader.optionalPath("ca", resolve: resolve))
        // A root without a path is its slash.
        let isBare = text.firstRange(of: "://").map { !text[$0.upperBound...].contains("/") }
        if isBare ?? false { webhook.url += "/" }
        let plain = webhook.url.replacing(AlarmWebhook.placeholder, with: "x")
        switch ObjectURL.parse(plain) {
        case .success(let url):
            if url.scheme == .http, webhook.secretFile != nil, !Self.isLocal(url.host) {
                section.problems.warning(
                    "\"\(reader.name("url"))\" sends the secret without encryption: write https://",
                    at: reader.place("url"))
            }
        case .failure(let refusal):
            section.problems.error(
                "\"\(reader.name("url"))\": \(refusal.reason)", at: reader.place("url"))
            return nil
        }
        if webhook.hasPlaceholder, webhook.secretFile == nil {
            section.problems.error(
                "\"\(reader.path)\" has \(AlarmWebhook.placeholder) in it and no \"secret\" that takes its "
                    + "place: name the file", at: reader.place("url"))
            return nil
        }
        return webhook
    }

    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "::1"
    }

    /// Headers that the request has of its own.
    private static let ownHeaders = [
        "host", "content-length", "transfer-encoding", "connection", "content-type",
    ]

    private func headers(_ reader: SectionReader) -> [String: String] {
        var headers: [String: String] = [:]
        guard let map = reader.section("headers", keys: nil) else { return headers }
        for entry in map.all {
            // RFC 9110 §5.6.2.
            let isToken =
                !entry.key.isEmpty && entry.key.utf8.count <= 64
                && entry.key.utf8.allSatisfy {
                    (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
            guard isToken, !Self.ownHeaders.contains(entry.key.lowercased()) else {
                section.problems.error(
                    "\"\(map.path)\": \"\(entry.key)\" is no header of your own: letters, digits, - and _, "
                        + "and none that the request has anyway", at: entry.keyPosition)
                continue
            }
            guard let value = map.text(entry.key) else { continue }
            guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                section.problems.error(
                    "\"\(map.name(entry.key))\" must be printable ASCII", at: map.place(entry.key))
                continue
            }
            headers[entry.key] = value
        }
        return headers
    }

    private func words<Word: RawRepresentable & CaseIterable & Hashable>(
        _ reader: SectionReader, _ key: String, as type: Word.Type
    ) -> Set<Word> where Word.RawValue == String {
        var words: Set<Word> = []
        for (text, position) in reader.texts(key, limit: 32) ?? [] {
            if let word = Word(rawValue: text) {
                words.insert(word)
            } else {
                reader.tellUnknownWord(text, key, Word.allCases.map(\.rawValue), at: position)
            }
        }
        return words
    }

    private func networks(_ reader: SectionReader) -> Set<NetworkName> {
        var networks: Set<NetworkName> = []
        for (text, position) in reader.texts("networks", limit: 1000) ?? [] {
            if let name = NetworkName(text) {
                networks.insert(name)
            } else {
                section.problems.error(
                    "\"\(reader.name("networks"))\": \"\(text)\" is no network's name", at: position
                )
            }
        }
        return networks
    }
}
