import Foundation
import Testing

/// Changing system calls of the program, numbered over all its threads, and disturbed one at a time by the
/// library that Tests/CallFaults makes.
enum CallFaults {
    /// The library, built beside the program.
    static let library =
        (CommandBench.program as NSString).deletingLastPathComponent
        + "/libcallfaults.so"

    static let isPossible = FileManager.default.fileExists(atPath: library)

    /// Which calls are numbered.
    enum Set: String {
        /// Those that change files or lock them.
        case file
        /// Those that send, connect, or start a process.
        case wire
    }

    /// What becomes of the call with a number.
    enum Action: Sendable, CustomStringConvertible {
        case nothing
        /// SIGKILL, before the call or after it.
        case kill(after: Bool)
        /// The call is not made and fails so.
        case error(CInt)
        /// So do all that come after it and need room.
        case errorFrom(CInt)
        /// Half of what was to be written is.
        case short
        /// The process stops until `go` is called with this path.
        case pause(String)

        var description: String {
            switch self {
            case .nothing: "nothing"
            case .kill(let after): after ? "kill-after" : "kill-before"
            case .error(let code): "error \(code)"
            case .errorFrom(let code): "error-from \(code)"
            case .short: "short"
            case .pause: "pause"
            }
        }

        func words(at place: Int) -> String {
            switch self {
            case .nothing: "nothing \(place)"
            case .kill(let after): "kill-\(after ? "after" : "before") \(place)"
            case .error(let code): "error \(place) \(code)"
            case .errorFrom(let code): "error-from \(place) \(code)"
            case .short: "short \(place)"
            case .pause(let path): "pause \(place) \(path)"
            }
        }
    }

    /// What one run did.
    struct Run: Sendable {
        var ending: ChildProcess.Ending
        /// `NUMBER CALL PATH`, with `<-` behind the disturbed ones.
        var calls: [String]

        /// The call that was disturbed; nil: the run ended before.
        var disturbed: String? { calls.first { $0.hasSuffix(" <-") } }
    }
}

extension CommandBench {
    /// Starts the program with one of its calls disturbed.
    func startDisturbed(
        _ action: CallFaults.Action, at place: Int, of set: CallFaults.Set, _ arguments: [String]
    ) throws -> ChildProcess {
        try start(
            arguments,
            environment: [
                "LD_PRELOAD": CallFaults.library, "CALLFAULTS": action.words(at: place),
                "CALLFAULTS_SET": set.rawValue, "CALLFAULTS_LOG": path("calls"),
            ])
    }

    /// What a disturbed run that was started did.
    func ending(_ child: ChildProcess) async -> CallFaults.Run {
        let ending = await child.ending()
        return CallFaults.Run(
            ending: ending, calls: text("calls").split(separator: "\n").map(String.init))
    }

    /// Runs the program with one of its calls disturbed.
    func disturbed(
        _ action: CallFaults.Action, at place: Int, of set: CallFaults.Set = .file,
        _ arguments: [String]
    ) async throws -> CallFaults.Run {
        await ending(try startDisturbed(action, at: place, of: set, arguments))
    }
}

/// How far sweeps go: shortly in script/test, everywhere in script/soak.
enum Sweep {
    /// Whether every place is tried.
    static var isWhole: Bool {
        ProcessInfo.processInfo.environment["EDGEMANAGE_SWEEP"] == "all"
    }

    /// So many of the places 1 to `count`, spread over them, the first and the last among them; or all.
    static func places(_ few: Int, of count: Int) -> [Int] {
        if isWhole || count <= few { return Array(1...max(1, count)) }
        return (0..<few).map { 1 + $0 * (count - 1) / max(1, few - 1) }
    }
}
