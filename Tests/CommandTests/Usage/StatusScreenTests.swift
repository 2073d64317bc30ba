import EdgeLoopback
import EdgeTesting
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `status --watch` and others at a real terminal.
@Suite struct StatusScreenTests {
    /// Ends it by keys, and looks at what it leaves behind.
    private func end(
        _ terminal: TerminalChild, by keys: String, _ bench: CommandBench
    ) async throws {
        #expect(terminal.modes != terminal.firstModes, "keys are read as they are pressed")
        terminal.type(keys)
        var status: Int32?
        do {
            try await bench.wait {
                status = terminal.ending()
                return status != nil
            }
        } catch {
            kill(terminal.id, SIGKILL)
            throw error
        }
        #expect(status == 0)
        #expect(terminal.modes == terminal.firstModes)
        // The cursor is seen again, and the screen of before is back.
        #expect(terminal.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
    }

    /// It draws, draws anew what changed, and ends by q or Ctrl-C; what needs a look is in sight on a small screen.
    @Test(arguments: ["q", "\u{3}"]) func itIsDrawnAndEnds(keys: String) async throws {
        try await CommandBench.with(edges: 10) { bench in
            try bench.configure()
            try await bench.begin()
            for edge in bench.edges.suffix(4) { try await edge.behave(.refuse) }
            try await bench.round()
            try bench.remove("includes/web/example.test.zone")
            let terminal = try bench.start(
                "status", "--watch", "-c", "edgemanage.yaml", atTerminal: 12, by: 80)
            do {
                try await bench.wait { terminal.screen.contains { $0.contains("2 of 2 live") } }
                try await bench.wait { terminal.screen.last?.hasPrefix("… ") == true }
                #expect(terminal.output.hasPrefix("\u{1B}[?1049h\u{1B}[?25l"))
                let screen = terminal.screen
                #expect(screen.count <= 12 && screen.allSatisfy { $0.count <= 80 }, "\(screen)")
                #expect(screen.contains("to look at:"), "\(screen)")
                #expect(screen.contains { $0.contains("the include is gone") }, "\(screen)")
                // Who is down comes before who is fine.
                #expect(screen.contains { $0.hasPrefix("✗ ") }, "\(screen)")
                _ = try await bench.command("hold", "web", "work on the network")
                try await bench.wait {
                    terminal.screen.contains { $0.contains("rotations are held by") }
                        && terminal.screen.last?.hasPrefix("… ") == true
                }
                #expect(terminal.screen.contains("to look at:"), "\(terminal.screen)")
            } catch {
                kill(terminal.id, SIGKILL)
                _ = terminal.ending()
                throw error
            }
            try await end(terminal, by: keys, bench)
        }
    }

    /// Rounds that stopped: who has to be started is said, as far as it is known.
    @Test func whoShouldRunRoundsIsSaid() async throws {
        try await CommandBench.with(edges: 2) { bench in
            try bench.configure()
            try bench.write(
                "edgemanage.yaml",
                bench.text("edgemanage.yaml").replacing(
                    "timeout: 3s,", with: "timeout: 3s, interval: 1s,"))
            try await bench.round()
            func overdue() async throws -> String? {
                try await bench.status().troubles.first { $0.hasPrefix("the last run was ") }
            }
            func wait(for words: String) async throws {
                for _ in 1...200 {
                    if try await overdue()?.hasSuffix(words) == true { return }
                    try await Task.sleep(for: .milliseconds(50))
                }
                Issue.record("\(try await overdue() ?? "") is not \(words)")
            }
            try await wait(for: " ago: does the daemon, or cron, run?")
            let daemon = try bench.start(["watch", "-c", "edgemanage.yaml"])
            do {
                try await bench.wait { bench.has("edgemanage.db.web.watch") }
            } catch {
                daemon.kill()
                _ = await daemon.ending()
                throw error
            }
            daemon.kill()
            _ = await daemon.ending()
            try await wait(for: " ago: the daemon does not run: systemctl start edgemanage")
        }
    }

    /// At a terminal long lines are folded; where programs read them a record is a line.
    @Test(arguments: ["log", "history", "explain", "uptime", "alarms"])
    func linesFitTheTerminal(command: String) async throws {
        try await CommandBench.with(edges: 3) { bench in
            try bench.configure(top: [
                "alarms: {receivers: [{name: ops, kind: command, command: [/bin/true]}]}"
            ])
            try await bench.begin()
            try await bench.edges[0].behave(.status(503))
            try await bench.round()
            let text = try await bench.run(command, "web", "-c", "edgemanage.yaml").output
            let terminal = try bench.start(
                command, "web", "-c", "edgemanage.yaml", atTerminal: 24, by: 40)
            try await bench.wait { terminal.ending() == 0 }
            let shown = terminal.output.unicodeScalars.filter { $0 != "\r" }
            let lines = String(String.UnicodeScalarView(shown))
                .replacing(/\x1B\[[0-9;?]*[A-Za-z]/, with: "").split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 40 }, "\(lines)")
            // Durations of now aside nothing is lost.
            func words(_ text: some StringProtocol) -> Int {
                text.split { " \n".contains($0) }.count
            }
            #expect(lines.map { words($0) }.reduce(0, +) == words(text), "\(lines)")
            #expect(text.split(separator: "\n").contains { $0.count > 40 })
        }
    }
}
