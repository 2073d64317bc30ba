import EdgeShell
import EdgeSystemPublish
import Foundation
import Testing

/// Commands: plain, bounded, reaped (I35).
struct SubprocessRunnerTests {
    let runner = SubprocessRunner()

    private func shell(_ script: String, timeout: Duration = .seconds(20)) async -> CommandResult {
        await runner.run(["sh", "-c", script], timeout: timeout)
    }

    @Test func `Arguments reach the command as they are`() async {
        let result = await runner.run(
            ["printf", "%s|", "a b", "$HOME", "*", "\"q\"", ""], timeout: .seconds(20))
        #expect(result.ending == .exited(status: 0))
        #expect(result.output == "a b|$HOME|*|\"q\"||")
    }

    @Test func `Standard output and error are both kept, and the status`() async {
        let result = await shell("echo out; echo err >&2; exit 7")
        #expect(result.ending == .exited(status: 7))
        #expect(result.output == "out\nerr\n")
        #expect(!result.succeeded)
    }

    @Test func `The environment is ours alone`() async {
        setenv("EDGEMANAGE_SECRET", "x", 1)
        let result = await runner.run(["env"], timeout: .seconds(20))
        #expect(
            Set(result.output.split(separator: "\n")) == [
                "PATH=\(SubprocessRunner.searchPath)"[...], "LANG=C", "LC_ALL=C", "HOME=/",
            ])
    }

    @Test func `Standard input is empty`() async {
        #expect(await shell("cat; echo end").output == "end\n")
    }

    @Test func `The command has a session of its own`() async {
        let result = await shell(
            "read -r a b c d pgrp session rest </proc/self/stat; "
                + "ps -o sid= -p $$ 2>/dev/null || cut -d' ' -f6 /proc/$$/stat; echo $$")
        let words = result.output.split { $0.isWhitespace }
        #expect(words.count == 2 && words[0] == words[1])
    }

    @Test(arguments: [
        ["nonexistent-command"], ["/nonexistent/command"], [], [""], ["/etc/hostname"],
    ])
    func `A command that can't be started says so`(_ arguments: [String]) async {
        let result = await runner.run(arguments, timeout: .seconds(20))
        guard case .notStarted(let reason) = result.ending else {
            Issue.record("\(result.ending)")
            return
        }
        #expect(!reason.isEmpty)
        print("not started:", reason)
    }

    @Test func `A signal is told`() async {
        #expect(await shell("kill -9 $$").ending == .signalled(9))
    }

    @Test func `A hanging command is ended with everything it started`() async throws {
        let directory = try TemporaryDirectory()
        let command =
            "sleep 300 & echo $! > \(directory.path)/child; trap '' TERM; echo begun; wait; sleep 300"
        let result = await longEnough({ await shell(command, timeout: $0) }) { !$0.isEmpty }
        #expect(result.ending == .timedOut)
        #expect(result.output == "begun\n")
        // Far less than the command asks for; no measure of speed.
        #expect(result.duration < .seconds(200))
        let child = try #require(pid_t(try directory.text(of: "child").dropLast()))
        // The orphan is gone, or a corpse that its new parent has not collected yet.
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while isRunning(child), clock.now < deadline { await Task.yield() }
        #expect(!isRunning(child))
    }

    /// A run whose time limit let it come as far as `printed` asks, however busy this machine is.
    private func longEnough(
        _ run: (Duration) async -> CommandResult, printed: (String) -> Bool
    ) async -> CommandResult {
        for limit in [Duration.milliseconds(500), .seconds(2), .seconds(8)] {
            let result = await run(limit)
            if printed(result.output) { return result }
        }
        return await run(.seconds(30))
    }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        else {
            return false
        }
        return text.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    @Test func `Printing without end keeps 64 KiB and is ended`() async {
        let result = await longEnough({ await runner.run(["yes"], timeout: $0) }) {
            $0.utf8.count >= SubprocessRunner.maximumOutput
        }
        #expect(result.ending == .timedOut)
        #expect(result.output.utf8.count == SubprocessRunner.maximumOutput)
    }

    @Test func `Much output does not stop a command that ends`() async {
        let result = await shell("head -c 3000000 /dev/zero | tr '\\0' x; exit 3")
        #expect(result.ending == .exited(status: 3))
        #expect(result.output.utf8.count == SubprocessRunner.maximumOutput)
    }

    @Test func `A grandchild that holds the pipe does not extend the command`() async {
        let result = await shell("echo parent; sleep 300 & exit 0")
        #expect(result.ending == .exited(status: 0))
        #expect(result.output == "parent\n")
        #expect(result.duration < .seconds(200))
    }

    @Test func `A command that closes its output is still waited for`() async {
        let result = await shell("exec >&- 2>&-; sleep 300", timeout: .milliseconds(300))
        #expect(result.ending == .timedOut)
    }

    @Test func `Many at once leave no descriptors behind`() async throws {
        _ = await shell("true")
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { await shell("true").succeeded } }
            for await succeeded in group { #expect(succeeded) }
        }
        // Other tests hold descriptors meanwhile; ours must be gone in the end.
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        var after = Int.max
        while after > before + 20, clock.now < deadline {
            after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            await Task.yield()
        }
        #expect(after <= before + 20)
    }
}
