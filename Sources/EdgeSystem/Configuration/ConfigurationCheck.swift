public import EdgeCore
public import EdgeShell

/// The part of `edgemanage check` that asks nobody but this machine: files, directories,
/// permissions, commands and includes.
///
/// It reads only, and tells everything it finds, good things too.
public struct ConfigurationCheck: Sendable {
    /// One thing that was looked at.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// How it stands.
        public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
            /// As it should be.
            case ok
            /// It works, perhaps not as meant.
            case warning
            /// A round would fail, or a zone would not be published.
            case error

            /// Better before worse.
            public static func < (left: Severity, right: Severity) -> Bool {
                let order = allCases
                return order.firstIndex(of: left) ?? 0 < order.firstIndex(of: right) ?? 0
            }
        }

        public var severity: Severity
        /// nil when it concerns all networks alike.
        public var network: NetworkName?
        /// What was looked at: `edges`, `publish`, `command`.
        public var subject: String
        /// One sentence naming the file and, unless it is well, what to do.
        public var message: String

        public init(
            _ severity: Severity, network: NetworkName? = nil, subject: String, message: String
        ) {
            self.severity = severity
            self.network = network
            self.subject = subject
            self.message = message
        }

        public var description: String {
            let place = network.map { "\($0): " } ?? ""
            return "\(severity.rawValue): \(place)\(subject): \(message)"
        }
    }

    let parser: any ZoneParser
    let includes: any IncludeReader
    let inventory: any InventoryReader
    let templates: (any TemplateReader)?
    let files: FileFacts

    /// - Parameters:
    ///   - templates: reads zone templates, which are then rendered with the includes; nil: they are not.
    ///   - searchPath: `PATH`, where commands are looked for.
    public init(
        parser: any ZoneParser, includes: any IncludeReader,
        inventory: any InventoryReader = FileInventoryReader(),
        templates: (any TemplateReader)? = nil,
        searchPath: String = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    ) {
        self.parser = parser
        self.includes = includes
        self.inventory = inventory
        self.templates = templates
        files = FileFacts(searchPath: searchPath)
    }

    /// Looks at everything that these networks need; each finding once, in the networks' order.
    public func findings(for networks: [NetworkSettings]) -> [Finding] {
        var result: [Finding] = []
        var seen: Set<Finding> = []
        var zones: [ZoneName: NetworkName] = [:]
        var written: [String: NetworkName] = [:]
        for settings in networks {
            let all =
                object(settings) + references(settings) + edges(settings) + canaries(settings)
                + zoneIncludes(settings, known: &zones) + directories(settings)
                + commands(settings) + sharedFiles(settings, known: &written)
            for finding in all where seen.insert(finding).inserted { result.append(finding) }
        }
        return result
    }

    private func object(_ settings: NetworkSettings) -> [Finding] {
        let path = settings.object.localFile
        var result: [Finding] = []
        do {
            let count = try inventory.testObject(at: path).count
            result.append(
                Finding(.ok, subject: "object", message: "\(path) has \(count.counted("byte"))"))
        } catch {
            result.append(Finding(.error, subject: "object", message: "\(error)"))
        }
        if case .bundle(let bundle) = settings.object.trust {
            result.append(files.certificates(at: bundle))
        }
        return result
    }

    private func edges(_ settings: NetworkSettings) -> [Finding] {
        let network = settings.network
        do {
            let (names, warnings) = try inventory.edges(from: settings.edges)
            var result = warnings.map {
                Finding(.warning, network: network, subject: "edges", message: $0)
            }
            let wanted = settings.selection.liveCount
            if names.isEmpty {
                let message = "no edge is named; nothing is published until one is"
                result.append(Finding(.error, network: network, subject: "edges", message: message))
            } else if names.count < wanted {
                let message =
                    "\(wanted.counted("edge")) \(wanted == 1 ? "is" : "are") to be live, the list has "
                    + "\(names.count); add edges, or lower the count"
                result.append(
                    Finding(.warning, network: network, subject: "edges", message: message))
            } else {
                let message = "\(names.count.counted("edge")), \(wanted) of them live"
                result.append(Finding(.ok, network: network, subject: "edges", message: message))
            }
            let review = CapacityReview(settings.selection, edges: names)
            result += review.warnings.map {
                Finding(.warning, network: network, subject: "capacity", message: $0)
            }
            result +=
                review.summary.map {
                    [Finding(.ok, network: network, subject: "capacity", message: $0)]
                } ?? []
            return result
        } catch {
            return [Finding(.error, network: network, subject: "edges", message: "\(error)")]
        }
    }

    private func canaries(_ settings: NetworkSettings) -> [Finding] {
        if settings.canaries == .inline([:]) { return [] }
        do {
            let (map, warnings) = try inventory.canaries(from: settings.canaries)
            let told = warnings.map {
                Finding(.warning, network: settings.network, subject: "canaries", message: $0)
            }
            let message = "\(map.count.counted("zone")) \(map.count == 1 ? "has" : "have") a canary"
            return told + [
                Finding(.ok, network: settings.network, subject: "canaries", message: message)
            ]
        } catch {
            return [
                Finding(
                    .error, network: settings.network, subject: "canaries", message: "\(error)")
            ]
        }
    }
}
