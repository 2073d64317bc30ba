public import EdgeCore
public import EdgeShell
internal import Synchronization

extension InMemoryStore: AlarmStore {
    /// What is remembered of a network's alarms.
    public func alarms(_ network: NetworkName) throws -> AlarmState {
        networks.withLock { $0[network]?.alarms ?? AlarmState() }
    }

    /// Changes what is remembered of a network's alarms, or does nothing when `body` throws.
    public func updateAlarms<Value: Sendable>(
        _ network: NetworkName,
        _ body: (inout AlarmState, _ elsewhere: [String: [Moment]]) throws -> Value
    ) throws -> Value {
        try networks.withLock { networks in
            var state = networks[network]?.alarms ?? AlarmState()
            var elsewhere: [String: [Moment]] = [:]
            for (other, memory) in networks where other != network {
                for (receiver, known) in memory.alarms.receivers {
                    elsewhere[receiver, default: []] += known.sent
                }
            }
            let value = try body(&state, elsewhere)
            networks[network, default: MemoryNetwork()].alarms = state
            return value
        }
    }
}
