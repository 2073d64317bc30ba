public import EdgeCore

extension Moment {
    /// Whether `earlier` cannot be true as it stands: it lies ahead of this moment on the clock that
    /// they share. A store writes it down restamped, so that it counts as now only once (I25).
    public func isOvertaken(by earlier: Moment) -> Bool {
        bootID == earlier.bootID ? earlier.sinceBoot > sinceBoot : earlier.wall > wall
    }
}

extension ProbeTarget {
    /// The canary that an edge taken over from the original's files may turn out to be: the files do
    /// not say which of the two an address is. nil for names and for other roles.
    public var asCanary: ProbeTarget? {
        guard role == .edge, name.address != nil else { return nil }
        return ProbeTarget(role: .canary, name: name, family: family)
    }
}

extension EdgeStoreFile {
    /// The fetches as a store takes them over: the newest `limit`, oldest first, none in the future
    /// and none of negative length.
    public func adoptable(at now: Moment, limit: Int = 2000) -> [Fetch] {
        fetchTimes
            .map { Fetch(time: min($0.time, now.wall), duration: max($0.duration, .zero)) }
            .sorted { $0.time < $1.time }
            .suffix(limit)
    }
}
