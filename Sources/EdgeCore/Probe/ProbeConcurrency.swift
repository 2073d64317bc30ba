/// How many probes must be in flight for a round to end in time (I19).
public enum ProbeConcurrency {
    /// The time by which the probes of a round have ended, whatever the edges do.
    public static let budget: Duration = .seconds(45)
    /// Descriptors that are left to the rest of the program.
    public static let reservedDescriptors = 64
    /// What starting one probe takes from the budget: starts are paced.
    static let startInterval: Duration = .microseconds(1500)

    /// The number of probes that must be in flight so that `requests` probes end within `budget`
    /// even if every one runs into `timeout`: never less than `minimum` or 1, and never more than
    /// `descriptorLimit` allows.
    ///
    /// Where the descriptors don't suffice the round takes longer; raise the limit
    /// (`LimitNOFILE=`) then.
    public static func needed(
        requests: Int, timeout: Duration, minimum: Int = 1, budget: Duration = budget,
        descriptorLimit: Int = 1024
    ) -> Int {
        let most = allowed(descriptorLimit: descriptorLimit)
        let least = min(max(minimum, 1), most)
        let left = budget - startInterval * requests
        guard timeout > .zero, requests > least else { return least }
        let waves = max(1, left.inNanoseconds / max(1, timeout.inNanoseconds))
        let each = (Int64(requests) + waves - 1) / waves
        return min(max(least, Int(each)), most)
    }

    /// The most probes that a limit on descriptors allows: at least 1.
    public static func allowed(descriptorLimit: Int) -> Int {
        max(1, descriptorLimit - min(reservedDescriptors, descriptorLimit / 2))
    }
}
