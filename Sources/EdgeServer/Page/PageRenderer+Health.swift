internal import EdgeCore

extension PageRenderer {
    private struct Health {
        var level: String
        var mark: String
        var word: String
        var sentence: String
        var hasTroubles: Bool
        var troubles: [String]
        var process: Int32
        var since: String
        var configuration: String
        var read: String
        var rounds: [Round]
    }

    private struct Round {
        var network: String
        var time: String
    }

    /// How the daemon itself is.
    func health(_ health: DaemonHealth) -> Part {
        var troubles: [String] = []
        if let trouble = health.configurationTrouble {
            troubles.append("The configuration is refused, and the one before goes on: \(trouble)")
        }
        if let trouble = health.listenTrouble { troubles.append(trouble) }
        for network in health.networks {
            if let trouble = network.trouble {
                troubles.append(
                    "Network \(network.network): the last round could not be: \(trouble)")
            } else if network.lastRound != nil, !network.isFresh {
                troubles.append("Network \(network.network): its rounds are late")
            }
        }
        let level: PageLevel = troubles.isEmpty ? .well : .bad
        let sentence =
            troubles.isEmpty ? "The daemon runs as it should." : "The daemon needs a look."
        return part(
            "health", "health",
            Health(
                level: level.rawValue, mark: level.mark.svg,
                word: (troubles.isEmpty ? [sentence] : troubles).joined(separator: " "),
                sentence: sentence, hasTroubles: !troubles.isEmpty, troubles: troubles,
                process: health.process,
                since: PageText.stamp(health.since, isShort: false),
                configuration: health.configuration,
                read: PageText.stamp(health.configurationRead, isShort: false),
                rounds: health.networks.map {
                    Round(
                        network: $0.network,
                        time: $0.lastRound.map { PageText.stamp($0) } ?? "none yet")
                }))
    }
}
