/// Whom a round asks, and how.
public struct ProbeRoster: Sendable {
    /// One a target: edges in the list's order, then canaries, then reference targets.
    public private(set) var requests: [ProbeRequest] = []
    /// Observations of edges that have no address to ask.
    public private(set) var unprobed: [Observation] = []

    private let settings: NetworkSettings
    private let targets: [ProbeTarget: TargetRecord]

    /// - Parameter targets: what is known of each, to tell those under suspicion.
    public init(
        settings: NetworkSettings, inventory: Inventory,
        targets: [ProbeTarget: TargetRecord] = [:]
    ) {
        self.settings = settings
        self.targets = targets
        for edge in inventory.edges {
            let addresses = inventory.addresses[edge] ?? EdgeAddresses()
            for address in addresses.all {
                var request = request(.edge, edge, address)
                request.resolveTime = inventory.lookupTimes[edge]
                requests.append(request)
            }
            if addresses.all.isEmpty {
                unprobed.append(
                    Observation(
                        target: ProbeTarget(name: edge, family: .ipv4), address: nil,
                        outcome: .unresolvable(
                            reason: inventory.unresolvable[edge] ?? "no address was found"),
                        attempts: 0))
            }
        }
        for address in Set(inventory.canaries.values).sorted() {
            requests.append(request(.canary, EdgeName(address), address))
        }
        for reference in settings.references {
            requests.append(
                ProbeRequest(
                    target: ProbeTarget(
                        role: .reference, name: EdgeName(reference.address),
                        family: reference.address.family),
                    address: reference.address, port: reference.port, scheme: .http,
                    question: .handshake))
        }
    }

    private func request(
        _ role: ProbeTarget.Role, _ name: EdgeName, _ address: IPAddress
    ) -> ProbeRequest {
        let object = settings.object
        let host = object.sendsEdgeNameAsHost ? name.text : object.host
        let isIPv6 = IPAddress(host)?.family == .ipv6
        let bracketed = isIPv6 ? "[\(host)]" : host
        let header =
            object.port == object.scheme.defaultPort ? bracketed : "\(bracketed):\(object.port)"
        let target = ProbeTarget(role: role, name: name, family: address.family)
        return ProbeRequest(
            target: target, address: address, port: object.port, scheme: object.scheme,
            question: .object(path: object.path, hostHeader: header),
            serverName: IPAddress(object.host) == nil ? object.host : nil,
            isWatched: settings.judge.steady?.watches(targets[target]?.steady) ?? false)
    }

    /// What all probes of the round share.
    ///
    /// - Parameter descriptorLimit: how many files the process may hold open.
    public func plan(body: [UInt8], descriptorLimit: Int) -> ProbePlan {
        let timeout = min(settings.probe.timeout, ProbeSettings.maximumTimeout)
        var plan = ProbePlan(
            expectedBody: body, userAgent: settings.probe.userAgent, timeout: timeout,
            attempts: settings.probe.attempts, trust: settings.object.trust,
            canaryKiller: settings.selection.canaryKiller,
            steady: settings.judge.steady.map {
                SteadyAttempts(settings: $0, goodEnough: settings.judge.goodEnough)
            })
        plan.concurrency = ProbeConcurrency.needed(
            requests: requests.count, timeout: plan.longestTime,
            minimum: settings.probe.minimumConcurrency, descriptorLimit: descriptorLimit)
        return plan
    }
}
