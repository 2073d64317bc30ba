internal import EdgeCore
internal import EdgeShell

/// The operator's zone template in a simulated world: the built-in text, and what it adds.
struct WorldTemplate: Hashable, Sendable, ZoneTemplate {
    /// What is wrong with it.
    enum Fault: Hashable, Sendable, CaseIterable {
        /// The file can't be read.
        case unreadable
        /// It fails in every zone, leaves the rotated addresses out, adds some, or has too many loops.
        case fails, loses, adds, loops
    }

    /// Its text's version.
    var version = 1
    /// How many records it adds.
    var additions = 4
    var fault: Fault?

    var key: String { "t\(version).\(additions).\(fault.map { "\($0)" } ?? "")" }

    func rendering(
        of content: ZoneContent, serial: SOASerial, include: [UInt8]
    ) -> TemplateRendering {
        let plain = ZoneRenderer.render(content, serial: serial, include: include)
        if fault == .fails {
            let problem = TemplateProblem(
                file: "/template", line: 3, message: "there is no such value")
            return TemplateRendering(text: .failure(problem), steps: 10, passesLimit: false)
        }
        let text = String(decoding: plain, as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if fault == .loses {
            let first = content.addresses.first.map(\.description) ?? ""
            lines.removeAll { $0.hasSuffix(" \(first)") || $0.hasSuffix("\t\(first)") }
        }
        for number in 0..<additions {
            lines.append("extra\(number).\(content.zone). 300 IN TXT \"v\(version)\"")
        }
        if fault == .adds { lines.append("\(content.zone). 300 IN A 192.0.2.77") }
        return TemplateRendering(
            text: .success(Array((lines.joined(separator: "\n") + "\n").utf8)),
            steps: fault == .loops ? 1_000_000_000 : 100, passesLimit: fault == .loops)
    }
}

extension WorldProcess: TemplateReader {
    /// The operator's template.
    func template(at path: String) throws(TemplateProblem) -> any ZoneTemplate {
        gate.pass()
        let template = world.change { $0.template }
        guard template.fault != .unreadable else {
            throw TemplateProblem(file: path, line: 0, message: "it can't be read: I/O error")
        }
        return template
    }
}
