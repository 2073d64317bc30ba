import EdgeCore
import Foundation
import Testing

/// The alert rules and the dashboard that are shipped.
@Suite struct PackagedMonitoringTests {
    private static let folder = CommandBench.root.appending(path: "packaging")
    private static let rules = "prometheus/edgemanage.rules.yml"

    private func read(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    }

    private func promtool(
        _ words: String..., in directory: String? = nil
    ) async throws -> ChildProcess.Ending {
        let own = Self.folder.appending(path: "prometheus").path(percentEncoded: false)
        return try await ChildProcess.start(
            "env", ["promtool"] + words, directory: directory ?? own,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        ).ending()
    }

    @Test func theRulesAreValidAndDoAsTheirTestsSay() async throws {
        let check = try await promtool("check", "rules", "edgemanage.rules.yml")
        #expect(check.status == 0, "\(check.everything)")
        let test = try await promtool("test", "rules", "edgemanage.rules.test.yml")
        #expect(test.status == 0, "\(test.everything)")
    }

    @Test func everyRuleHasATestThatFiresAndOneThatDoesNot() throws {
        let rules = try read(Self.rules)
        let alerts = rules.matches(of: #/- alert: (\w+)/#).map { String($0.1) }
        #expect(alerts.count == Set(alerts).count && alerts.count >= 12)
        let tests = try read("prometheus/edgemanage.rules.test.yml")
        for alert in alerts {
            let asked = tests.components(separatedBy: "alertname: \(alert)\n").dropFirst()
            #expect(
                asked.contains { $0.hasPrefix("        exp_alerts:\n") }, "\(alert) never fires")
            // A rule that fires at once has a series that does not instead.
            let quiet = asked.contains { $0.hasPrefix("        exp_alerts: []\n") }
            #expect(quiet || alert == "EdgemanageCertificateEnds", "\(alert) always fires")
        }
    }

    /// What is asked for is what the program writes: names, and the labels that are told apart.
    @Test(arguments: [
        rules, "prometheus/edgemanage.rules.test.yml", "grafana/edgemanage.json",
    ])
    func everyMetricNamedIsOneThatIsWritten(_ file: String) throws {
        var known: Set<String> = []
        for metric in Metric.allCases {
            let ends = metric.kind == .histogram ? ["_bucket", "_sum", "_count"] : [""]
            known.formUnion(ends.map { metric.rawValue + $0 })
        }
        let text = try read(file)
        let named = Set(text.matches(of: #/edgemanage_\w+/#).map { String($0.0) })
        #expect(named.count >= 10)
        #expect(named.subtracting(known).isEmpty, "\(named.subtracting(known))")
    }

    @Test func theDocumentExplainsEveryMetric() throws {
        let url = CommandBench.root.appending(path: "docs/metrics.md")
        let document = try String(contentsOf: url, encoding: .utf8)
        for metric in Metric.allCases {
            let labels = (metric.isOfProcess ? [] : ["network"]) + metric.labels
            let row =
                "| `\(metric.rawValue)` | \(metric.kind.rawValue) | \(labels.joined(separator: ", ")) |"
            #expect(document.contains(row), "docs/metrics.md lacks: \(row)")
        }
        let named = document.matches(of: #/\| `(edgemanage_\w+)`/#).map { String($0.1) }
        #expect(named.count == Metric.allCases.count)
        for alert in try read(Self.rules).matches(of: #/- alert: (\w+)/#) {
            #expect(document.contains("`\(alert.1)`"), "docs/metrics.md lacks \(alert.1)")
        }
    }

    /// The parts of a dashboard that are looked at.
    private struct Dashboard: Decodable {
        struct Variable: Decodable {
            var name: String
            var type: String
        }

        struct Target: Decodable {
            var expr: String
            var refId: String
        }

        struct Panel: Decodable {
            struct Place: Decodable {
                var x: Int
                var y: Int
                var w: Int
                var h: Int
            }

            var id: Int
            var title: String
            var gridPos: Place
            var targets: [Target]
        }

        struct Templating: Decodable {
            var list: [Variable]
        }

        var uid: String
        var schemaVersion: Int
        var templating: Templating
        var panels: [Panel]
    }

    private func dashboard() throws -> Dashboard {
        let data = Data(try read("grafana/edgemanage.json").utf8)
        return try JSONDecoder().decode(Dashboard.self, from: data)
    }

    @Test func theDashboardIsWhole() throws {
        let dashboard = try dashboard()
        #expect(dashboard.uid == "edgemanage" && dashboard.schemaVersion >= 36)
        let variables = dashboard.templating.list.map { "\($0.name) \($0.type)" }
        #expect(variables == ["datasource datasource", "network query"])
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
        var taken: Set<[Int]> = []
        for panel in dashboard.panels {
            #expect(
                !panel.targets.isEmpty
                    && Set(panel.targets.map(\.refId)).count == panel.targets.count)
            for column in 0..<panel.gridPos.w {
                for row in 0..<panel.gridPos.h {
                    let place = [panel.gridPos.x + column, panel.gridPos.y + row]
                    #expect(taken.insert(place).inserted && place[0] < 24, "\(panel.title)")
                }
            }
        }
        let json = try read("grafana/edgemanage.json")
        #expect(!json.contains(#""uid": "P"#), "a data source of one machine")
    }

    /// Each query is one that Prometheus understands.
    @Test func theDashboardsQueriesAreValid() async throws {
        let expressions = try dashboard().panels.flatMap(\.targets).map(\.expr)
        #expect(expressions.allSatisfy { $0.contains(#"network=~"$network""#) })
        let rules = expressions.enumerated().map { index, expression in
            let query = expression.replacing("$network", with: ".*")
                .replacing("$__rate_interval", with: "5m")
            return "      - record: panel:\(index)\n        expr: '\(query)'\n"
        }
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "edgemanage-dashboard-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let text = "groups:\n  - name: panels\n    rules:\n" + rules.joined()
        try Data(text.utf8).write(to: directory.appending(path: "panels.yml"))
        let check = try await promtool(
            "check", "rules", "panels.yml", in: directory.path(percentEncoded: false))
        #expect(check.status == 0, "\(check.everything)")
    }
}
