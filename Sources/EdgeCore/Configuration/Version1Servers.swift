/// Reads how zones get to the name servers: method, servers, template, catalog.
struct Version1Servers {
    let section: SectionReader
    let resolve: (String) -> String

    /// The most name servers of one network.
    static let maximumServers = 64

    /// Fills in what the section says of name servers.
    func read(into settings: inout PublishSettings) {
        settings.servers = servers(method: settings.method)
        settings.patience =
            section.duration("wait", atLeast: .seconds(1), atMost: .seconds(3600))
            ?? settings.patience
        settings.keptGenerations =
            section.integer("generations", in: 1...10_000) ?? settings.keptGenerations
        settings.template = section.optionalPath("zone_template", resolve: resolve)
        settings.catalog = catalog()
        // At the top alone nothing is in force: each network may say something else.
        if section.rules.requires { check(settings) }
    }

    private func catalog() -> CatalogSettings? {
        guard section.node("catalog") != nil, !section.isOff("catalog"),
            let text = section.text("catalog")
        else { return nil }
        guard let zone = ZoneName(text) else {
            section.problems.error(
                "\"\(section.name("catalog"))\": \"\(text)\" is no zone name",
                at: section.place("catalog"))
            return nil
        }
        return CatalogSettings(zone: zone)
    }

    private func servers(method: PublishMethod) -> [NameServerSettings] {
        var servers: [NameServerSettings] = []
        for (index, node) in (section.list("servers", limit: Self.maximumServers) ?? [])
            .enumerated()
        {
            let reader = SectionReader(
                node, path: "\(section.name("servers"))[\(index + 1)]", at: node.position,
                keys: Version1Keys.server, rules: section.rules, problems: section.problems)
            guard let reader, let server = server(reader, method: method) else { continue }
            if servers.contains(where: { $0.name == server.name }) {
                section.problems.error(
                    "two name servers are called \"\(server.name)\": give one another \"name\"",
                    at: reader.place("name"))
                continue
            }
            if let other = servers.first(where: {
                $0.address == server.address && $0.port == server.port
            }) {
                section.problems.error(
                    "name servers \"\(other.name)\" and \"\(server.name)\" are the same one, at "
                        + "\(server.address) port \(server.port); name it once",
                    at: reader.place("address"))
                continue
            }
            servers.append(server)
        }
        return servers
    }

    private func server(
        _ reader: SectionReader, method: PublishMethod
    ) -> NameServerSettings? {
        guard let kind = kind(reader) else { return nil }
        guard let text = reader.requiredText("address", example: "127.0.0.1") else { return nil }
        guard let address = IPAddress(text) else {
            section.problems.error(
                "\"\(reader.name("address"))\": \"\(text)\" is no IP address; a name server is asked "
                    + "by its address, not by a name", at: reader.place("address"))
            return nil
        }
        let port = reader.integer("port", in: 1...65_535) ?? 53
        guard let name = name(reader, default: port == 53 ? text : "\(text)-\(port)") else {
            return nil
        }
        let update = update(reader, kind: kind, method: method)
        return NameServerSettings(
            name: name, kind: kind, address: address, port: UInt16(port),
            control: control(reader, kind: kind, method: method),
            newZones: reader.isOff("new_zones")
                ? nil : reader.text("new_zones").map { NewZoneSettings(pattern: $0) },
            update: update, choosesSerials: ownsSerials(reader, kind: kind, update: update),
            rate: reader.integer("rate", in: 1...1_000_000))
    }

    private func kind(_ reader: SectionReader) -> NameServerKind? {
        guard reader.node("kind") != nil else {
            reader.missing("kind", example: "bind, knot, nsd, powerdns or other")
            return nil
        }
        return reader.word("kind", as: NameServerKind.self)
    }

    private func name(_ reader: SectionReader, default text: String) -> ServerName? {
        let given = reader.text("name")
        // An IPv6 address is no server name: its colons become hyphens.
        let text = given ?? text.replacing(":", with: "-")
        if let name = ServerName(text) { return name }
        section.problems.error(
            "\"\(reader.name("name"))\": \"\(text)\" is no name; use letters, digits, . - and _",
            at: reader.place("name"))
        return nil
    }

    /// The control command: the kind's usual one when it is not said, none for `none`.
    private func control(
        _ reader: SectionReader, kind: NameServerKind, method: PublishMethod
    ) -> [String]? {
        guard method == .files else {
            if reader.node("control") != nil {
                section.problems.warning(
                    "\"\(reader.name("control"))\" has no effect with \"method: updates\"",
                    at: reader.place("control"))
            }
            return nil
        }
        if reader.isOff("control") { return nil }
        guard reader.node("control") != nil else { return kind.usualControl }
        if kind == .other {
            section.problems.error(
                "\"\(reader.name("control"))\": a server of kind other is only asked; say its kind, or "
                    + "use \"reload\" for a command of your own", at: reader.place("control"))
            return nil
        }
        return reader.arguments("control")
    }

    private func update(
        _ reader: SectionReader, kind: NameServerKind, method: PublishMethod
    ) -> UpdateSettings? {
        guard let node = reader.node("update"), !reader.isOff("update") else { return nil }
        guard method == .updates || !section.rules.requires else {
            section.problems.error(
                "\"\(reader.name("update"))\" needs \"method: updates\" in \"\(section.path)\"",
                at: node.position)
            return nil
        }
        guard kind != .nsd else {
            section.problems.error(
                "\"\(reader.name("update"))\": NSD takes no dynamic updates; publish by files",
                at: node.position)
            return nil
        }
        guard let part = reader.section("update", keys: Version1Keys.update),
            let key = part.requiredPath(
                "key", example: "/etc/edgemanage/update.key", resolve: resolve)
        else { return nil }
        return UpdateSettings(keyFile: key, isExclusive: part.flag("exclusive") ?? false)
    }

    private enum SerialWord: String, CaseIterable {
        case ours, own
    }

    private func ownsSerials(
        _ reader: SectionReader, kind: NameServerKind, update: UpdateSettings?
    ) -> Bool {
        guard reader.node("serials") != nil else { return update != nil }
        return reader.word("serials", as: SerialWord.self) == .own
    }

    private func check(_ settings: PublishSettings) {
        if settings.servers.isEmpty, section.node("wait") != nil {
            section.problems.warning(
                "\"\(section.name("wait"))\" has no effect: \"\(section.name("servers"))\" names no "
                    + "name server to wait for", at: section.place("wait"))
        }
        guard settings.method == .updates else { return }
        if !settings.servers.contains(where: { $0.update != nil }) {
            section.problems.error(
                "\"method: updates\" needs a name server with \"update\": name one in "
                    + "\"\(section.name("servers"))\"", at: section.place("method"))
        }
        for key in ["zone_template", "catalog", "checker", "reload"]
        where section.node(key) != nil && !section.isOff(key) {
            section.problems.error(
                "\"\(section.name(key))\" is for zone files and can't go with \"method: updates\"; "
                    + "write \"\(key): none\" where it is inherited", at: section.place(key))
        }
    }
}
