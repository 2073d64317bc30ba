public import EdgeCore

/// Renders zones by an operator's template and reads them back, before anything is published.
public struct TemplateTrial: Sendable {
    private let parser: any ZoneParser

    public init(parser: any ZoneParser) {
        self.parser = parser
    }

    /// The records that a template adds to a zone's planned ones.
    ///
    /// - Throws: one sentence that names the template's file and line, or the line of the zone that it
    ///   makes, or what that zone lacks or must not have (`TemplateRules`).
    public func additions(
        of template: any ZoneTemplate, content: ZoneContent, include: CheckedInclude
    ) throws(PublishFailure) -> [DNSRecord] {
        // Whatever the serial will be: it stands in the SOA alone.
        let serial = SOASerial(1)
        let text: [UInt8]
        do throws(TemplateProblem) {
            text = try template.render(content, serial: serial, include: include.text)
        } catch {
            throw PublishFailure("\(error)")
        }
        let file = "the template's zone \(content.zone)"
        switch parser.parse(text, zone: content.zone, file: file) {
        case .failure(let refusal):
            throw PublishFailure(refusal.problems.first.map { "\($0)" } ?? "\(file) can't be read")
        case .success(let zone):
            let expected = ZoneRenderer.expectedRecords(
                content, serial: serial, includeRecords: include.records)
            do throws(TemplateRules.Fault) {
                return try TemplateRules.additions(
                    found: zone.records, expected: expected, include: include.records,
                    content: content)
            } catch {
                throw PublishFailure("the zone template is not taken: \(error.message)")
            }
        }
    }
}
