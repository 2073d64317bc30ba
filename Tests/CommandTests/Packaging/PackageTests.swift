import EdgeLoopback
import Foundation
import Testing

/// The Debian package, made of the program that is tested.
@Suite(.serialized) struct PackageTests {
    private static let root = CommandBench.root.path(percentEncoded: false)

    /// Makes the package below the bench; its path.
    private func package(_ bench: CommandBench, _ folder: String) async throws -> String {
        let ending = try await bench.tool(
            [
                "bash", "\(Self.root)script/package", "--binary", CommandBench.program, "--output",
                bench.path(folder), "--compression", "gzip:1",
            ], within: Self.patience)
        let path = ending.output.split(separator: "\n").last.map(String.init) ?? ""
        return try #require(
            ending.status == 0 && bench.has(path) ? path : nil, "\(ending.everything)")
    }

    /// Programs of 100 MB are packed and unpacked several times.
    private static let patience = DispatchTimeInterval.seconds(300)

    @Test func itIsReproducibleAndLintianHasNothingToSay() async throws {
        try await CommandBench.with(edges: 1) { bench in
            let path = try await package(bench, "packages")
            // The same program makes the same package, byte for byte.
            let again = try await package(bench, "again")
            let compared = try await bench.tool(["cmp", path, again])
            #expect(compared.status == 0, "\(compared.everything)")
            // A debug build finds Swift's library where it was built; a release build has it within.
            let lintian = try await bench.tool(
                [
                    "lintian", "--fail-on", "error,warning", "--suppress-tags",
                    "custom-library-search-path", path,
                ], within: Self.patience)
            #expect(lintian.status == 0, "\(lintian.everything)")
            _ = try await bench.tool(["dpkg-deb", "-x", path, bench.path("tree")])
            let pages = try FileManager.default.contentsOfDirectory(
                atPath: bench.path("tree/usr/share/man/man1"))
            for page in pages {
                let lint = try await bench.tool([
                    "mandoc", "-T", "lint", "-W", "warning",
                    bench.path("tree/usr/share/man/man1/\(page)"),
                ])
                #expect(lint.status == 0, "\(lint.everything)")
            }
            // Every command that the help names has its page.
            let help = try await bench.run("--help").output
            let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
            let commands = list.split(separator: "\n").filter { $0.hasPrefix("  ") }
                .compactMap { line in
                    line.dropFirst(2).first == " "
                        ? nil : line.split(separator: " ").first.map(String.init)
                }
            #expect(commands.count >= 20)
            for command in commands where !["help", "See"].contains(command) {
                #expect(pages.contains("edgemanage-\(command).1.gz"), "\(command)")
            }
            let conffiles = try await bench.tool(["dpkg-deb", "-I", path, "conffiles"])
            #expect(
                conffiles.output == """
                    /etc/logrotate.d/edgemanage
                    /etc/nagios-plugins/config/edgemanage.cfg

                    """)
        }
    }

    @Test func itIsInstalledUsedUpgradedRemovedAndPurged() async throws {
        try await CommandBench.with(edges: 2) { bench in
            let path = try await package(bench, "packages")
            let ending = try await bench.tool(
                [
                    "bash", "\(Self.root)packaging/debian/try-package", path, "\(bench.port)",
                    bench.path("object.txt"),
                ] + bench.edges.map(\.address), within: Self.patience)
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output == "installed, used, upgraded, removed and purged\n")
        }
    }
}
