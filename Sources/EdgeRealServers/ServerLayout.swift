internal import FoundationEssentials

/// One server's configuration in a directory.
struct ServerLayout {
    let kind: RealServer.Kind
    let zones: [HostedZone]
    let directory: String
    let options: RealServer.Options

    /// The key that may update: of the tests alone, like its secret.
    static let keyName = "update.key."
    static let secret = "c2l4dGVlbiBieXRlcyBvciBtb3JlIG9mIHRlc3Qga2V5"
    private static let controlSecret = "YW5vdGhlciBzZWNyZXQgZm9yIHJuZGMgaW4gdGVzdHM="

    func start() async throws -> RealServer {
        try write(
            "update.key",
            "key \"\(Self.keyName)\" { algorithm \(options.keyAlgorithm); "
                + "secret \"\(Self.secret)\"; };\n",
            mode: 0o600)
        let port = options.port ?? FreePort.next()
        switch kind {
        case .bind: return try await startBIND(port)
        case .knot: return try await startKnot(port)
        case .nsd: return try await startNSD(port)
        case .powerdns: return try await startPowerDNS(port)
        case .powerdnsSQLite: return try await startPowerDNSWithSQLite(port)
        }
    }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let path = "\(directory)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
    }

    // MARK: BIND

    private func startBIND(_ port: UInt16) async throws -> RealServer {
        try makeDirectory("work")
        let controlPort = FreePort.next()
        let key = "key \"rndc\" { algorithm hmac-sha256; secret \"\(Self.controlSecret)\"; };\n"
        try write("rndc.key", key, mode: 0o600)
        try write(
            "rndc.conf",
            "include \"\(directory)/rndc.key\"; options { default-key \"rndc\"; "
                + "default-server 127.0.0.1; default-port \(controlPort); };\n")
        try write("named.conf", bindConfiguration(port, controlPort: controlPort))
        return try await RealServer(
            kind: kind, directory: directory, port: port,
            control: ["rndc", "-c", "\(directory)/rndc.conf"],
            command: ["named", "-4", "-f", "-c", "\(directory)/named.conf"])
    }

    private func bindConfiguration(_ port: UInt16, controlPort: UInt16) -> String {
        let work = "\(directory)/work"
        let notified = options.notifies.map { "127.0.0.1 port \($0); " }.joined()
        var text = """
            include "\(directory)/rndc.key"; include "\(directory)/update.key";
            controls { inet 127.0.0.1 port \(controlPort) allow { 127.0.0.1; } keys { "rndc"; }; };
            options {
              directory "\(work)"; key-directory "\(work)"; managed-keys-directory "\(work)";
              pid-file "\(directory)/named.pid"; session-keyfile "\(directory)/session.key";
              lock-file none; listen-on port \(port) { 127.0.0.1; }; listen-on-v6 { none; };
              recursion no; empty-zones-enable no; dnssec-validation no;
              allow-transfer { 127.0.0.0/8; }; notify explicit; also-notify { \(notified)};
              notify-delay 0; allow-new-zones \(options.allowsNewZones ? "yes" : "no");

            """
        if let catalog = options.catalog {
            text += """
                  catalog-zones { zone "\(catalog.zone)" default-primaries { 127.0.0.1 port \(catalog.primary); }
                    in-memory yes min-update-interval 1; };

                """
        }
        text += """
            };
            logging { channel f { file "\(directory)/server.log"; severity info; print-time iso8601;
              print-category yes; print-severity yes; }; category default { f; }; };

            """
        if let catalog = options.catalog {
            text += """
                zone "\(catalog.zone)" { type secondary; primaries { 127.0.0.1 port \(catalog.primary); };
                  allow-notify { 127.0.0.1; }; };

                """
        }
        if let catalog = options.servesCatalog {
            text += "zone \"\(catalog.zone)\" { type primary; file \"\(catalog.file)\"; };\n"
        }
        for zone in zones { text += bindZone(zone) }
        return text
    }

    private func bindZone(_ zone: HostedZone) -> String {
        let head = "zone \"\(zone.name)\" { "
        return switch zone.keeping {
        case .file: head + "type primary; file \"\(zone.file)\"; };\n"
        case .dynamic:
            head + "type primary; file \"\(zone.file)\"; "
                + "update-policy { grant \(Self.keyName) zonesub ANY; }; };\n"
        case .signed:
            head + "type primary; file \"\(zone.file)\"; dnssec-policy default; "
                + "inline-signing yes; };\n"
        case .secondary(let port):
            head + "type secondary; primaries { 127.0.0.1 port \(port); }; "
                + "allow-notify { 127.0.0.1; }; };\n"
        }
    }

    // MARK: NSD

    private func startNSD(_ port: UInt16) async throws -> RealServer {
        try makeDirectory("xfr")
        var text = """
            server:
                server-count: 1
                ip-address: 127.0.0.1@\(port)
                do-ip6: no
                username: ""
                chroot: ""
                zonesdir: "\(directory)"
                pidfile: "\(directory)/nsd.pid"
                logfile: "\(directory)/server.log"
                database: ""
                xfrdfile: "\(directory)/xfrd.state"
                xfrdir: "\(directory)/xfr"
                zonelistfile: "\(directory)/zone.list"
                verbosity: 2
                zonefiles-check: yes
                rrl-ratelimit: 0
            remote-control:
                control-enable: yes
                control-interface: \(directory)/ctl.sock

            """
        if let folder = zones.first.map({ Self.folder(of: $0.file) }) {
            text += "pattern:\n    name: \"edgemanage\"\n    zonefile: \"\(folder)/%s.zone\"\n"
        }
        for zone in zones {
            text += "zone:\n    name: \"\(zone.name)\"\n"
            if case .secondary(let port) = zone.keeping {
                text += "    allow-notify: 127.0.0.1 NOKEY\n"
                text += "    request-xfr: AXFR 127.0.0.1@\(port) NOKEY\n"
            } else {
                text += "    zonefile: \"\(zone.file)\"\n    provide-xfr: 127.0.0.1 NOKEY\n"
                for port in options.notifies { text += "    notify: 127.0.0.1@\(port) NOKEY\n" }
            }
        }
        try write("nsd.conf", text)
        return try await RealServer(
            kind: kind, directory: directory, port: port,
            control: ["nsd-control", "-c", "\(directory)/nsd.conf"],
            command: ["nsd", "-d", "-c", "\(directory)/nsd.conf"])
    }

    private static func folder(of file: String) -> String {
        file.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }
}
