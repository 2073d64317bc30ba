/// How the daemon (`edgemanage watch`) is talked to: one socket for commands on this machine, and if asked for an
/// address for the page, the API and metrics.
public struct ServerSettings: Hashable, Sendable {
    /// Where commands reach the daemon.
    public enum Socket: Hashable, Sendable {
        /// `edgemanage.sock` in the directory of the first network's database.
        case besideDatabase
        case path(String)
        case none
    }

    public var socket: Socket
    /// Members of this group of the system may give commands, besides root and the daemon's own user; nil: nobody.
    public var group: String?
    /// Where the page, the API and metrics are served; nil: nowhere.
    public var listen: ListenAddress?
    /// Names that the page may be called by, besides the address itself and `localhost`: what another `Host` asks
    /// for is refused, so that no foreign page reaches it by a name of its own (DNS rebinding).
    public var hosts: [String]
    /// A file with the token that allows commands through `listen`; nil: it is for reading only.
    public var tokenFile: String?

    public init(
        socket: Socket = .besideDatabase, group: String? = nil, listen: ListenAddress? = nil,
        hosts: [String] = [], tokenFile: String? = nil
    ) {
        self.socket = socket
        self.group = group
        self.listen = listen
        self.hosts = hosts
        self.tokenFile = tokenFile
    }

    /// The name of a socket that no configuration names.
    public static let socketName = "edgemanage.sock"

    /// The names that the server may be called by, in lower case; besides them any address.
    public var allowedHosts: Set<String> { Set(hosts + ["localhost"]) }

    /// The socket's path, for networks whose first has this database; nil: none.
    public func socketPath(besides database: String) -> String? {
        switch socket {
        case .besideDatabase:
            PathText.join(PathText.directory(of: database), Self.socketName)
        case .path(let path): path
        case .none: nil
        }
    }
}

/// An address and port to listen at.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    public var address: IPAddress
    /// 0: one that is free.
    public var port: UInt16

    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// As in a URL: `127.0.0.1:8053`, `[::1]:8053`.
    public var description: String {
        address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

extension SectionReader {
    /// The section `server` under this one.
    func server(resolve: (String) -> String) -> ServerSettings {
        var settings = ServerSettings()
        guard let section = section("server", keys: ServerSettings.keys) else { return settings }
        if section.isOff("socket") {
            settings.socket = .none
        } else if let path = section.path("socket", resolve: resolve) {
            settings.socket = .path(path)
            if path.utf8.count > ServerSettings.longestSocketPath {
                section.problems.error(
                    "\"server.socket\" is longer than \(ServerSettings.longestSocketPath) bytes, "
                        + "which no socket's path may be", at: section.place("socket"))
            }
        }
        settings.group = section.isOff("group") ? nil : section.text("group")
        settings.listen = section.listenAddress("listen")
        settings.hosts = (section.texts("hosts", limit: 32) ?? []).compactMap { text, position in
            if let host = ServerSettings.host(text) { return host }
            section.problems.error(
                "\"server.hosts\": \"\(text)\" must be a host's name alone, without a port",
                at: position)
            return nil
        }
        settings.tokenFile = section.optionalPath("token", resolve: resolve)
        if settings.tokenFile != nil, section.node("listen") == nil || section.isOff("listen") {
            section.problems.warning(
                "\"server.token\" has no effect without \"server.listen\"",
                at: section.place("token"))
        }
        return settings
    }

    private func listenAddress(_ key: String) -> ListenAddress? {
        guard !isOff(key), let text = text(key) else { return nil }
        guard let found = Self.addressWithPort(text) else {
            problems.error(
                "\"\(name(key))\" must be an IP address with a port, as 127.0.0.1:8053 or "
                    + "\"[::1]:8053\", not \"\(text)\"", at: place(key))
            return nil
        }
        return ListenAddress(address: found.address, port: found.port)
    }
}

extension ServerSettings {
    /// The section's keys.
    public static let keys = ["socket", "group", "listen", "hosts", "token"]
    /// `sun_path` with its final zero, unix(7).
    public static let longestSocketPath = 107

    /// A host's name in lower case; nil: it is none.
    static func host(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, !text.isEmpty, text.utf8.count <= 253 else { return nil }
        return text.lowercased()
    }
}
