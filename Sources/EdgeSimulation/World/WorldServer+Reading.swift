internal import EdgeCore

/// How servers take new content in, each kind in its own way.
extension WorldServer {
    /// Reads a zone's file; a sentence when the server says that it does not take it. BIND and NSD say yes
    /// whatever happens.
    mutating func read(_ zone: ZoneName, from file: WorldFile?, at time: WorldTime) -> String? {
        let saysWhy = settings.kind == .knot || settings.kind == .powerdns
        let old = zones[zone]
        guard let file else { return saysWhy ? "[\(zone).] error: no such file" : nil }
        if settings.kind == .bind, let old, file.stamp.modified <= old.loaded { return nil }
        guard var new = WorldCopy(file, of: zone, at: time) else {
            if settings.kind == .nsd { zones[zone]?.isBroken = true }
            return saysWhy ? "[\(zone).] error: it does not parse" : nil
        }
        if let old, settings.choosesSerials {
            guard new.sets != old.sets else { return nil }
            new.serial = old.serial.next
        } else if let old, settings.kind == .knot {
            if new.serial == old.serial {
                guard new.sets != old.sets else { return nil }
                new.serial = old.serial.next
            } else if new.serial.isNewer(than: old.serial) != true {
                return "[\(zone).] error: value is out of range"
            }
        }
        serve(new, of: zone)
        return nil
    }

    /// Carries an update out, if the zone is as it must be (RFC 2136 §3.2); nil: done.
    mutating func carryOut(_ update: ZoneUpdate, at time: WorldTime) -> UpdateFault? {
        switch trouble {
        case .down: return .unreachable(reason: "connection refused")
        case .hanging: return .silent
        case .refusesUpdates: return refusal
        case .controlFails, .controlHangs, .controlIsIgnored, .controlIsLate, .losesAnswers, nil:
            break
        }
        guard !refusing.contains(update.zone) else {
            refusals += 1
            return .refused
        }
        guard !dropped.contains(update.zone), var copy = zones[update.zone] else {
            return settings.kind == .powerdns ? .refused : .notAuthoritative
        }
        if let soa = update.soa, soa != copy.soa { return .prerequisite(code: "NXRRSET") }
        for change in update.changes {
            guard let before = change.before else { continue }
            let found = copy.addresses(change.owner, change.family)
            guard before.sorted() == found else {
                return .prerequisite(code: before.isEmpty ? "YXRRSET" : "NXRRSET")
            }
        }
        for change in update.changes {
            copy.sets[change.owner, default: [:]][change.family] =
                change.after.isEmpty
                ? nil : ServedZone.Addresses(addresses: change.after.sorted(), ttl: change.ttl)
        }
        copy.raise(kind: settings.kind, at: time)
        serve(copy, of: update.zone)
        return trouble == .losesAnswers ? lostAnswer : nil
    }
}

extension WorldCopy {
    /// The serial after an update: BIND counts, the others take the clock where that is newer.
    mutating func raise(kind: NameServerKind, at time: WorldTime) {
        let clock = UnixTime(nanoseconds: time.wall)
        serial = kind == .bind ? serial.next : serial.next(at: clock)
        since = time.passed
    }
}

extension SOASerial {
    /// One more.
    var next: SOASerial { SOASerial(value &+ 1) }
}

extension WorldState {
    /// What was due by now: late commands, and transfers to secondaries.
    mutating func catchUp(_ time: WorldTime) {
        for index in servers.indices where servers[index].trouble?.isUnreachable != true {
            let due = servers[index].later.filter { $0.due <= time.passed }
            servers[index].later.removeAll { $0.due <= time.passed }
            for command in due {
                servers[index].taken += 1
                _ = servers[index].read(command.zone, from: published[command.zone], at: time)
            }
        }
        for index in servers.indices {
            guard let name = servers[index].primary,
                let primary = servers.first(where: { $0.name == name })
            else { continue }
            transfer(from: primary, to: index, at: time)
        }
    }

    /// A secondary takes what is newer (RFC 1996, RFC 1982), a while after it was changed.
    private mutating func transfer(from primary: WorldServer, to index: Int, at time: WorldTime) {
        let secondary = servers[index]
        guard primary.trouble?.isUnreachable != true, secondary.trouble?.isUnreachable != true
        else { return }
        for (zone, copy) in primary.zones.sorted(by: { $0.key < $1.key }) {
            guard !copy.isBroken, !primary.dropped.contains(zone),
                !secondary.dropped.contains(zone),
                time.passed - copy.since >= secondary.delay
            else { continue }
            let own = secondary.zones[zone]
            guard own.map({ copy.serial.isNewer(than: $0.serial) == true }) ?? true else {
                continue
            }
            var new = copy
            new.since = time.passed
            servers[index].serve(new, of: zone)
            servers[index].taken += 1
        }
    }

    func server(_ name: ServerName) -> Int? { servers.firstIndex { $0.name == name } }
}
