public import EdgeCore

/// Remembers alarms from run to run, beside a network's state.
public protocol AlarmStore: Sendable {
    /// What is remembered; an empty state when there is nothing, or nothing that can be read.
    func alarms(_ network: NetworkName) throws -> AlarmState
    /// Changes what is remembered, in one transaction that is durable when this returns.
    ///
    /// - Parameter body: is given the state, and by receiver when it was told something for other networks; it
    ///   may be called again when the database was replaced meanwhile.
    func updateAlarms<Value: Sendable>(
        _ network: NetworkName,
        _ body: (inout AlarmState, _ elsewhere: [String: [Moment]]) throws -> Value
    ) throws -> Value
}

/// Sends to receivers of alarms. The real one knows HTTP and commands.
public protocol AlarmSender: Sendable {
    /// Runs one errand; never throws, and ends within `patience` and a little.
    func run(
        _ errand: AlarmErrand, network: NetworkName, interval: Duration, now: UnixTime,
        within patience: Duration
    ) async -> AlarmErrandResult
}

/// Tells the time of day where the machine stands.
public protocol LocalClock: Sendable {
    /// Minutes after midnight by the system's local time, from 0 to 1439.
    func minuteOfDay(_ time: UnixTime) -> Int
}
