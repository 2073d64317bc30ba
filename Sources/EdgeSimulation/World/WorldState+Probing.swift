internal import EdgeCore
internal import EdgeTesting

/// How an edge of the simulated world behaves.
public enum WorldBehaviour: Hashable, Sendable, CaseIterable {
    case fine, slow, refusing, silent, wrongContent, failing
    /// It needs exactly as long as is good enough, or a nanosecond more.
    case exactlyGood, barelySlow
    /// It answers in one round and refuses in the next.
    case flapping
    /// It loses 30 % of the attempts.
    case lossy
    /// It tells this monitor that it asks too often.
    case blocking
    case resetting, redirecting, endless
    /// Its certificate is wrong, whichever way.
    case wrongCertificate
    /// It does not speak HTTP.
    case babbling

    /// Those that every outcome of a trace can tell.
    public static let plain: [WorldBehaviour] = [
        .fine, .slow, .refusing, .silent, .wrongContent, .failing,
    ]

    /// Those beside `plain`.
    static let odd: [WorldBehaviour] = allCases.filter { !plain.contains($0) }

    /// Whether nobody gets the object, and never did in such a state.
    var isDead: Bool {
        switch self {
        case .refusing, .silent, .failing, .resetting, .redirecting, .endless, .wrongCertificate,
            .babbling:
            true
        case .fine, .slow, .wrongContent, .exactlyGood, .barelySlow, .flapping, .lossy, .blocking:
            false
        }
    }

    /// What an attempt comes to.
    func outcome(
        jitter: Int, round: Int, using random: inout SeededRandom
    ) -> ProbeOutcome {
        let good = ProbeOutcome.ok(fetchTime: .milliseconds(60 + jitter))
        return switch self {
        case .fine: good
        case .slow: .ok(fetchTime: .milliseconds(3000 + jitter * 20))
        case .refusing: .refused
        case .silent: .timeout(.connect)
        case .failing: .http(status: 503)
        case .wrongContent: .mismatch(.content(firstDifference: 0))
        case .exactlyGood: .ok(fetchTime: .seconds(1))
        case .barelySlow: .ok(fetchTime: .seconds(1) + .nanoseconds(1))
        case .flapping: round.isMultiple(of: 2) ? good : .refused
        case .lossy: Int.random(in: 0..<10, using: &random) < 3 ? .timeout(.connect) : good
        case .blocking: .http(status: 429)
        case .resetting: .reset(.connect)
        case .redirecting: .redirect(status: 301, target: "https://elsewhere.test/")
        case .endless: .tooLarge(limit: 65_536)
        case .wrongCertificate: .tls(reason: "the certificate is for another name")
        case .babbling: .protocolError(reason: "no HTTP")
        }
    }
}

extension WorldState {
    /// What a probe comes to, with as many attempts as the plan makes.
    mutating func observation(of request: ProbeRequest, plan: ProbePlan) -> Observation {
        var observation = attempts(at: request, plan: plan)
        if observation.outcome.showsACertificate, request.target.role == .edge {
            let machine = owners[request.address] ?? request.target.name
            observation.certificateExpiry = certificates[machine]
        }
        return observation
    }

    private mutating func attempts(at request: ProbeRequest, plan: ProbePlan) -> Observation {
        var observation = Observation(
            target: request.target, address: request.address,
            outcome: outcome(of: request, plan: plan))
        guard let steady = plan.attempts(of: request) else { return observation }
        var left = steady.settings.roundTime
        while true {
            if losesPackets, random.once(in: 30) { observation.outcome = .timeout(.connect) }
            left -= observation.outcome.fetchTime ?? steady.settings.attemptTimeout
            let pause = steady.pause(
                after: observation.outcome, made: observation.attempts, left: left,
                isWatched: request.isWatched)
            guard let pause else { return observation }
            left -= pause
            observation.earlier.append(observation.outcome)
            observation.attempts += 1
            observation.outcome = outcome(of: request, plan: plan)
        }
    }

    /// What an attempt of `target` at `address` comes to.
    private mutating func outcome(of request: ProbeRequest, plan: ProbePlan) -> ProbeOutcome {
        let jitter = Int.random(in: 0..<40, using: &random)
        if localFaults > 0, Int.random(in: 0..<localFaults, using: &random) == 0 {
            return .localFault(reason: "no descriptors are left")
        }
        if isCutOff { return .timeout(.connect) }
        if request.target.role == .reference { return .ok(fetchTime: .milliseconds(5 + jitter)) }
        let machine = owners[request.address] ?? request.target.name
        let behaviour = behaviours[machine] ?? .silent
        if losesHalf, isFar(request.address) { return .timeout(.connect) }
        return behaviour.outcome(jitter: jitter, round: probings, using: &random)
    }

    /// Keeps what the first process was told of an edge, for checking what it makes of it.
    mutating func note(_ observation: Observation, process: Int32) {
        guard process == 1, observation.target.role == .edge else { return }
        told[observation.target.name] = observation.outcome
    }

    /// Whether an address lies on the side that can't be reached at times.
    private func isFar(_ address: IPAddress) -> Bool {
        guard case .v4(let number) = address else { return true }
        return number & 1 == 0
    }
}

extension ProbeOutcome {
    /// Whether a handshake got so far that the edge showed its certificate, where it has one.
    fileprivate var showsACertificate: Bool {
        switch self {
        case .ok, .tls, .http, .redirect, .mismatch, .tooLarge, .protocolError: true
        case .timeout(let phase), .reset(let phase): phase == .processing || phase == .transfer
        case .unresolvable, .refused, .unreachable, .localFault: false
        }
    }
}
