public import EdgeCore
public import EdgeShell
internal import NIOCore
internal import NIOPosix

/// Updates zones dynamically (RFC 2136): records by ldns, signed by TSIG (RFC 8945) at the moment they are
/// sent, over TCP, so that nothing is truncated and an answer comes from where the question went
/// (decisions/name-servers.md).
public struct LdnsZoneUpdater: ZoneUpdater {
    private let clock: any MomentSource

    /// - Parameter clock: what messages are signed by, and answers' times compared with.
    public init(clock: any MomentSource) {
        self.clock = clock
    }

    /// Sends every update to one name server, while `isCurrent` says yes; what is not answered when
    /// `patience` is over is `.silent`.
    public func update(
        _ updates: [ZoneUpdate], on server: NameServerSettings, within patience: Duration,
        while isCurrent: @escaping @Sendable () throws -> Bool
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
        let order = UpdateRound.Order(
            updates: updates, key: key, server: server, now: clock.now().wall,
            patience: patience, isCurrent: isCurrent)
        let started = loop.submit {
            let round = UpdateRound(order, loop: loop, done: done)
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
