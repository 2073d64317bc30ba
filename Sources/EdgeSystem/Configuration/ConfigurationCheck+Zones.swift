internal import EdgeCore
internal import EdgeShell

extension ConfigurationCheck {
    /// Reads every include as a round would, and tells zones that another network has too.
    func zoneIncludes(
        _ settings: NetworkSettings, known: inout [ZoneName: NetworkName]
    ) -> [Finding] {
        let network = settings.network
        let directory = settings.zoneIncludes
        let (entries, warnings): ([IncludeEntry], [String])
        do {
            (entries, warnings) = try includes.scan(directory)
        } catch {
            return [Finding(.error, network: network, subject: "zones", message: "\(error)")]
        }
        var result = warnings.map {
            Finding(.warning, network: network, subject: "zones", message: $0)
        }
        var accepted = 0
        var template = TemplateCheck(settings, check: self)
        for entry in entries {
            if let other = known.updateValue(network, forKey: entry.zone), other != network {
                let message = "\(entry.zone) is a zone of \(other) too; take it out of one of them"
                result.append(Finding(.error, network: network, subject: "zones", message: message))
            }
            switch include(of: entry.zone, settings: settings) {
            case .success(let include):
                accepted += 1
                template?.take(include, of: entry.zone)
            case .failure(let refusal):
                result += refusal.problems.map {
                    Finding(.error, network: network, subject: "zones", message: $0)
                }
            }
        }
        result.append(summary(settings, accepted: accepted, of: entries.count))
        return result + (template?.findings ?? []) + nameServers(settings, zones: entries.count)
    }

    private func summary(_ settings: NetworkSettings, accepted: Int, of count: Int) -> Finding {
        let directory = settings.zoneIncludes
        guard count > 0 else {
            return Finding(
                .warning, network: settings.network, subject: "zones",
                message: "\(directory) has no <zone>.zone file; nothing will be published")
        }
        return Finding(
            accepted == count ? .ok : .error, network: settings.network, subject: "zones",
            message: "\(accepted) of \(count.counted("include")) in \(directory) "
                + "\(count == 1 ? "is" : "are") accepted")
    }

    /// Key files, and how long a rotation takes to spread.
    private func nameServers(_ settings: NetworkSettings, zones: Int) -> [Finding] {
        let servers = settings.publish.servers
        var result = servers.compactMap(\.update).map {
            files.readableFile($0.keyFile, subject: "name server")
        }
        if let estimate = PropagationEstimate(
            zones: zones, servers: servers, nameServers: settings.dns.nameServers.count,
            refresh: settings.dns.soa.refresh)
        {
            let interval = settings.interval
            result.append(
                Finding(
                    estimate.isSlow(interval: interval) ? .warning : .ok,
                    network: settings.network, subject: "name server",
                    message: estimate.sentence(interval: interval)))
        }
        return result
    }

    /// Why an include is not accepted, a sentence each.
    private struct Refusal: Error {
        var problems: [String]
    }

    private func include(
        of zone: ZoneName, settings: NetworkSettings
    ) -> Result<CheckedInclude, Refusal> {
        let directory = settings.zoneIncludes
        let file = "\(directory)/\(zone).zone"
        guard zone != settings.publish.catalog?.zone else {
            let problem =
                "\(file) has the catalog's name (publish.catalog) and is not published: remove it, or "
                + "give the catalog another name"
            return .failure(Refusal(problems: [problem]))
        }
        // By updates the files only name the zones.
        guard settings.publish.method == .files else {
            return .success(CheckedInclude(text: [], records: []))
        }
        do {
            let text = try includes.read(zone, in: directory)
            return parser.checkInclude(
                text, zone: zone, dns: settings.dns, file: file
            ).mapError { Refusal(problems: $0.problems.map(\.description)) }
        } catch {
            return .failure(Refusal(problems: ["\(error)"]))
        }
    }

    /// Whether everything that is written can be.
    func directories(_ settings: NetworkSettings) -> [Finding] {
        var result = [files.writableFile(settings.database, subject: "database")]
        if settings.publish.method == .files {
            result.insert(
                files.writableDirectory(settings.publish.directory, subject: "publish"), at: 0)
        }
        let original = settings.original
        for (subject, path) in [
            ("health store", original.healthStore),
            ("prometheus", original.prometheusDirectory),
        ] {
            if let path { result.append(files.writableDirectory(path, subject: subject)) }
        }
        for (subject, path) in [
            ("state file", original.stateFile), ("live list", original.liveList),
            ("lock file", original.lockFile), ("log", settings.logPath),
            ("metrics", settings.metrics.file),
        ] {
            if let path { result.append(files.writableFile(path, subject: subject)) }
        }
        return result
    }

    /// Files of one network that another writes too.
    func sharedFiles(
        _ settings: NetworkSettings, known: inout [String: NetworkName]
    ) -> [Finding] {
        let network = settings.network
        return [settings.original.stateFile, settings.original.liveList].compactMap { path in
            guard let path, let other = known.updateValue(network, forKey: path) else { return nil }
            let hint = settings.format == .original ? "; write {dnet} into its path" : ""
            return Finding(
                .warning, network: network, subject: "files",
                message: "\(path) is written for \(other) too\(hint)")
        }
    }

    /// Whether something tells a sick monitor from sick edges (I14).
    func references(_ settings: NetworkSettings) -> [Finding] {
        guard settings.format == .version1 else { return [] }
        let count = settings.references.count
        if count > 2 {
            return [Finding(.ok, subject: "probe", message: count.counted("reference target"))]
        }
        if count > 0 {
            return [
                Finding(
                    .warning, subject: "probe",
                    message: (count == 1
                        ? "while the only reference target is away "
                        : "while one of two reference targets is away ")
                        + "nothing changes for health's sake; name three under probe.references")
            ]
        }
        return [
            Finding(
                .warning, subject: "probe",
                message:
                    "no reference target is given, so a monitor whose own network is down is known "
                    + "late; name three addresses under probe.references")
        ]
    }

    /// Whether each command can be found and run.
    func commands(_ settings: NetworkSettings) -> [Finding] {
        let commands = settings.commands
        var result: [Finding] = []
        for (subject, text) in [
            ("command before a round", commands.before),
            ("command after a round", commands.after),
            ("command after changes", commands.afterChanges),
        ] {
            guard let first = text?.split(separator: " ").first else { continue }
            result.append(files.executable(String(first), subject: subject))
        }
        if let checker = settings.publish.checker?.first {
            result.append(files.executable(checker, subject: "checker"))
        }
        for server in settings.publish.servers {
            guard let control = server.control?.first else { continue }
            result.append(files.executable(control, subject: "name server \(server.name)"))
        }
        return result
    }
}
