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
