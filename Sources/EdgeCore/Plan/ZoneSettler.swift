/// What becomes of one zone in this round.
public struct ZoneSettlement: Hashable, Sendable {
    /// What is done with its file.
    public enum Action: Hashable, Sendable {
        /// Only the database's note of it changes.
        case note
        /// Its file is right already and is taken over as it is, with its serial.
        case adopt(FileStamp)
        /// Its file is written.
        case write
        /// It waits.
        case hold(Hold)
    }

    public var step: ZoneStep
    public var action: Action
    public var serial: SOASerial
    /// The records that the file shall have, sorted; empty for `note`.
    public var records: [DNSRecord]
    /// Approvals that were used up.
    public var usedApprovals: Set<String>
}

/// A published zone file as it was found.
public struct ExistingZone: Hashable, Sendable {
    public var serial: SOASerial
    /// Sorted, the SOA included.
    public var records: [DNSRecord]
    public var stamp: FileStamp

    public init(serial: SOASerial, records: [DNSRecord], stamp: FileStamp) {
        self.serial = serial
        self.records = records
        self.stamp = stamp
    }
}

/// Settles what a step leads to, once include and present file were read.
public struct ZoneSettler: Sendable {
    public var approvals: Set<String>
    public var approvesAll: Bool
    /// What name servers were found to serve.
    public var survey: ServerSurvey
    public var now: Moment

    public init(
        approvals: Set<String>, approvesAll: Bool, survey: ServerSurvey = ServerSurvey(),
        now: Moment
    ) {
        self.approvals = approvals
        self.approvesAll = approvesAll
        self.survey = survey
        self.now = now
    }

    /// - Parameters:
    ///   - include: the include's records in canonical form.
    ///   - published: what the database knows; nil for a zone that is new to it.
    ///   - existing: the present file, where it was read and parsed.
    public func settle(
        _ step: ZoneStep, include: [DNSRecord], published: PublishedZone?, existing: ExistingZone?
    ) -> ZoneSettlement {
        var settlement = begun(step, published: published, existing: existing)
        guard !step.causes.isEmpty else {
            settlement.action = .note
            settlement.serial = published?.serial ?? settlement.serial
            return settlement
        }
        if let existing, step.causes.allSatisfy({ $0 != .forced && $0 != .served }),
            let serial = adoptable(existing, step: step, include: include, published: published)
        {
            settlement.action = .adopt(existing.stamp)
            settlement.serial = serial
            settlement.records = existing.records
            return settlement
        }
        settlement.records = ZoneRenderer.expectedRecords(
            content(of: step), serial: settlement.serial, includeRecords: include)
        if let hold = incomparableSerial(step) {
            settlement.action = .hold(hold)
            return settlement
        }
        guardForeignFile(
            &settlement, include: include, published: published, existing: existing)
        return settlement
    }

    /// The same for a catalog, whose records are of its own.
    public func settle(
        _ step: ZoneStep, catalog: CatalogZone, published: PublishedZone?, existing: ExistingZone?
    ) -> ZoneSettlement {
        var settlement = begun(step, published: published, existing: existing)
        settlement.records = catalog.expectedRecords(serial: settlement.serial)
        if let hold = incomparableSerial(step) { settlement.action = .hold(hold) }
        return settlement
    }

    /// What a name server serves at half the number space from ours waits for its operator; a file that is
    /// not ours is put back all the same. Whoever loaded that file takes the next one, and who does not
    /// can compare the serial that follows ours with its own (RFC 1982 §3.2).
    private func incomparableSerial(_ step: ZoneStep) -> Hold? {
        guard let serial = survey.incomparable[step.zone], !step.causes.contains(.repair) else {
            return nil
        }
        return .serialNotComparable(zone: step.zone, serial)
    }

    /// A settlement that writes, with a serial above every known one.
    private func begun(
        _ step: ZoneStep, published: PublishedZone?, existing: ExistingZone?
    ) -> ZoneSettlement {
        let previous = [published?.serial, existing?.serial, survey.highest[step.zone]]
            .compactMap { $0 }
        return ZoneSettlement(
            step: step, action: .write, serial: .following(previous, at: now.wall), records: [],
            usedApprovals: [])
    }

    /// The serial of a file that says already what it should; nil when it must be written.
    private func adoptable(
        _ existing: ExistingZone, step: ZoneStep, include: [DNSRecord], published: PublishedZone?
    ) -> SOASerial? {
        // A file that went back behind what was published would never reach the secondaries (RFC 1982).
        if let published, published.serial != existing.serial,
            existing.serial.isNewer(than: published.serial) != true
        {
            return nil
        }
        let wanted = ZoneRenderer.expectedRecords(
            content(of: step), serial: existing.serial, includeRecords: include)
        return wanted == existing.records ? existing.serial : nil
    }

    /// A file that another program wrote is not given other NS or SOA parameters unasked, nor does it lose
    /// many of its records.
    private func guardForeignFile(
        _ settlement: inout ZoneSettlement, include: [DNSRecord], published: PublishedZone?,
        existing: ExistingZone?
    ) {
        guard published == nil, let existing, !approvesAll else { return }
        let zone = settlement.step.zone
        var holds: [Hold] = []
        if Self.authority(existing.records, zone: zone)
            != Self.authority(settlement.records, zone: zone)
        {
            holds.append(.foreignParameters(zone: zone, to: settlement.step.dns.authority))
        }
        let standing = existing.records.filter { !isGenerated($0, step: settlement.step) }
        if let hold = IncludeGuard.hold(zone: zone, from: standing, to: include) {
            holds.append(hold)
        }
        guard let hold = holds.first(where: { !approvals.contains($0.approvalKey ?? "") }) else {
            settlement.usedApprovals = Set(holds.compactMap(\.approvalKey))
            return
        }
        settlement.action = .hold(hold)
    }

    /// Whether a record is of the kind that is generated: SOA and NS of the apex, addresses that rotate.
    private func isGenerated(_ record: DNSRecord, step: ZoneStep) -> Bool {
        let apex = "\(step.zone)."
        if record.owner == apex, record.type == "SOA" || record.type == "NS" { return true }
        guard record.type == "A" || record.type == "AAAA" else { return false }
        return record.owner == apex
            || step.dns.rotatedLabels.contains { record.owner == "\($0).\(apex)" }
    }

    /// Apex NS and the SOA without its serial.
    private static func authority(_ records: [DNSRecord], zone: ZoneName) -> [DNSRecord] {
        let apex = "\(zone)."
        return records.filter { $0.owner == apex && ($0.type == "NS" || $0.type == "SOA") }
            .map { record in
                guard record.type == "SOA" else { return record }
                var fields = record.data.split(separator: " ").map(String.init)
                if fields.count == 7 { fields[2] = "" }
                var bare = record
                bare.data = fields.joined(separator: " ")
                return bare
            }
    }

    /// The content that a step asks for.
    public func content(of step: ZoneStep) -> ZoneContent {
        ZoneContent(zone: step.zone, addresses: step.addresses.addresses, dns: step.dns)
    }
}
