import EdgeCore
import Foundation

extension CommandBench {
    /// Writes `edgemanage.yaml` in the new format, with one network `web`.
    ///
    /// - Parameters:
    ///   - network: more lines for the network, without indentation.
    ///   - top: more lines for the top.
    func configure(
        live: Int = 2, budget: Int = 100, goodEnough: String = "1500ms", network: [String] = [],
        top: [String] = [], nameServers: String = "ns1.dns.test., ns2.dns.test."
    ) throws {
        let own = network.map { "    \($0)\n" }.joined()
        try write(
            "edgemanage.yaml",
            """
            version: 1
            object: {url: "http://object.test:\(port)/object.txt", local: object.txt}
            probe: {timeout: 3s, families: [ipv4]}
            judge: {rule: classic, good_enough: \(goodEnough), keep: window}
            dns:
              primary: ns1.dns.test.
              mailbox: hostmaster@dns.test
              name_servers: [\(nameServers)]
              rotate: [www]
            publish: {directory: zones}
            state: {database: edgemanage.db}
            log: edgemanage.log
            \(top.map { $0 + "\n" }.joined())networks:
              web:
                edges: edges/web
                live: \(live)
                budget: \(budget)
                zones: includes/web
            \(own)
            """)
    }

    /// The records of the bench's zone with these addresses live, the SOA left out.
    static func records(_ addresses: [String], ttl: Int = 300) -> Set<String> {
        var lines: Set<String> = [
            "example.test. \(ttl) NS ns1.dns.test.", "example.test. \(ttl) NS ns2.dns.test.",
            "example.test. 3600 MX 10 mail.example.test.", "mail.example.test. 3600 A 192.0.2.25",
        ]
        for address in addresses {
            lines.insert("example.test. \(ttl) A \(address)")
            lines.insert("www.example.test. \(ttl) A \(address)")
        }
        return lines
    }

    /// Writes `original.yaml` in the original's format, with every key it knows.
    func configureOriginal(
        live: Int = 2, runFrequency: Int = 60, more: [String] = []
    ) throws {
        let here = directory
        for folder in ["health", "prom"] {
            try FileManager.default.createDirectory(
                atPath: path(folder), withIntermediateDirectories: true)
        }
        for word in ["before", "after", "changes"] {
            try write("\(word).sh", "#!/bin/sh\necho \(word) >> \(here)/commands.txt\n")
            chmod(path("\(word).sh"), 0o755)
        }
        try write(
            "original.yaml",
            """
            testobject: {host: object.test, port: "\(port)", proto: http, uri: object.txt,
              local: \(here)/object.txt, verify: false}
            dns:
              ns_records: [ns1.dns.test., ns2.dns.test.]
              soa_nameserver: ns1.dns.test
              soa_mailbox: hostmaster.dns.test
              rotate_zones: [www]
            run_frequency: \(runFrequency)
            healthdata_store: \(here)/health
            edgelist_dir: \(here)/edges
            dnschange_maxfreq: 100
            workers: 4
            retry: 3
            goodenough: 1.5
            canary_killer: 2
            statefile: \(here)/{dnet}.state
            logpath: \(here)/original.log
            lockfile: \(here)/lock
            zonetemplate_dir: \(here)/includes
            edge_count: 99
            dnet_edge_count: {web: \(live)}
            named_dir: \(here)/zones
            live_list: \(here)/{dnet}.live
            canary_files: \(here)/canaries/{dnet}
            commands:
              run_before: \(here)/before.sh
              run_after: \(here)/after.sh
              run_after_changes: \(here)/changes.sh
            prometheus_logs: \(here)/prom
            timeout: 3
            \(more.joined(separator: "\n"))

            """)
    }
}
