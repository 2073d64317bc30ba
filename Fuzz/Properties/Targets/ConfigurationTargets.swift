import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemTemplate

extension FuzzTarget {
    /// What operators write.
    static let configurations = [
        FuzzTarget("configuration") { ConfigurationProperties.violation($0) },
        FuzzTarget("template", maximumBytes: 1024) { TemplateProperties.violation($0) },
    ]
}

/// What must hold of configuration files.
enum ConfigurationProperties {
    /// It is used or refused with a place, never both; what is used is within the limits; and an original
    /// file that is imported gives a new one that is accepted.
    static func violation(_ bytes: [UInt8]) -> String? {
        let loaded = ConfigurationLoader().load(bytes, file: "/f.yaml")
        if (loaded.configuration == nil) != loaded.problems.hasErrors { return "both or neither" }
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
        for problem in loaded.problems {
            if problem.description.isEmpty { return "a problem without a word" }
            if let found = FuzzTarget.controlCharacter(
                in: problem.description.replacing("\t", with: " "), of: "a problem")
            {
                return found
            }
            if let line = problem.position?.line, !(0...(lines + 1)).contains(line) {
                return "no such line: \(problem)"
            }
        }
        guard let configuration = loaded.configuration else { return nil }
        guard let network = NetworkName("mynet") else { return nil }
        for name in [network] + configuration.networks {
            guard let settings = try? configuration.settings(for: name) else { continue }
            if settings.selection.liveCount < 1 { return "nothing would be live" }
            if settings.probe.timeout > ProbeSettings.maximumTimeout { return "an endless probe" }
            if settings.probe.timeout <= .zero { return "a probe without time" }
            if !settings.object.path.hasPrefix("/") { return "the path \(settings.object.path)" }
            if !settings.dns.primary.hasSuffix(".") { return "the primary is relative" }
        }
        return violation(ofImport: configuration, loaded.problems, network)
    }

    private static func violation(
        ofImport configuration: Configuration, _ problems: [ConfigurationProblem],
        _ network: NetworkName
    ) -> String? {
        guard configuration.format == .original,
            let made = try? ConfigurationImport.make(
                from: configuration, problems: problems, networks: [network],
                startedIn: "/var/lib")
        else { return nil }
        let again = ConfigurationLoader().load(Array(made.text.utf8), file: "/g.yaml")
        guard again.configuration != nil else {
            let reasons = again.problems.map(\.description).joined(separator: "\n")
            return "what import made is refused: \(reasons)\n\(made.text)"
        }
        return nil
    }
}

/// What must hold of templates.
enum TemplateProperties {
    /// A template is refused with a line, or renders the same text twice, no longer than it may be.
    static func violation(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        let content = ZoneProperties.content(ZoneProperties.explicit)
        let lines = text.count { $0.isNewline } + 1
        do throws(TemplateProblem) {
            let template = try StencilTemplate(text, file: "f")
            let include = Array("mail 60 IN A 192.0.2.25\n".utf8)
            let first = try template.render(content, serial: SOASerial(7), include: include)
            let second = try template.render(content, serial: SOASerial(7), include: include)
            if first != second { return "the same template renders two texts" }
            if first.count > StencilTemplate.maximumZoneBytes { return "a zone too large" }
            return nil
        } catch {
            if error.message.isEmpty { return "refused without a word" }
            return (0...lines).contains(error.line) ? nil : "no such line: \(error)"
        }
    }
}
