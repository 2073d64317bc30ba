public import EdgeCore
public import EdgeShell
internal import NIOCore
internal import NIOPosix

/// Updates zones dynamically (RFC 2136): messages by ldns, sent over TCP, so that nothing is truncated, an
/// answer comes from where the question went, and nothing is sent twice unasked
/// (decisions/name-servers.md).
public struct LdnsZoneUpdater: ZoneUpdater {
    private let clock: any MomentSource

    public init(clock: any MomentSource) {
        self.clock = clock
    }

    /// Sends every update to one name server; what is not answered when `patience` is over is `.silent`.
    public func update(
        _ updates: [ZoneUpdate], on server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: UpdateFault?] {
        guard let settings = server.update, !updates.isEmpty else { return [:] }
        let key: TSIGKey
        do throws(UpdateFault) {
            key = try TSIGKey.read(settings.keyFile)
        } catch {
            let fault = error
            return Dictionary(
                updates.map { ($0.zone, .some(fault)) }, uniquingKeysWith: { first, _ in first })
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.any()
        let done = loop.makePromise(of: [ZoneName: UpdateFault?].self)
        let now = clock.now().wall
        let started = loop.submit {
            let round = UpdateRound(
                updates, key: key, server: server, now: now, patience: patience, loop: loop,
                done: done)
            round.begin()
            return NIOLoopBound(round, eventLoop: loop)
        }
        let faults = await withTaskCancellationHandler {
            try? await done.futureResult.get()
        } onCancel: {
            started.whenSuccess { $0.value.finish() }
        }
        try? await group.shutdownGracefully()
        return faults ?? [:]
    }
}
