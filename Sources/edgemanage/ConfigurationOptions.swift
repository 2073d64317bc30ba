import ArgumentParser
import EdgeCore
import EdgeShell
import EdgeSystemConfiguration
import EdgeSystemHistory

/// Which configuration and which of its networks a command is about.
struct ConfigurationOptions: ParsableArguments {
    /// Where the configuration is looked for.
    static let defaultPath = "/etc/edgemanage/edgemanage.yaml"

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The configuration: the new format (version: 1) or the original's.", valueName: "file"))
    var config: String = ConfigurationOptions.defaultPath

    /// Reads the configuration; problems go to standard error, errors end the command.
    func load() throws -> Configuration {
        let result = ConfigurationLoader().load(config)
        for problem in result.problems {
            Terminal.say(problem.description, to: .standardError)
        }
        guard let configuration = result.configuration else {
            let count = result.problems.count { $0.severity == .error }
            throw CommandFailure(
                message: "\(config) has \(count.counted("error")); nothing was done")
        }
        return configuration
    }

    /// The same for commands that show or order something: while the file has errors and a daemon goes on by what
    /// it was before, so do they, and say it.
    ///
    /// - Parameter tell: takes each line of what is wrong with the file.
    func loadInUse(
        tell: (String) -> Void = { Terminal.say($0, to: .standardError) }
    ) throws -> Configuration {
        let result = ConfigurationLoader().load(config)
        guard result.configuration == nil, let inUse = ConfigurationInUse.find(insteadOf: config)
        else { return try load() }
        let errors = result.problems.filter { $0.severity == .error }
        for error in errors { tell(error.headline) }
        tell("edgemanage: \(config) has \(errors.count.counted("error")): \(inUse.words)")
        return inUse.configuration
    }

    /// A network that the database still knows and the configuration no longer declares: the settings of
    /// one that shares its database, under its name; nil: it is none.
    func formerSettings(
        _ configuration: Configuration, network text: String
    ) throws -> NetworkSettings? {
        guard let name = NetworkName(text) else { return nil }
        let declared = try ConfigurationLoader().networks(of: configuration).names
        guard !declared.contains(name) else { return nil }
        var databases: Set<String> = []
        for other in declared {
            guard var settings = try? configuration.settings(for: other),
                databases.insert(settings.database).inserted
            else { continue }
            let store = try? SQLiteStore(path: settings.database, access: .readOnly)
            guard let known = try? store?.networks(), known.contains(name) else { continue }
            settings.network = name
            return settings
        }
        return nil
    }

    /// The settings of the networks asked for, each once; all networks when none is.
    func settings(_ configuration: Configuration, networks: [String]) throws -> [NetworkSettings] {
        let known = try ConfigurationLoader().networks(of: configuration)
        for warning in known.warnings { Terminal.say(warning, to: .standardError) }
        let names = networks.isEmpty ? known.names.map(\.text) : networks
        guard !names.isEmpty else {
            throw CommandFailure(
                message: "\(config) names no network: add one, or name it on the command line")
        }
        var seen: Set<NetworkName> = []
        return try names.compactMap { text in
            guard let name = NetworkName(text) else {
                throw CommandFailure(message: "\(text) is no network name", status: 2)
            }
            guard seen.insert(name).inserted else { return nil }
            do {
                return try configuration.settings(for: name)
            } catch {
                throw CommandFailure(message: "\(error)")
            }
        }
    }
}
