/// The parts of the test object's URL (RFC 3986 §3), read strictly.
struct ObjectURL: Hashable {
    var scheme: ObjectScheme
    /// A host name or an IP address, without brackets.
    var host: String
    /// nil: the scheme's own.
    var port: UInt16?
    /// Path and query, beginning with a slash.
    var path: String

    /// Reads `http://host[:port]/path` or https; an error says what is wrong with it.
    static func parse(_ text: String) -> Result<ObjectURL, Refusal> {
        guard let mark = text.firstRange(of: "://"),
            let scheme = ObjectScheme(rawValue: text[..<mark.lowerBound].lowercased())
        else { return .failure(Refusal("it must begin with http:// or https://")) }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = String(rest.dropFirst(authority.count))
        guard !authority.contains("@") else {
            return .failure(Refusal("it must not hold a user or password"))
        }
        guard let (host, port) = split(authority) else {
            return .failure(Refusal("\"\(authority)\" is no host, nor a host with a port"))
        }
        if let reason = pathProblem(path) { return .failure(Refusal(reason)) }
        return .success(ObjectURL(scheme: scheme, host: host, port: port, path: path))
    }

    /// What is wrong with a path; nil when nothing is.
    static func pathProblem(_ path: String) -> String? {
        guard path.hasPrefix("/") else { return "it names no path: write what follows the host" }
        // Anything else would have to be escaped, or would end the request line (RFC 9112 §3.2).
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "the path must be printable ASCII without spaces; escape the rest as %20"
        }
        return path.contains("#") ? "it must not hold a fragment (#)" : nil
    }

    private static func split(_ authority: Substring) -> (String, UInt16?)? {
        var host = authority
        var port: UInt16?
        let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[afterBracket...].lastIndex(of: ":") {
            guard let value = SectionReader.decimal(String(authority[colon...].dropFirst())),
                (1...65535).contains(value)
            else { return nil }
            port = UInt16(value)
            host = authority[..<colon]
        }
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard IPAddress(host)?.family == .ipv6 else { return nil }
        }
        return EdgeName(host).map { ($0.text, port) }
    }

    /// Why a URL was refused.
    struct Refusal: Error {
        var reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// The URL's text.
    var text: String {
        let shown = IPAddress(host)?.family == .ipv6 ? "[\(host)]" : host
        let suffix = port == nil || port == scheme.defaultPort ? "" : ":\(port ?? 0)"
        return "\(scheme.rawValue)://\(shown)\(suffix)\(path)"
    }
}
