public import EdgeCore
public import EdgeShell
internal import NIOCore
internal import NIOPosix

/// Asks name servers over real sockets, on swift-nio: one connected UDP socket a server, many questions
/// in flight; truncated answers are asked for again over TCP, one connection at a time (RFC 7766).
public struct NIONameServerAsker: NameServerAsker {
    public init() {}

    /// Asks one name server everything; when `patience` is over, an unfinished zone is `.silent`, or
    /// `.malformed` when nothing but unreadable answers came.
    public func ask(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
        await ask(questions, of: server, within: patience, overTCPAlone: false)
    }

    /// Asks one name server everything over TCP; nothing is sent over UDP.
    public func confirm(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
        await ask(questions, of: server, within: patience, overTCPAlone: true)
    }

    private func ask(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration,
        overTCPAlone: Bool
    ) async -> [ZoneName: Result<ServedZone, ServedFault>] {
        guard !questions.isEmpty else { return [:] }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.any()
        let done = loop.makePromise(of: AskSheet.Answers.self)
        let started = loop.submit {
            let round = AskRound(
                questions, server: server, patience: patience, loop: loop, done: done)
            if overTCPAlone { round.beginOverTCP() } else { round.begin() }
            return NIOLoopBound(round, eventLoop: loop)
        }
        let answers = await withTaskCancellationHandler {
            try? await done.futureResult.get()
        } onCancel: {
            started.whenSuccess { $0.value.finish() }
        }
        try? await group.shutdownGracefully()
        return answers ?? [:]
    }
}
