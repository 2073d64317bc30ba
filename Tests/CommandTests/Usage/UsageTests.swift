import EdgeLoopback
import Foundation
import Testing

/// Wrong arguments, help, and output for other programs.
@Suite struct UsageTests {
    @Test(arguments: [
        (["run", "--wrong"], 2), (["nonsense"], 2), (["plan", "--detailed"], 2),
        (["edge", "set"], 2), (["edge", "set", "force", "a"], 2),
        (["edge", "set", "force", "a", "-m", ""], 2), (["edge", "set", "on", "a", "-m", "x"], 2),
        (["zone", "forget", "web", "../x"], 2), (["approve", "../x"], 2), (["status", "../x"], 2),
        (["init", "--live", "0"], 2), (["init", "--network", "../x"], 2),
        (["init", "--edge", "a;rm"], 2), (["run", "../x"], 2), (["edge_manage", "--wrong"], 2),
        (["edge_conf", "-A", "web"], 2), (["edge_query", "-A", "web", "-f", "xml"], 2),
        (["check_edgemanage_rotation"], 3), (["check_edgemanage_latency", "-w", "x"], 3),
        (["check_edgemanage_integrity", "--wrong"], 3),
    ])
    func wrongUsageGoesToStandardError(arguments: [String], status: Int) async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            let words =
                ["run", "edge", "zone", "approve", "status"].contains(arguments.first ?? "")
                ? arguments + ["-c", "edgemanage.yaml"] : arguments
            let ending = try await bench.start(words).ending()
            #expect(ending.status == Int32(status), "\(ending.everything)")
            #expect(ending.output.isEmpty, "\(ending.everything)")
            #expect(!ending.errors.isEmpty)
        }
    }

    /// A network that is named twice is one network.
    @Test func aNetworkIsRunOnce() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            let ending = try await bench.run("run", "web", "-c", "edgemanage.yaml", "web")
            #expect(ending.status == 0, "\(ending.everything)")
            let lines = ending.output.split(separator: "\n").filter { $0.hasPrefix("web: ") }
            #expect(lines.count == 1, "\(ending.everything)")
        }
    }

    @Test(arguments: [
        ["run"], ["plan"], ["status"], ["check"], ["approve", "web"],
        ["edge", "set", "force", "a"],
    ])
    func missingConfigurationIsNamed(arguments: [String]) async throws {
        try await CommandBench.with(edges: 1) { bench in
            let ending = try await bench.start(arguments + ["-c", "nowhere.yaml"]).ending()
            #expect(ending.status == 1, "\(ending.everything)")
            #expect(ending.output.isEmpty)
            #expect(ending.errors.contains("nowhere.yaml does not exist"), "\(ending.everything)")
        }
    }

    @Test func unknownNetworkIsNamedWithTheKnownOnes() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            for command in ["run", "plan", "status", "check", "approve"] {
                let ending = try await bench.run(command, "-c", "edgemanage.yaml", "nonet")
                #expect(ending.status == 1, "\(command): \(ending.everything)")
                #expect(ending.errors.contains("declares no network \"nonet\"; it has web"))
            }
        }
    }

    @Test func mistakesAreToldWithTheirPlace() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1, top: ["colour: red"])
            let before = try bench.listing()
            for command in ["run", "plan", "check", "status"] {
                let ending = try await bench.run(command, "-c", "edgemanage.yaml")
                #expect(ending.status == 1, "\(ending.everything)")
                #expect(
                    ending.errors.contains("edgemanage.yaml:13:1: error: unknown key \"colour\""))
            }
            #expect(try bench.listing() == before)
        }
    }

    /// A network without a database has had no round: cron must learn of it, and the other networks too.
    @Test func aDatabaseThatCantBeOpenedIsAFailure() async throws {
        try await CommandBench.with(edges: 1) { bench in
            try bench.configure(live: 1)
            try bench.write("edgemanage.db/file", "")
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text + "  other: {edges: edges/web, live: 1, zones: includes/other}\n")
            let ending = try await bench.run("run", "-c", "edgemanage.yaml")
            #expect(ending.status == 1, "\(ending.everything)")
            for network in ["web", "other"] {
                #expect(
                    ending.errors.contains("edgemanage: network \(network): "),
                    "\(ending.everything)")
            }
        }
    }

    // MARK: Machine-readable output

    @Test func jsonParsesAndHasASchema() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            for arguments in [["plan"], ["run", "--force"], ["status"]] {
                let ending = try await bench.start(
                    arguments + ["-c", "edgemanage.yaml", "--json"]
                ).ending()
                #expect(ending.status == 0, "\(ending.everything)")
                let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
                let object = try #require(value as? [String: Any])
                #expect(object["schema"] as? Int == 1)
                #expect(object["network"] as? String == "web")
                #expect((object["live"] as? [String])?.count == 2 || arguments == ["plan"])
            }
        }
    }

    @Test func pipesGetNoEscapeCodes() async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure()
            try await bench.begin()
            try await bench.edges[0].behave(.refuse)
            for arguments in [["plan"], ["run", "--force"], ["status"], ["check"], ["--help"]] {
                let configuration = arguments == ["--help"] ? [] : ["-c", "edgemanage.yaml"]
                let ending = try await bench.start(
                    arguments + configuration,
                    environment: ["TERM": "xterm-256color", "CLICOLOR": "1"]
                ).ending()
                #expect(ending.status == 0, "\(ending.everything)")
                #expect(!ending.output.contains("\u{1B}"))
            }
        }
    }

    /// A reader that goes away is no reason to leave a round half done.
    @Test func closedPipeEndsNothing() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            let ending = try await bench.tool([
                "bash", "-c", "\"$0\" run -c edgemanage.yaml --force | true; exit ${PIPESTATUS[0]}",
                CommandBench.program,
            ])
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(try bench.published().addresses == bench.addresses(1, 2))
            #expect(try await bench.status().troubles.isEmpty)
        }
    }

    // MARK: Help

    static let helps: [(name: String, arguments: [String])] = [
        ("edgemanage", []), ("demo", ["demo"]), ("init", ["init"]), ("import", ["import"]),
        ("check", ["check"]), ("plan", ["plan"]), ("run", ["run"]), ("status", ["status"]),
        ("approve", ["approve"]), ("rollback", ["rollback"]), ("apply", ["apply"]),
        ("network-rename", ["network", "rename"]), ("replay", ["replay"]),
        ("simulate", ["simulate"]), ("alarms", ["alarms"]), ("explain", ["explain"]),
        ("uptime", ["uptime"]), ("log", ["log"]),
        ("edge", ["edge"]),
        ("edge-set", ["edge", "set"]),
        ("edge_manage", ["edge_manage"]), ("edge_conf", ["edge_conf"]),
        ("watch", ["watch"]), ("drain", ["drain"]), ("undrain", ["undrain"]),
        ("force", ["force"]), ("blindforce", ["blindforce"]),
        ("edge_query", ["edge_query"]),
        ("check_edgemanage", ["check_edgemanage"]),
        ("check_edgemanage_rotation", ["check_edgemanage_rotation"]),
        ("check_edgemanage_latency", ["check_edgemanage_latency"]),
        ("check_edgemanage_integrity", ["check_edgemanage_integrity"]),
    ]

    /// The help texts word for word; `UPDATE_GOLDEN=1` writes them anew.
    @Test(arguments: helps)
    func helpIsAsRecorded(name: String, arguments: [String]) async throws {
        try await CommandBench.with(edges: 1) { bench in
            let ending = try await bench.start(arguments + ["--help"]).ending()
            #expect(ending.status == 0)
            #expect(ending.errors.isEmpty)
            let golden = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Golden/\(name).txt")
            if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
                try Data(ending.output.utf8).write(to: golden)
            }
            #expect(try String(contentsOf: golden, encoding: .utf8) == ending.output)
        }
    }

    @Test func versionIsOneLine() async throws {
        try await CommandBench.with(edges: 1) { bench in
            let own = try await bench.run("--version")
            let original = try await bench.run("--version", as: "edge_manage")
            #expect(own.status == 0 && original.status == 0)
            #expect(original.output == "edgemanage \(own.output)")
            #expect(own.output.split(separator: "\n").count == 1)
        }
    }
}
