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
