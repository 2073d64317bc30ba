import EdgeCore

extension RoundRunner {
    /// Reads the operator's zone template; nil when there is none.
    ///
    /// - Throws: `RoundRefusal` when it can't be used: the built-in text would lose what it adds.
    func readTemplate(_ settings: NetworkSettings) throws -> (any ZoneTemplate)? {
        guard settings.publish.method == .files, let path = settings.publish.template,
            let templates = effects.templates
        else { return nil }
        do throws(TemplateProblem) {
            return try templates.template(at: path)
        } catch {
            throw RoundRefusal.inventory("\(error); every zone stays as it is")
        }
    }

    /// The records that a template adds to a zone's planned ones.
    func additions(
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
        switch effects.parser.parse(text, zone: content.zone, file: file) {
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

    /// A zone's text, by the template where there is one.
    func text(
        of content: ZoneContent, serial: SOASerial, include: [UInt8],
        template: (any ZoneTemplate)?
    ) -> [UInt8] {
        guard let template else {
            return ZoneRenderer.render(content, serial: serial, include: include)
        }
        // It was rendered a moment ago; should it fail now, the empty text is refused when it is read back.
        return (try? template.render(content, serial: serial, include: include)) ?? []
    }
}
