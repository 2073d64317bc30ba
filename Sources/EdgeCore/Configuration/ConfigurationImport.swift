/// An old configuration turned into a new one, with what an operator must know of it (SPEC: what a
/// migrating operator must be told).
///
/// The new one means the same but for three things, each told: a live edge keeps its place by its
/// window's mean (`keep: window`) unless the old file says otherwise; zones begin with `$TTL` and
/// an include's first record names its owner; unknown keys are errors.
public struct ConfigurationImport: Hashable, Sendable {
    /// The new file.
    public var text: String
    /// What is different from the original, a sentence each.
    public var changes: [String]
    /// What this very file asks for and never had, a sentence each.
    public var neverWorked: [String]

    /// Turns an old configuration into a new one.
    ///
    /// - Parameters:
    ///   - problems: those that reading the old file gave; unknown keys are told again.
    ///   - networks: all that have an edge list; at least one.
    ///   - directory: where the original's commands were started, for relative paths.
    /// - Throws: `ConfigurationError` when the old file does not say how many edges of a network
    ///   are live.
    public static func make(
        from configuration: Configuration, problems: [ConfigurationProblem],
        networks: [NetworkName], startedIn directory: String
    ) throws(ConfigurationError) -> ConfigurationImport {
        var settings: [NetworkSettings] = []
        for name in networks.sorted() {
            var network = try configuration.settings(for: name).absolute(in: directory)
            if !configuration.states("keep") { network.judge.keep = .window }
            settings.append(network)
        }
        let heading = """
            # Made by edgemanage import from \(configuration.file.filter { !$0.isNewline }).
            #
            # Check this file:      edgemanage check
            # Every key explained:  docs/configuration.md
            #
            # What stands at the top holds for every network; a network's own sections win over it.

            """
        return ConfigurationImport(
            text: Version1Text.file(for: settings, heading: heading),
            changes: changes(configuration, settings),
            neverWorked: neverWorked(configuration, settings, problems))
    }

    private static func changes(
        _ configuration: Configuration, _ settings: [NetworkSettings]
    ) -> [String] {
        var changes = [
            "Redirects are not followed: an edge that redirects fails, and the target is named.",
            "No compression is asked for or decoded: a body with a Content-Encoding is a mismatch.",
            "Only status 200 passes; the original let every status under 400 pass.",
            "The fetch time runs to the last byte of the body; the original stopped at the "
                + "headers, "
                + "so slow bodies now count.",
            "Each probe connects to the edge's own address; the original's probes shared one name "
                + "table and measured wrong edges now and then.",
            "Zones are published whenever the live set or a zone changes; the original published "
                + "only "
                + "with exactly edge_count edges live, so a network short of edges kept its old "
                + "zones.",
            "Dry run changes nothing and runs no command.",
            "The Python adapter class is not carried over: edge_query -f json takes its place.",
            "Zones begin with $TTL, and the first record of an include must name its owner; the "
                + "old "
                + "format lets it belong to the label before.",
            "An unknown key is an error; in the old format it only warns.",
        ]
        if !configuration.states("keep") {
            changes.append(
                "keep: window is written: a live edge keeps its place while its mean of five "
                    + "minutes "
                    + "is good enough, so there is less churn. keep: threshold is as before.")
        }
        if settings.contains(where: { $0.object.sendsEdgeNameAsHost }) {
            changes.append(
                "testing is now object.send_edge_name, and timeout holds without it too.")
        }
        return changes
    }

    private static func neverWorked(
        _ configuration: Configuration, _ settings: [NetworkSettings],
        _ problems: [ConfigurationProblem]
    ) -> [String] {
        var sentences: [String] = []
        if configuration.states("dnschange_maxfreq") {
            let budget = settings.first?.selection.substitutionBudget ?? 0
            sentences.append(
                "dnschange_maxfreq was never implemented; from now on at most \(budget.counted("edge")) "
                    + "\(budget == 1 ? "is" : "are") replaced in any 10 minutes.")
        } else {
            sentences.append(
                "Nothing limited the rotations; from now on each live place changes at most once "
                    + "in 10 "
                    + "minutes on average (budget).")
        }
        if settings.contains(where: { $0.canaries != .inline([:]) }) {
            sentences.append(
                "Healthy canaries were never used; from now on a zone whose canary passes gets it.")
        }
        if configuration.states("timeout"),
            !settings.contains(where: { $0.object.sendsEdgeNameAsHost })
        {
            sentences.append(
                "timeout worked only together with testing; from now on it holds: "
                    + "\(DurationText.text(settings.first?.probe.timeout ?? .zero)).")
        }
        for problem in problems where problem.message.hasPrefix("unknown key") {
            let place = problem.position.map { "\(problem.file):\($0.line): " } ?? ""
            let key = problem.message.prefix { $0 != "," }
            let meant = problem.suggestion.map { "; perhaps \"\($0)\" was meant" } ?? ""
            sentences.append("\(place)\(key) never had an effect and is left out\(meant).")
        }
        return sentences
    }
}

extension Configuration {
    /// Whether an old file gives this key of the top a value.
    func states(_ key: String) -> Bool {
        switch body {
        case .original(let original): original.stated.contains(key)
        case .version1: true
        }
    }
}

extension NetworkSettings {
    /// The settings with every relative path made absolute.
    func absolute(in directory: String) -> NetworkSettings {
        let make = { (path: String) in PathText.join(directory, path) }
        var result = self
        result.object.localFile = make(object.localFile)
        if case .bundle(let path) = object.trust { result.object.trust = .bundle(path: make(path)) }
        if case .files(let path, let extra) = edges {
            result.edges = .files(make(path), extra: extra.map(make))
        }
        if case .file(let path) = canaries { result.canaries = .file(make(path)) }
        result.zoneIncludes = make(zoneIncludes)
        result.publish.directory = make(publish.directory)
        result.publish.template = publish.template.map(make)
        result.original = OriginalFiles(
            healthStore: original.healthStore.map(make), stateFile: original.stateFile.map(make),
            liveList: original.liveList.map(make), lockFile: original.lockFile.map(make),
            prometheusDirectory: original.prometheusDirectory.map(make))
        result.metrics.file = metrics.file.map(make)
        result.database = make(database)
        result.logPath = logPath.map(make)
        return result
    }
}
