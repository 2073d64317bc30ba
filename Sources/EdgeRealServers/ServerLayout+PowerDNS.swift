extension ServerLayout {
    private func common(_ port: UInt16) -> String {
        """
        local-address=127.0.0.1
        local-port=\(port)
        socket-dir=\(directory)/run
        include-dir=\(directory)/empty
        cache-ttl=0
        negquery-cache-ttl=0
        query-cache-ttl=0
        zone-cache-refresh-interval=0
        security-poll-suffix=
        distributor-threads=1
        receiver-threads=1
        allow-axfr-ips=127.0.0.0/8

        """
    }

    private func server(_ port: UInt16) async throws -> RealServer {
        try await RealServer(
            kind: kind, directory: directory, port: port,
            control: ["pdns_control", "--config-dir=\(directory)"],
            command: [
                "pdns_server", "--config-dir=\(directory)", "--daemon=no", "--guardian=no",
                "--disable-syslog", "--log-timestamp=no",
            ])
    }

    func startPowerDNS(_ port: UInt16) async throws -> RealServer {
        try makeDirectory("run")
        try makeDirectory("empty")
        var named = ""
        var isSecondary = false
        for zone in zones {
            if case .secondary(let primary) = zone.keeping {
                isSecondary = true
                named +=
                    "zone \"\(zone.name)\" { type slave; masters { 127.0.0.1:\(primary); }; "
                    + "file \"\(directory)/\(zone.name).zone\"; };\n"
            } else {
                named += "zone \"\(zone.name)\" { type master; file \"\(zone.file)\"; };\n"
            }
        }
        try write("named.conf", named)
        try write(
            "pdns.conf",
            common(port) + "launch=bind\nbind-config=\(directory)/named.conf\n"
                + "bind-check-interval=0\n"
                + notified()
                + (isSecondary ? "secondary=yes\nxfr-cycle-interval=1\n" : ""))
        return try await server(port)
    }

    private func notified() -> String {
        guard !options.notifies.isEmpty else { return "" }
        let targets = options.notifies.map { "127.0.0.1:\($0)" }.joined(separator: ",")
        return "primary=yes\nonly-notify=127.0.0.0/8\nalso-notify=\(targets)\n"
    }

    /// Every zone is dynamic: made with a SOA and an NS record, and the update key allowed.
    func startPowerDNSWithSQLite(_ port: UInt16) async throws -> RealServer {
        try makeDirectory("run")
        try makeDirectory("empty")
        let database = "\(directory)/db.sqlite"
        try write(
            "pdns.conf",
            common(port)
                + """
                launch=gsqlite3
                gsqlite3-database=\(database)
                gsqlite3-pragma-synchronous=0
                dnsupdate=yes
                allow-dnsupdate-from=
                \(options.catalog == nil ? "" : "secondary=yes\nxfr-cycle-interval=1")

                """)
        let schema = "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"
        let log = "\(directory)/setup.log"
        try await run(["sqlite3", database, ".read \(schema)"], log: log)
        let util = ["pdnsutil", "--config-dir=\(directory)"]
        let key = String(Self.keyName.dropLast())
        try await run(
            util + ["import-tsig-key", key, options.keyAlgorithm, Self.secret], log: log)
        for zone in zones {
            try await run(util + ["create-zone", zone.name, "ns1.dns.test"], log: log)
            try await run(
                util + ["set-meta", zone.name, "TSIG-ALLOW-DNSUPDATE", key], log: log)
            try await run(
                util + ["set-meta", zone.name, "ALLOW-DNSUPDATE-FROM", "127.0.0.0/8"], log: log)
        }
        if let catalog = options.catalog {
            let primary = "127.0.0.1:\(catalog.primary)"
            try await run(util + ["create-secondary-zone", catalog.zone, primary], log: log)
            try await run(util + ["set-kind", catalog.zone, "consumer"], log: log)
        }
        return try await server(port)
    }

    private func run(_ arguments: [String], log: String) async throws {
        let status = try await RealServer.run(arguments, log: log)
        guard status == 0 else {
            throw ServerProcess.Failure(
                description: "\(arguments.joined(separator: " ")) ended with \(status)")
        }
    }
}
