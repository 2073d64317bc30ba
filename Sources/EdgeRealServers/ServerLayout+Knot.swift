extension ServerLayout {
    func startKnot(_ port: UInt16) async throws -> RealServer {
        try makeDirectory("db")
        var text = knotBase(port) + knotRemotes()
        if let catalog = options.catalog {
            text += "\n  - id: member\n    acl: [xfr]\n    master: r\(catalog.primary)\n"
        }
        text += "\nzone:\n"
        if let catalog = options.catalog {
            text += """
                  - domain: \(catalog.zone)
                    master: r\(catalog.primary)
                    catalog-role: interpret
                    catalog-template: member

                """
        }
        for zone in zones { text += knotZone(zone) }
        try write("knot.conf", text)
        return try await RealServer(
            kind: kind, directory: directory, port: port,
            control: ["knotc", "-s", "\(directory)/knot.sock"],
            command: ["knotd", "-c", "\(directory)/knot.conf"])
    }

    private func knotBase(_ port: UInt16) -> String {
        """
        server:
            rundir: \(directory)
            listen: 127.0.0.1@\(port)
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
        control:
            listen: \(directory)/knot.sock
        database:
            storage: \(directory)/db
            journal-db-max-size: 64M
            kasp-db-max-size: 16M
            timer-db-max-size: 16M
            catalog-db-max-size: 16M
        log:
          - target: \(directory)/server.log
            any: info
        key:
          - id: \(Self.keyName)
            algorithm: \(options.keyAlgorithm)
            secret: \(Self.secret)
        acl:
          - id: xfr
            address: 127.0.0.0/8
            action: [transfer, notify]
          - id: upd
            key: \(Self.keyName)
            action: [update]

        """
    }

    /// The servers it talks to, and how it keeps zones.
    private func knotRemotes() -> String {
        var text = ""
        var remotes: [UInt16] = options.notifies
        for zone in zones {
            if case .secondary(let port) = zone.keeping, !remotes.contains(port) {
                remotes.append(port)
            }
        }
        if let catalog = options.catalog, !remotes.contains(catalog.primary) {
            remotes.append(catalog.primary)
        }
        if !remotes.isEmpty { text += "remote:\n" }
        for remote in remotes {
            text += "  - id: r\(remote)\n    address: 127.0.0.1@\(remote)\n"
        }
        let notified = options.notifies.map { "r\($0)" }.joined(separator: ", ")
        text += """
            template:
              - id: default
                semantic-checks: on
                zonefile-load: difference
                zonefile-sync: -1
                journal-content: changes
                acl: [xfr]
            \(notified.isEmpty ? "" : "    notify: [\(notified)]\n")
            """
        return text
    }

    private func knotZone(_ zone: HostedZone) -> String {
        var text = "  - domain: \(zone.name)\n"
        switch zone.keeping {
        case .file, .signed: text += "    file: \(zone.file)\n"
        case .dynamic:
            text += "    file: \(zone.file)\n    acl: [xfr, upd]\n    zonefile-sync: 0\n"
        case .secondary(let port): text += "    master: r\(port)\n"
        }
        return text
    }
}
