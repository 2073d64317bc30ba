import ArgumentParser
import EdgeCore

/// `edgemanage init`: a commented configuration to begin with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Prints a commented configuration to begin with.",
        discussion: """
            Every key stands in it with its meaning and default. Fill in what is yours, then:

              edgemanage init --network web --edge edge1.example.net --edge edge2.example.net \\
                --live 1 --url https://www.example.net/edgetest.txt > edgemanage.yaml
              edgemanage check --config edgemanage.yaml

            Exit status: 0 printed, 2 wrong usage.
            """)

    @Option(help: "The test object's address, as edges serve it.")
    var url = "https://www.example.net/edgetest.txt"

    @Option(help: "The network's name.")
    var network = "mynet"

    @Option(help: ArgumentHelp("An edge's name or address; repeat it for each.", valueName: "name"))
    var edge: [String] = []

    @Option(help: "How many edges DNS hands out.")
    var live = 2

    func run() throws {
        guard let name = NetworkName(network) else {
            throw CommandFailure(message: "\(network) is no network name", status: 2)
        }
        let edges = try edge.map { text in
            guard let edge = EdgeName(text) else {
                throw CommandFailure(message: "\(text) is no edge name", status: 2)
            }
            return edge
        }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw CommandFailure(
                message: "--url \(url): an address beginning with http:// or https:// is needed",
                status: 2)
        }
        guard Set(edges).count == edges.count else {
            throw CommandFailure(message: "an --edge is given twice", status: 2)
        }
        guard live >= 1 else {
            throw CommandFailure(message: "--live \(live): at least 1 edge must be live", status: 2)
        }
        var answers = ConfigurationTemplate.Answers()
        answers.objectURL = url
        answers.network = name
        answers.liveCount = live
        if !edges.isEmpty { answers.edges = edges }
        Terminal.write(ConfigurationTemplate.text(answers))
    }
}
