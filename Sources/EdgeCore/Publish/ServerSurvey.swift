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
    /// By server, the zones of `rewrites` that it does not serve as planned.
    public var askers: [ServerName: Set<ZoneName>] = [:]
    /// What was learned, by server.
    public var updates: [ServerName: ServerUpdate] = [:]
    /// What an operator should know of the name servers; a sentence each.
    public var warnings: [String] = []
    /// By server, the zones that it answered for without telling what it serves.
    public var faults: [ServerName: [ZoneName: ServedFault]] = [:]
    /// What was answered, by server.
    public var served: [ServerName: [ZoneName: ServedZone]] = [:]

    public init() {}
}

/// A serial at half the number space from ours, or so little less that next to no other follows both
/// (RFC 1982 §3.2).
public struct IncomparableSerial: Hashable, Sendable {
    /// How many serials must be left that follow both: a plan that a newer one overtook has used one up, and its
    /// file was never written, so that the next one must follow the file too.
    public static let room: UInt32 = 16

    public var server: ServerName
    public var served: SOASerial
    public var ours: SOASerial

    public init(server: ServerName, served: SOASerial, ours: SOASerial) {
        self.server = server
        self.served = served
        self.ours = ours
    }
}

/// What a zone that a name server serves otherwise can ask for, after pauses that double
/// (`OwedZone.pause(after:)`), so that a server that never serves what it is told does not make every
/// round publish anew.
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
            return owed?.isToldInVain(at: now, patience: patience) ?? false
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
            let owed = known.owing(zone)
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
                    ask(for: zone, by: server, because: found)
                    // A server that makes its own serials may have refused ours for being below them.
                    if expectation.serial == nil { raise(zone, to: served.serial) }
                }
            case .failure(let fault) where fault.isAnswer:
                difference = words(of: fault, on: zone, by: server)
                if remedy.asksAnew(nil, expectation.serial, owed: owed, now: now) {
                    ask(for: zone, by: server, because: difference)
                }
            case .failure, nil: continue
            }
            update.owed[zone] =
                owed?.found(serving: found[zone], expectation.serial, difference)
                ?? OwedZone(generation: generation, since: now.wall, difference: difference)
        }
        served[server] = found
        warnOfVainRewrites(update, now: now)
        overtake(ahead, known: known, now: now, update: &update)
        updates[server] = update
    }

    /// Takes in what one server answered for zones that are not known to be published.
    ///
    /// - Parameter comparesSerials: whether ours have to follow the server's: a lost database need not mean
    ///   that nothing was published.
    public mutating func take(
        _ answers: Answers, of server: ServerName, unpublished zones: [ZoneName],
        comparesSerials: Bool
    ) {
        for zone in zones {
            switch answers[zone] {
            case .success(let served):
                self.served[server, default: [:]][zone] = served
                if comparesSerials { raise(zone, to: served.serial) }
            case .failure(let fault) where fault.isAnswer:
                faults[server, default: [:]][zone] = fault
            case .failure, nil: continue
            }
        }
    }

    private mutating func words(
        of fault: ServedFault, on zone: ZoneName, by server: ServerName
    ) -> String {
        faults[server, default: [:]][zone] = fault
        return "\(fault)"
    }

    private mutating func ask(for zone: ZoneName, by server: ServerName, because words: String) {
        rewrites[zone] = "\(server) \(words)"
        askers[server, default: []].insert(zone)
    }

    /// So many publications for a server's sake, and still it serves something else: only its operator can
    /// mend that.
    static let mostVainRewrites = 2

    private mutating func warnOfVainRewrites(_ update: ServerUpdate, now: Moment) {
        let vain = update.owed.filter { $0.value.rewrites >= Self.mostVainRewrites }
        guard let (zone, owed) = vain.min(by: { $0.key < $1.key }) else { return }
        let more = vain.count > 1 ? " (and \(vain.count - 1) more zones)" : ""
        let left = OwedZone.pause(after: owed.rewrites) - now.wall.since(owed.published)
        let minutes = max(0, Int(left.inSeconds / 60))
        warnings.append(
            "zone \(zone)\(more) was published anew \(owed.rewrites) times because of name server "
                + "\(update.server), in vain: it \(owed.difference ?? "differs"); mend it, name the "
                + "server behind it where a cache or proxy answers, or take it out of publish.servers; "
                + "the next publication for its sake is in \(minutes) minutes at the earliest")
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
        let next = SOASerial(served.serial.value &+ IncomparableSerial.room)
        let follows = next.isNewer(than: ours) == true
        switch served.serial.isNewer(than: ours) {
        case true? where follows: raise(zone, to: served.serial)
        case false?: return
        case true?, nil:
            incomparable[zone] = IncomparableSerial(
                server: server, served: served.serial, ours: ours)
        }
    }
}

extension OwedZone {
    /// What is still owed, by what is served instead: a server that follows each publication, and is behind
    /// the last, owes that one alone. Our serials are Unix times.
    ///
    /// - Parameter ours: the published serial; nil: the server's are its own, which tell nothing of ours.
    fileprivate func found(
        serving served: ServedZone?, _ ours: SOASerial?, _ difference: String
    ) -> OwedZone {
        var owed = self
        owed.difference = difference
        guard let served, ours != nil else { return owed }
        let reached = UnixTime(seconds: Int64(served.serial.value))
        if reached < published { owed.since = max(since, reached) }
        return owed
    }
}

extension ServerState {
    /// What is owed of a zone by a server that answers. Who comes back may have missed what it was told, or
    /// lost it.
    fileprivate func owing(_ zone: ZoneName) -> OwedZone? {
        var owed = owed[zone]
        if silentSince != nil { owed?.told = nil }
        return owed
    }
}
