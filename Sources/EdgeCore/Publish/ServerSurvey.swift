/// What the name servers were found to serve, compared with what was published: taken before a round
/// is planned, so that what differs is published again (I7) and no serial falls behind (I3).
public struct ServerSurvey: Hashable, Sendable {
    /// The newest serial that a server answers with, where that is newer than the published one.
    public var highest: [ZoneName: SOASerial] = [:]
    /// Serials that RFC 1982 §3.2 does not compare with the published one.
    public var incomparable: [ZoneName: IncomparableSerial] = [:]
    /// Zones that must be published anew, and why: a server has other content under our serial or a newer
    /// one.
    public var rewrites: [ZoneName: String] = [:]
    /// What was learned, by server.
    public var updates: [ServerName: ServerUpdate] = [:]
    /// What an operator should know of the name servers; a sentence each.
    public var warnings: [String] = []
    /// What was answered, by server.
    public var served: [ServerName: [ZoneName: ServedZone]] = [:]

    public init() {}
}

/// A serial at exactly half the number space from ours (RFC 1982 §3.2).
public struct IncomparableSerial: Hashable, Sendable {
    public var server: ServerName
    public var served: SOASerial
    public var ours: SOASerial

    public init(server: ServerName, served: SOASerial, ours: SOASerial) {
        self.server = server
        self.served = served
        self.ours = ours
    }
}

/// What a zone that a name server serves otherwise can ask for, once in ten minutes, so that a server that
/// never serves what it is told does not make every round publish anew.
public enum ServerRemedy: Hashable, Sendable {
    /// Nothing but to be told, or updated, again.
    case none
    /// The server takes zones from others: other content under our serial or a newer one is published
    /// anew, for no older serial of ours would ever reach it.
    case asked
    /// The server is told of files: that too, and whatever it does not serve although it was told so long
    /// ago: it may have passed over a file that seemed old to it, or a serial below one of its own.
    case told(patience: Duration)

    /// Whether the server is told of changed files.
    var isTold: Bool {
        switch self {
        case .told: true
        case .none, .asked: false
        }
    }

    /// Whether what is served, nil when it can't be used, asks for a new publication.
    func asksAnew(
        _ served: ServedZone?, _ ours: SOASerial?, owed: OwedZone?, now: Moment
    ) -> Bool {
        guard owed?.mayBeRewritten(at: now) ?? true else { return false }
        switch self {
        case .none: return false
        case .asked: return Self.isUnreachable(served, ours)
        case .told(let patience):
            if Self.isUnreachable(served, ours) { return true }
            guard let owed, owed.isTold else { return false }
            // A stamp from the future is from before the clock was set back.
            let waited = now.wall.since(owed.since)
            return waited > patience || waited < .zero
        }
    }

    /// No file under our present serial would be taken over what is served.
    private static func isUnreachable(_ served: ServedZone?, _ ours: SOASerial?) -> Bool {
        guard let served, let ours else { return false }
        return served.serial == ours || served.serial.isNewer(than: ours) == true
    }
}

extension ServerSurvey {
    /// What a server answered.
    public typealias Answers = [ZoneName: Result<ServedZone, ServedFault>]

    /// Takes one server's answers in.
    ///
    /// - Parameters:
    ///   - expected: what it should serve; serials are compared where they are given.
    ///   - generation: the last published one.
    ///   - remedy: what a zone that differs can ask for.
    public mutating func take(
        _ answers: Answers, of server: ServerName, expected: [ServedExpectation],
        known: ServerState, generation: Int, remedy: ServerRemedy, now: Moment
    ) {
        var update = ServerUpdate(server: server, failures: known.failures)
        let isThere = Self.isThere(answers)
        guard isThere || expected.isEmpty else {
            update.silentSince = known.silentSince ?? now.wall
            updates[server] = update
            return
        }
        var ahead: [ZoneName] = []
        var found: [ZoneName: ServedZone] = [:]
        found.reserveCapacity(expected.count)
        for expectation in expected {
            let zone = expectation.zone
            let owed = known.owed[zone]
            let difference: String
            switch answers[zone] {
            case .success(let served):
                found[zone] = served
                compare(served, with: expectation, server: server)
                guard let found = expectation.difference(from: served) else {
                    if owed != nil { update.settled.insert(zone) }
                    if remedy.isTold, owed == nil, let ours = expectation.serial,
                        served.serial.isNewer(than: ours) == true
                    {
                        ahead.append(zone)
                    }
                    continue
                }
                difference = found
                if remedy.asksAnew(served, expectation.serial, owed: owed, now: now) {
                    rewrites[zone] = "\(server) \(found)"
                    // A server that makes its own serials may have refused ours for being below them.
                    if expectation.serial == nil { raise(zone, to: served.serial) }
                }
            case .failure(let fault) where fault.isAnswer:
                difference = "\(fault)"
                if remedy.asksAnew(nil, expectation.serial, owed: owed, now: now) {
                    rewrites[zone] = "\(server) \(fault)"
                }
            case .failure, nil: continue
            }
            update.owed[zone] = OwedZone(
                generation: owed?.generation ?? generation, since: owed?.since ?? now.wall,
                isTold: owed?.isTold ?? false, isRewritten: owed?.isRewritten ?? false,
                difference: difference)
        }
        served[server] = found
        overtake(ahead, known: known, now: now, update: &update)
        updates[server] = update
    }

    /// A serial that was raised on the server: when it is lost there, its secondaries would take nothing
    /// older from us.
    private mutating func overtake(
        _ ahead: [ZoneName], known: ServerState, now: Moment, update: inout ServerUpdate
    ) {
        guard let first = ahead.first else { return }
        if let last = known.lastRaise, now.elapsed(since: last) < ServerState.raisePause {
            warnings.append(
                "name server \(update.server) goes on serving newer serials than the published ones, as for "
                    + "\(first): if it makes its own (signing, updates), say serials: own of it")
            return
        }
        update.lastRaise = now
        for zone in ahead { rewrites[zone] = "\(update.server) serves a newer serial" }
    }

    private static func isThere(_ answers: Answers) -> Bool {
        answers.values.contains { answer in
            switch answer {
            case .success: true
            case .failure(let fault): fault.isAnswer
            }
        }
    }

    private mutating func raise(_ zone: ZoneName, to serial: SOASerial) {
        highest[zone] = highest[zone].map { .newer($0, serial) } ?? serial
    }

    private mutating func compare(
        _ served: ServedZone, with expectation: ServedExpectation, server: ServerName
    ) {
        guard let ours = expectation.serial else { return }
        let zone = expectation.zone
        switch served.serial.isNewer(than: ours) {
        case true?: raise(zone, to: served.serial)
        case false?: return
        case nil:
            incomparable[zone] = IncomparableSerial(
                server: server, served: served.serial, ours: ours)
        }
    }
}
