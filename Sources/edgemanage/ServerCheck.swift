import EdgeCore
import EdgeShell
import EdgeSystemNameServers
import EdgeSystemPublish

/// Asks a network's name servers which of its zones they serve.
struct ServerCheck {
    var settings: NetworkSettings

    /// How long each server is asked.
    static let patience: Duration = .seconds(5)

    /// Prints one line a server. None is an error: a round runs whatever they say, and says it again.
    func say() async {
        let servers = settings.publish.servers
        guard !servers.isEmpty,
            let scan = try? DirectoryIncludeReader().scan(settings.zoneIncludes),
            !scan.entries.isEmpty
        else { return }
        let questions = scan.entries.map {
            ZoneQuestion(zone: $0.zone, names: [], families: [])
        }
        let asker = NIONameServerAsker()
        let answers = await withTaskGroup(of: (Int, ServerSurvey.Answers).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask {
                    (index, await asker.ask(questions, of: server, within: Self.patience))
                }
            }
            return await group.reduce(into: [Int: ServerSurvey.Answers]()) { $0[$1.0] = $1.1 }
        }
        for (index, server) in servers.enumerated() {
            Terminal.say(Self.line(server, answers[index] ?? [:], network: settings.network))
        }
    }

    static func line(
        _ server: NameServerSettings, _ answers: ServerSurvey.Answers, network: NetworkName
    ) -> String {
        let count = answers.count.counted("zone")
        var failures: [(zone: ZoneName, fault: ServedFault)] = []
        for (zone, answer) in answers.sorted(by: { $0.key < $1.key }) {
            if case .failure(let fault) = answer { failures.append((zone, fault)) }
        }
        guard let first = failures.first else {
            return "ok: name server \(server.name): serves \(count) of network \(network)"
        }
        guard failures.contains(where: \.fault.isAnswer) || failures.count < answers.count else {
            return "warning: name server \(server.name) at \(server.address) port \(server.port) "
                + "\(first.fault): start it, or correct its address and port"
        }
        let more = failures.count - 1
        return "warning: name server \(server.name) serves \(answers.count - failures.count) of "
            + "\(count) of network \(network): for \(first.zone) it \(first.fault)"
            + more.furtherWords("zone")
            + ", which is well before a zone is first published, and else its configuration's to mend"
    }
}
