/// What is known of one name server of a network.
public struct ServerState: Hashable, Sendable {
    /// Zones that it is not known to serve as planned.
    public var owed: [ZoneName: OwedZone]
    /// Successive runs in which it could not be told of changed zones.
    public var failures: Int
    /// When it was last tried to tell it; nil: never.
    public var lastTry: Moment?
    /// How it was last told; nil: never.
    public var lastControl: StoredControl?
    /// The first of the successive runs in which it did not answer; nil: it answers.
    public var silentSince: UnixTime?
    /// When zones were last published anew because it had a newer serial.
    public var lastRaise: Moment?

    /// Serials of a server that runs ahead are overtaken once in this time: one that makes its own serials
    /// would else make every round publish.
    public static let raisePause: Duration = .seconds(3600)

    public init(
        owed: [ZoneName: OwedZone] = [:], failures: Int = 0, lastTry: Moment? = nil,
        lastControl: StoredControl? = nil, silentSince: UnixTime? = nil,
        lastRaise: Moment? = nil
    ) {
        self.lastRaise = lastRaise
        self.owed = owed
        self.failures = failures
        self.lastTry = lastTry
        self.lastControl = lastControl
        self.silentSince = silentSince
    }
}

extension ServerState {
    /// How long it is left alone after so many failures in a row: 15 s, doubled each time, 5 minutes at
    /// most.
    public static func pause(after failures: Int) -> Duration {
        failures <= 0 ? .zero : min(.seconds(300), .seconds(15 << min(failures - 1, 5)))
    }

    /// Whether it may be told again.
    public func mayBeTold(at now: Moment) -> Bool {
        guard failures > 0, let lastTry else { return true }
        return now.elapsed(since: lastTry) >= Self.pause(after: failures)
    }
}

/// A zone that a name server does not serve as planned, as far as is known.
public struct OwedZone: Hashable, Sendable {
    /// The generation that it has to serve.
    public var generation: Int
    /// Since when the server is not known to serve the zone as published, however often it was published
    /// anew since.
    public var since: UnixTime
    /// When the generation that it has to serve was published.
    public var published: UnixTime
    /// When the server was told, or updated, since then: the first of the successive times that this went
    /// well, for a server's patience counts from there; nil: it was not, or not the last time.
    public var told: UnixTime?
    /// How many times in a row it was published anew for this server's sake: each vain one doubles the pause
    /// before the next (I7).
    public var rewrites: Int
    /// What it said instead, in words that follow its name; nil: not asked since.
    public var difference: String?
    /// Labels that rotate no more and that it may still have addresses at (updates alone).
    public var gone: [WithdrawnLabel]

    /// - Parameter published: nil: it is owed since it was published.
    public init(
        generation: Int, since: UnixTime, published: UnixTime? = nil, told: UnixTime? = nil,
        rewrites: Int = 0, difference: String? = nil, gone: [WithdrawnLabel] = []
    ) {
        self.generation = generation
        self.since = since
        self.published = published ?? since
        self.told = told
        self.rewrites = rewrites
        self.difference = difference
        self.gone = gone
    }

    /// Whether the server was told, or updated.
    public var isTold: Bool { told != nil }

    /// Notes how telling or updating went.
    public mutating func note(isTold: Bool, at time: UnixTime) {
        told = isTold ? told ?? time : nil
    }

    /// How long publications for a server's sake are given before there is another: 10 minutes after the
    /// first, doubled each time, a day at most.
    public static func pause(after rewrites: Int) -> Duration {
        rewrites <= 0 ? .zero : min(.seconds(86_400), .seconds(600 << min(rewrites - 1, 8)))
    }

    /// Whether it may be published anew, for the first time or again: the server may have been changed once
    /// more. A publication from the future was long ago (I25).
    public func mayBeRewritten(at now: Moment) -> Bool {
        let age = now.wall.since(published)
        return age < .zero || age >= Self.pause(after: rewrites)
    }

    /// Whether the server had `patience` to take in what it was told. A stamp from the future is from before
    /// the clock was set back.
    public func isToldInVain(at now: Moment, patience: Duration) -> Bool {
        guard let told else { return false }
        let waited = now.wall.since(max(told, published))
        return waited > patience || waited < .zero
    }

    /// What is owed from the moment that a zone is published.
    ///
    /// - Parameters:
    ///   - known: what was owed before; nil: nothing, so that the time, and publications for this server's
    ///     sake, are counted anew.
    ///   - isForItsSake: it is published because this server served something else.
    ///   - gone: labels that rotate no more and that the server may still have addresses at.
    public init(
        of zone: GenerationZone, generation: Int, published: UnixTime, after known: OwedZone?,
        isForItsSake: Bool, gone: [WithdrawnLabel] = []
    ) {
        let isAnother = isForItsSake && zone.causes.contains(.served)
        self.init(
            generation: generation, since: known.map { min($0.since, published) } ?? published,
            published: published,
            rewrites: (known?.rewrites ?? 0) + (isAnother ? 1 : 0), gone: gone)
    }
}

/// How a name server was last told of changed zones.
public struct StoredControl: Hashable, Sendable {
    public var time: UnixTime
    public var command: String
    /// `exit status 0`, `signal 9`, …
    public var ending: String
    /// The last lines of its output, 4 KiB at most.
    public var output: String
    public var duration: Duration
    /// Why it counts as failed; nil: it does not.
    public var failure: String?

    public init(
        time: UnixTime, command: String, ending: String, output: String, duration: Duration,
        failure: String?
    ) {
        self.time = time
        self.command = command
        self.ending = ending
        self.output = output
        self.duration = duration
        self.failure = failure
    }
}

/// What a run learned of one name server.
public struct ServerUpdate: Hashable, Sendable {
    public var server: ServerName
    /// Zones that are found as planned at this generation or an older one: no longer owed.
    public var settled: Set<ZoneName>
    /// Zones that stay or become owed, with what is known of each.
    public var owed: [ZoneName: OwedZone]
    public var failures: Int
    /// nil: it was not tried in this run, and what is stored stays.
    public var lastTry: Moment?
    /// nil: it was not told in this run, and what is stored stays.
    public var control: StoredControl?
    public var silentSince: UnixTime?
    /// nil: nothing was published for its newer serials' sake, and what is stored stays.
    public var lastRaise: Moment?

    public init(
        server: ServerName, settled: Set<ZoneName> = [], owed: [ZoneName: OwedZone] = [:],
        failures: Int = 0, lastTry: Moment? = nil, control: StoredControl? = nil,
        silentSince: UnixTime? = nil, lastRaise: Moment? = nil
    ) {
        self.lastRaise = lastRaise
        self.server = server
        self.settled = settled
        self.owed = owed
        self.failures = failures
        self.lastTry = lastTry
        self.control = control
        self.silentSince = silentSince
    }
}
