public import EdgeCore
public import EdgeShell

extension StateStore {
    /// Sets an edge's mode whatever the network is like.
    public func setMode(
        _ network: NetworkName, edge: EdgeName, to mode: ModeRecord, actor: String, now: Moment
    ) throws {
        _ = try setMode(
            network, edge: edge, to: mode, actor: actor, now: now, judge: JudgeSettings()
        ) { _ in [] }
    }
}
