import Foundation
import Testing

/// The systemd units that are shipped.
@Suite struct UnitFileTests {
    private static let folder = CommandBench.root.appending(path: "packaging/systemd")
    static let services = ["edgemanage.service", "edgemanage-run.service"]

    private func read(_ unit: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: unit), encoding: .utf8)
    }

    private func analyze(_ words: String...) async throws -> ChildProcess.Ending {
        try await ChildProcess.start(
            "env", ["systemd-analyze", "--no-pager"] + words,
            directory: Self.folder.path(percentEncoded: false),
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        ).ending()
    }

    /// The values of a key, in their order.
    private func values(of key: String, in unit: String) throws -> [String] {
        try read(unit).split(separator: "\n").filter { $0.hasPrefix("\(key)=") }
            .map { String($0.dropFirst(key.count + 1)) }
    }

    /// systemd's own measure, from 0 (locked in) to 10: at most 2.0.
    @Test(arguments: services)
    func aServiceMayDoLittle(service: String) async throws {
        let ending = try await analyze(
            "security", "--offline=true", "--threshold=20", "./\(service)")
        #expect(ending.status == 0, "\(ending.everything)")
        #expect(ending.output.contains("Overall exposure level for \(service): "))
    }

    /// Everything but that there is no such program here: what is installed is verified by packaging/debian/try-package.
    @Test func unitsSayNothingThatSystemdDoesNotKnow() async throws {
        for unit in Self.services + ["edgemanage-run.timer"] {
            let ending = try await analyze("verify", "--man=no", "./\(unit)")
            let said = ending.everything.split(separator: "\n").filter {
                !$0.hasPrefix("status ")
                    && !$0.hasSuffix(
                        "/usr/bin/edgemanage is not executable: No such file or directory")
            }
            #expect(said.isEmpty, "\(unit): \(ending.everything)")
        }
    }

    /// Each command line is one that the program understands.
    @Test(arguments: services)
    func whatIsStartedIsKnown(service: String) async throws {
        let lines = try values(of: "ExecStart", in: service)
        #expect(lines.count == 1)
        try await CommandBench.with(edges: 1) { bench in
            for line in lines {
                let words = line.split(separator: " ").map(String.init)
                #expect(words.first == "/usr/bin/edgemanage")
                let help = try await bench.run(words[1], "--help")
                #expect(help.status == 0, "\(help.everything)")
                let options = words.dropFirst(2).filter { $0.hasPrefix("-") }
                #expect(!options.isEmpty)
                for option in options {
                    let isKnown = help.output.split(separator: "\n").contains { line in
                        line.split(whereSeparator: { " ,".contains($0) }).contains { $0 == option }
                    }
                    #expect(isKnown, "\(words[1]) knows no \(option)")
                }
            }
        }
    }

    /// Nothing starts broken, and the daemon and the timer do not run beside each other.
    @Test func aUnitWithoutAConfigurationDoesNotStart() async throws {
        for unit in Self.services + ["edgemanage-run.timer"] {
            let paths = try values(of: "ConditionPathExists", in: unit)
            #expect(paths == ["/etc/edgemanage/edgemanage.yaml"], "\(unit)")
            for line in try values(of: "ExecStart", in: unit) {
                #expect(line.contains("--config \(paths[0])"), "\(unit)")
            }
        }
        for unit in ["edgemanage-run.service", "edgemanage-run.timer"] {
            #expect(try values(of: "Conflicts", in: unit) == ["edgemanage.service"])
        }
        #expect(try values(of: "Unit", in: "edgemanage-run.timer") == ["edgemanage-run.service"])
    }

    /// Both may do the same.
    @Test func theServicesAreHardenedAlike() throws {
        let own = ["Type", "Notify", "Exec", "Restart", "Watchdog", "Timeout"]
        func hardening(_ unit: String) throws -> [Substring] {
            let section = try #require(
                try read(unit).components(separatedBy: "\n[Service]\n").last?
                    .components(separatedBy: "\n[").first)
            return section.split(separator: "\n").filter { line in
                !line.hasPrefix("#") && !own.contains(where: line.hasPrefix)
            }
        }
        #expect(try hardening(Self.services[0]) == hardening(Self.services[1]))
    }
}
