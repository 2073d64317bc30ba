import EdgeCore
import Testing

@testable import edgemanage

@Suite("Arguments as argparse reads them")
struct OptionParserTests {
    private func manage(_ text: String) throws -> EdgeManageOptions {
        try EdgeManageOptions.parse(text.split(separator: " ").map(String.init)).get()
    }

    @Test(
        "All spellings of the same",
        arguments: [
            "-A mynet -n -v --force-update -c x", "-Amynet -nv --force-update -cx",
            "-nvAmynet --force-u --config=x", "--dn mynet --dry --verb --force-update --conf x",
            "--dnet=mynet -vn -c=x --force-update", "-A other -A mynet -vnv -c y -c x --force-upd",
        ])
    func spellings(text: String) throws {
        #expect(
            try manage(text)
                == EdgeManageOptions(
                    network: OriginalKit.network, configuration: "x", isDryRun: true,
                    isForced: false, forcesUpdate: true, isDaemon: false, isVerbose: true))
    }

    @Test("An exact name is no ambiguous beginning")
    func exact() throws {
        let options = try manage("-A mynet --force --daemonise")
        #expect(options.isForced && !options.forcesUpdate && options.isDaemon)
        #expect(options.configuration == "/etc/edgemanage/edgemanage.yaml")
    }

    @Test(
        "Usage errors name what is wrong, on stderr, status 2",
        arguments: [
            ("", "the following arguments are required: -A/--dnet"),
            ("-A", "argument -A/--dnet: expected one argument"),
            ("-A -n", "argument -A/--dnet: expected one argument"),
            ("-A mynet extra", "unrecognized arguments: extra"),
            ("-A mynet --bogus", "unrecognized arguments: --bogus"),
            ("-A mynet -nx", "unrecognized arguments: -nx"),
            ("-A mynet -n=1", "argument -n/--dry-run: ignored explicit argument '1'"),
            ("-A mynet --force=1", "argument --force: ignored explicit argument '1'"),
            ("-A mynet --d", "ambiguous option: --d could match --dnet, --dry-run, --daemonise"),
            (
                "-A ../x",
                "argument -A/--dnet: '../x' is no network's name: 1 to 64 letters, digits, '.', '-' "
                    + "and '_', not beginning with '.'"
            ),
        ])
    func errors(text: String, message: String) throws {
        let arguments = text.split(separator: " ").map(String.init)
        let outcome = try #require(OriginalKit.failure(EdgeManageOptions.parse(arguments)))
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(
            outcome.errors == """
                usage: edge_manage [-h] -A NETWORK [-c CONFIG] [-n] [--force] [--force-update]
                                   [--daemonise] [-v] [--version]
                edge_manage: error: \(message)

                """)
    }

    @Test("Help and version go to stdout, status 0, whatever else is missing")
    func help() {
        let version = OriginalKit.failure(EdgeManageOptions.parse(["--version"]))
        #expect(version == OriginalOutcome(output: "edgemanage 1.2.3\n"))
        let expected = """
            usage: edge_conf [-h] -A NETWORK -m MODE [-C COMMENT] [-c CONFIG]
                             [--no-syslog] [--insist] EDGE

            Sets an edge's mode.

            positional arguments:
              EDGE                  the edge's name, as in the edge list

            options:
              -h, --help            show this help message and exit
              -A, --dnet NETWORK    the network
              -m, --mode MODE       available, unavailable, force or blindforce
              -C, --comment COMMENT
                                    why; required for every mode but available
              -c, --config CONFIG   the configuration file (default:
                                    /etc/edgemanage/edgemanage.yaml)
              --no-syslog           do not log the change to syslog
              --insist              set the mode even if fewer than min_live edges could
                                    then be live

            """
        #expect(OriginalKit.failure(EdgeConfOptions.parse(["-h"]))?.output == expected)
        #expect(OriginalKit.failure(EdgeConfOptions.parse(["--help"]))?.status == 0)
    }

    @Test("Operands may stand anywhere; -- ends options; values may begin with a dash and a space")
    func operands() throws {
        let options = try EdgeConfOptions.parse([
            "a.example", "-A", "mynet", "-m", "force", "-C", "- not yet",
        ]).get()
        #expect(options.edge == "a.example" && options.comment == "- not yet")
        let last = try EdgeConfOptions.parse(["-Amynet", "-mforce", "-C", "-5", "--", "-x"]).get()
        #expect(last.edge == "-x" && last.comment == "-5")
    }

    @Test("Choices are checked")
    func choices() {
        let outcome = OriginalKit.failure(
            EdgeConfOptions.parse(["-A", "mynet", "-m", "on", "a.example"]))
        #expect(outcome?.status == 2)
        #expect(
            outcome?.errors.hasSuffix(
                "error: argument -m/--mode: invalid choice: 'on' (choose from 'available', 'force', "
                    + "'blindforce', 'unavailable')\n") == true)
    }

    @Test("Checks exit with 3 on usage errors")
    func checks() {
        #expect(OriginalKit.failure(RotationCheck.parse([]))?.status == 3)
        #expect(OriginalKit.failure(RotationCheck.parse(["x", "-w", "many"]))?.status == 3)
        #expect(OriginalKit.failure(RotationCheck.parse(["x", "-w", "-1"]))?.status == 3)
        #expect(OriginalKit.failure(LatencyCheck.parse(["-C", "1"]))?.status == 3)
        #expect(OriginalKit.failure(IntegrityCheck.parse(["a", "b"]))?.status == 3)
        #expect(OriginalKit.failure(PluginCheck.parse(["--age-warning", "9:1"]))?.status == 3)
    }

    @Test("Every command has help, and every line of it fits 80 columns")
    func widths() {
        let parsers = [
            EdgeManageOptions.parser, EdgeConfOptions.parser, EdgeQueryOptions.parser,
            RotationCheck.parser, LatencyCheck.parser, IntegrityCheck.parser,
            PluginCheck.parser,
        ]
        #expect(Set(parsers.map(\.command)) == Set(OriginalCommandName.allCases))
        for parser in parsers {
            for line in parser.helpText.split(separator: "\n") { #expect(line.utf8.count <= 80) }
        }
    }

    @Test("Commands are known by their names, paths and with .py")
    func names() {
        #expect(OriginalCommandName(invokedAs: "/usr/bin/edge_conf") == .edgeConf)
        #expect(OriginalCommandName(invokedAs: "check_edgemanage_rotation.py") == .checkRotation)
        #expect(OriginalCommandName(invokedAs: "/usr/bin/edgemanage") == nil)
        #expect(OriginalCommandName(invokedAs: "") == nil)
        #expect(OriginalCommandName("edge_query") == .edgeQuery)
        #expect(OriginalCommandName("/x/edge_query") == nil)
    }
}
