internal import EdgeCore
internal import EdgeShell

/// An operator's zone template on trial with the includes that are there.
///
/// What `check` does not know, it stands in for: edges that are named get addresses for documentation
/// (RFC 5737), canaries none.
struct TemplateCheck {
    /// Of so many zones at most, the first by name: rendering takes some tenths of a millisecond.
    static let mostZones = 1000
    /// So many zones that fail are told of one by one.
    static let mostFailures = 5

    private let network: NetworkName
    private let path: String
    private let dns: DNSSettings
    private let trial: TemplateTrial
    private let addresses: [IPAddress]
    private var template: (any ZoneTemplate)?
    private var problem: String?
    private var rendered = 0
    private var left = 0
    private var allowance = TemplateAllowance()
    private var failures: [(zone: ZoneName, reason: String)] = []

    /// nil when the network has no template.
    init?(_ settings: NetworkSettings, check: ConfigurationCheck) {
        guard settings.publish.method == .files, let path = settings.publish.template,
            let reader = check.templates
        else { return nil }
        network = settings.network
        self.path = path
        dns = settings.dns
        trial = TemplateTrial(parser: check.parser)
        let names = (try? check.inventory.edges(from: settings.edges).names) ?? []
        let count = max(1, min(settings.selection.liveCount, names.count))
        addresses = (0..<count).map { index in
            let known = index < names.count ? names[index].address : nil
            return known ?? .v4(0xC000_0200 + UInt32(index % 254 + 1))
        }
        do throws(TemplateProblem) {
            template = try reader.template(at: path)
        } catch {
            problem = "\(error)"
        }
    }

    /// Renders the template with one accepted include, and reads the zone back.
    mutating func take(_ include: CheckedInclude, of zone: ZoneName) {
        guard let template else { return }
        guard rendered < Self.mostZones, !allowance.isSpent else {
            left += 1
            return
        }
        rendered += 1
        let content = ZoneContent(zone: zone, addresses: Set(addresses).sorted(), dns: dns)
        let outcome = trial.outcome(of: template, content: content, include: include)
        allowance.take(content, steps: outcome.steps, passesLimit: outcome.passesLimit)
        if case .failure(let failure) = outcome.additions {
            failures.append((zone, failure.message))
        }
    }

    /// What came of it.
    var findings: [ConfigurationCheck.Finding] {
        func finding(
            _ severity: ConfigurationCheck.Finding.Severity, _ message: String
        ) -> ConfigurationCheck.Finding {
            .init(severity, network: network, subject: "template", message: message)
        }
        if let problem { return [finding(.error, problem)] }
        guard rendered > 0 else { return [finding(.ok, "\(path) can be read")] }
        let told = failures.prefix(Self.mostFailures).map {
            finding(.error, "\(path) can't be used for zone \($0.zone): \($0.reason)")
        }
        let more = failures.count - told.count
        if allowance.isSpent, left > 0 {
            return told + [
                finding(
                    .error,
                    "\(path) takes too many steps and is given up: \(left.counted("more zone")) "
                        + (left == 1 ? "was" : "were") + " not tried")
            ]
        }
        let rest = left > 0 ? ", the first of \(rendered + left)" : ""
        return failures.isEmpty
            ? [finding(.ok, "\(path) can be used for \(rendered.counted("zone"))\(rest)")]
            : more > 0
                ? told + [finding(.error, "\(path) can't be used for \(more.counted("more zone"))")]
                : told
    }
}
