extension ServerSurvey {
    /// How far ahead of ours a serial is believed as it comes: half a year, where serials are Unix times.
    ///
    /// Our next serial follows the newest that a server answers with (I3), and sequence space can't be had
    /// back (RFC 1982 §3.1): one forged datagram could cost half of it, or hold the zone at 2^31.
    public static let mostAhead: UInt32 = 1 << 24

    /// Zones whose answered serials would raise ours further than that, or hold the zone: what must be asked
    /// again over TCP, whose answers nobody off the path can forge, before it is taken in.
    ///
    /// - Parameters:
    ///   - published: what was published, with our serials.
    ///   - comparesSerials: false where the server makes serials itself: these raise ours only where a zone
    ///     is published anew for its sake.
    public static func doubtful(
        _ answers: Answers, published: [ServedExpectation], comparesSerials: Bool,
        known: ServerState, remedy: ServerRemedy, now: Moment
    ) -> [ServedExpectation] {
        published.filter { expectation in
            guard case .success(let served)? = answers[expectation.zone],
                let ours = expectation.serial
            else { return false }
            // Nothing is known of a stranger but the clock, which may be wrong: far behind it may be far ahead
            // of the zone's file.
            let isStranger = expectation.names.isEmpty
            guard
                served.serial.isFarAhead(of: ours)
                    || isStranger && ours.isFarAhead(of: served.serial)
            else { return false }
            guard !comparesSerials else { return true }
            var content = expectation
            content.serial = nil
            return content.difference(from: served) != nil
                && remedy.asksAnew(served, nil, owed: known.owed[expectation.zone], now: now)
        }
    }

    /// The same for what was asked for because it is owed: what is far ahead settles nothing either.
    ///
    /// - Parameter published: what was published; serials are compared where they are given.
    public static func doubtful(
        _ answers: Answers, published: [ServedExpectation]
    ) -> [ServedExpectation] {
        published.filter { expectation in
            guard case .success(let served)? = answers[expectation.zone],
                let ours = expectation.serial
            else { return false }
            return served.serial.isFarAhead(of: ours)
        }
    }

    /// Puts what came over TCP in place of what was doubted; what could not be confirmed is not believed.
    public static func settled(
        _ answers: Answers, doubts: [ServedExpectation], confirmed: Answers
    ) -> Answers {
        var settled = answers
        for doubt in doubts {
            guard case .success(let served)? = answers[doubt.zone], let ours = doubt.serial else {
                continue
            }
            switch confirmed[doubt.zone] {
            case .success(let found): settled[doubt.zone] = .success(found)
            case .failure(let fault):
                settled[doubt.zone] = .failure(
                    .unconfirmed(serial: served.serial, ours: ours, reason: "\(fault)"))
            case nil:
                settled[doubt.zone] = .failure(
                    .unconfirmed(serial: served.serial, ours: ours, reason: "no answer"))
            }
        }
        return settled
    }
}

extension SOASerial {
    /// Whether it is so far ahead of ours that one answer does not suffice: beyond `mostAhead`, up to the
    /// 2^31 that can't be compared.
    fileprivate func isFarAhead(of ours: SOASerial) -> Bool {
        let distance = value &- ours.value
        return distance > ServerSurvey.mostAhead && distance <= 0x8000_0000
    }
}
