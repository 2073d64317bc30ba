import Foundation
import Testing

/// System calls watched and made to fail by strace(1).
enum Tracing {
    /// Whether strace is there and may trace.
    static let isPossible = succeeds(["strace", "-o", "/dev/null", "true"])

    /// Whether a command exits with status 0.
    static func succeeds(_ command: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

extension CommandBench {
    /// Runs the program under strace, all threads, with these options of strace's own.
    func traced(
        _ options: [String], _ arguments: [String], into trace: String = "/dev/null"
    ) async throws -> ChildProcess.Ending {
        try await tool(["strace", "-f", "-qq", "-o", trace] + options + [Self.program] + arguments)
    }
}
