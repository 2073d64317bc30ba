public import EdgeShell
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Runs commands on swift-subprocess (I35): argument lists, an environment of our own, a session of
/// its own, standard input what it is given.
public struct SubprocessRunner: CommandRunner {
    /// The most output in bytes that is kept; more is read and dropped, so that the command
    /// goes on.
    public static let maximumOutput = 64 << 10

    /// The directories in which commands are looked for.
    public static let searchPath =
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Every command's environment; nothing of this process's own reaches it.
    static let environment = ["PATH": searchPath, "LANG": "C", "LC_ALL": "C", "HOME": "/"]

    private let endsWhenCancelled: Bool

    /// - Parameter endsWhenCancelled: whether a command is killed when the task is cancelled; otherwise it is waited
    ///   for, until its timeout: a look that is dropped for another one ends no work halfway.
    public init(endsWhenCancelled: Bool = true) {
        self.endsWhenCancelled = endsWhenCancelled
    }

    /// Runs the command; at the timeout its whole process group is killed. What it printed until then is in the
    /// result.
    public func run(
        _ arguments: [String], input: [UInt8], timeout: Duration
    ) async -> CommandResult {
        guard !endsWhenCancelled else {
            return await carryOut(arguments, input: input, timeout: timeout)
        }
        return await Task { await carryOut(arguments, input: input, timeout: timeout) }.value
    }

    private func carryOut(
        _ arguments: [String], input: [UInt8], timeout: Duration
    ) async -> CommandResult {
        guard let name = arguments.first, !name.isEmpty else {
            return CommandResult(ending: .notStarted(reason: "no command is given"))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let output = CapturedOutput(limit: Self.maximumOutput)
        let ending = await withTaskGroup(of: CommandResult.Ending?.self) { group in
            group.addTask {
                input.isEmpty
                    ? await Self.carryOut(arguments, input: .none, into: output)
                    : await Self.carryOut(arguments, input: GivenInput(bytes: input), into: output)
            }
            group.addTask {
                try? await Task.sleep(for: timeout, clock: clock)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // The killed command is waited for, so that it is reaped when this returns.
            await group.waitForAll()
            return first ?? .timedOut
        }
        return CommandResult(ending: ending, output: output.text, duration: clock.now - start)
    }

    private static func carryOut(
        _ arguments: [String], input: some InputProtocol, into output: CapturedOutput
    ) async -> CommandResult.Ending {
        let name = arguments[0]
        let executable: Executable = name.contains("/") ? .path(.init(name)) : .name(name)
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        let variables = Dictionary(
            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(Array(arguments.dropFirst())),
                environment: .custom(variables), workingDirectory: "/", platformOptions: options,
                input: input, output: .sequence, error: .combinedWithOutput
            ) { execution in
                // Reading fails when the command has ended and a grandchild holds the pipe open.
                do {
                    for try await buffer in execution.standardOutput {
                        buffer.withUnsafeBytes { output.append($0) }
                    }
                } catch {
                    return
                }
            }
            switch result.terminationStatus {
            case .exited(let status): return .exited(status: status)
            case .signaled(let signal): return .signalled(signal)
            }
        } catch {
            return .notStarted(reason: "\(name) could not be run: \(error)")
        }
    }
}

/// Standard input as a whole.
private struct GivenInput: InputProtocol {
    let bytes: [UInt8]

    func write(with writer: StandardInputWriter) async throws {
        // A command that ends without having read it all has done what it was to do.
        _ = try? await writer.write(bytes)
    }
}

/// What a command printed, as far as it is kept.
private final class CapturedOutput: Sendable {
    private let limit: Int
    private let bytes = Mutex<[UInt8]>([])

    init(limit: Int) {
        self.limit = limit
    }

    func append(_ more: UnsafeRawBufferPointer) {
        bytes.withLock { $0 += more.prefix(max(0, limit - $0.count)) }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}
