public import EdgeCore

/// Renders zones by an operator's template and reads them back, before anything is published.
public struct TemplateTrial: Sendable {
    private let parser: any ZoneParser

    /// Whatever the serial will be, it stands in the SOA alone: this one is easily told from other numbers.
    static let serial = SOASerial(1_964_017_385)

    public init(parser: any ZoneParser) {
        self.parser = parser
    }

    /// What came of trying a template with one zone.
    public struct Outcome: Sendable {
        /// The records that it adds to the planned ones, or one sentence that names the template's file and
        /// line, or the line of the zone that it makes, or what that zone lacks or must not have
        /// (`TemplateRules`).
        public var additions: Result<[DNSRecord], PublishFailure>
        /// What the rendering took.
        public var steps: Int
        /// Whether it was ended for taking too much.
        public var passesLimit: Bool
    }

    /// Tries a template with one zone.
    public func outcome(
        of template: any ZoneTemplate, content: ZoneContent, include: CheckedInclude
    ) -> Outcome {
        let rendering = template.rendering(
            of: content, serial: Self.serial, include: include.text)
        let additions = Result { () throws(PublishFailure) -> [DNSRecord] in
            switch rendering.text {
            case .failure(let problem): throw PublishFailure("\(problem)")
            case .success(let text):
                return try self.additions(in: text, content: content, include: include)
            }
        }
        return Outcome(
            additions: additions, steps: rendering.steps, passesLimit: rendering.passesLimit)
    }

    private func additions(
        in text: [UInt8], content: ZoneContent, include: CheckedInclude
    ) throws(PublishFailure) -> [DNSRecord] {
        let file = "the template's zone \(content.zone)"
        switch parser.parse(text, zone: content.zone, file: file) {
        case .failure(let refusal):
            throw PublishFailure(refusal.problems.first.map { "\($0)" } ?? "\(file) can't be read")
        case .success(let zone):
            let expected = ZoneRenderer.expectedRecords(
                content, serial: Self.serial, includeRecords: include.records)
            do throws(TemplateRules.Fault) {
                let added = try TemplateRules.additions(
                    found: zone.records, expected: expected, include: include.records,
                    content: content)
                try TemplateRules.refuseSerial(Self.serial, in: added)
                return added
            } catch {
                throw PublishFailure("the zone template is not taken: \(error.message)")
            }
        }
    }

    /// So many sets of records are tried at most to find those that can stand.
    private static let mostTrials = 256

    /// Which records that an earlier template added can go on in the built-in text, and which can't.
    func holdable(
        _ standing: [DNSRecord], content: ZoneContent, include: CheckedInclude
    ) -> (kept: [DNSRecord], dropped: [DNSRecord]) {
        var kept: [DNSRecord] = []
        var left = Self.mostTrials
        /// Takes what can stand beside what was taken before, in halves; what can't is returned.
        func take(_ records: ArraySlice<DNSRecord>) -> [DNSRecord] {
            guard !records.isEmpty else { return [] }
            guard left > 0 else { return Array(records) }
            left -= 1
            if holds(kept + records, content: content, include: include) {
                kept += records
                return []
            }
            guard records.count > 1 else { return Array(records) }
            let middle = records.startIndex + records.count / 2
            return take(records[..<middle]) + take(records[middle...])
        }
        var rest = standing
        var before: Int
        // A delegation can stand once its server's address does.
        repeat {
            before = rest.count
            rest = take(rest[...])
        } while !rest.isEmpty && rest.count < before
        return (DNSRecord.sortedUnique(kept), rest)
    }

    /// Whether the built-in text can go on with records that an earlier template added.
    private func holds(
        _ standing: [DNSRecord], content: ZoneContent, include: CheckedInclude
    ) -> Bool {
        let problem = TemplateGuard.problem(
            of: standing, beside: include.records, content: content)
        guard problem == nil else { return false }
        let text = ZoneRenderer.render(
            content, serial: Self.serial, include: include.text, standing: standing)
        let zone = try? parser.parse(text, zone: content.zone, file: "\(content.zone)").get()
        return zone?.records
            == ZoneRenderer.expectedRecords(
                content, serial: Self.serial, includeRecords: include.records + standing)
    }
}
