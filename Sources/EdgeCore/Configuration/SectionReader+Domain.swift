extension SectionReader {
    /// A path, without a final slash; relative ones as `resolve` makes them.
    func path(_ key: String, resolve: (String) -> String = { $0 }) -> String? {
        if let node = node(key), isOff(key) || Self.truth(node) != nil {
            wrong(key, must: "a path", node: node, hint: "; put it in quotes if it is one")
            return nil
        }
        guard let text = text(key) else { return nil }
        guard !text.isEmpty else {
            problems.error("\"\(name(key))\" is empty; write a path", at: place(key))
            return nil
        }
        return PathText.withoutFinalSlash(resolve(text))
    }

    /// A path that may be switched off.
    func optionalPath(_ key: String, resolve: (String) -> String = { $0 }) -> String? {
        isOff(key) ? nil : path(key, resolve: resolve)
    }

    /// A path that must be there.
    func requiredPath(
        _ key: String, example: String, resolve: (String) -> String = { $0 }
    ) -> String? {
        guard node(key) != nil else {
            missing(key, example: example)
            return nil
        }
        return path(key, resolve: resolve)
    }

    /// A DNS name, made absolute.
    func absoluteName(_ text: String, _ key: String, at position: SourcePosition?) -> String? {
        let bare = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard NameRules.isHostName(bare), bare.utf8.count <= 253 else {
            problems.error("\"\(name(key))\": \"\(text)\" is no DNS name", at: position)
            return nil
        }
        return bare + "."
    }

    /// The primary name server's name, absolute.
    func requiredName(_ key: String, example: String) -> String? {
        guard let text = requiredText(key, example: example) else { return nil }
        return absoluteName(text, key, at: place(key))
    }

    /// A mailbox as the SOA writes it (RFC 1035 §8): `user@host` becomes `user.host.`, dots of the
    /// user escaped.
    func requiredMailbox(_ key: String, example: String) -> String? {
        guard let text = requiredText(key, example: example) else { return nil }
        guard let at = text.firstIndex(of: "@") else {
            // A user with dots comes escaped; only its host part is a plain name.
            let rest = text.replacingEscapedDots()
            guard absoluteName(rest, key, at: place(key)) != nil else { return nil }
            return text.hasSuffix(".") ? text : text + "."
        }
        let user = text[..<at]
        guard NameRules.isHostName(String(user)),
            let host = absoluteName(String(text[text.index(after: at)...]), key, at: place(key))
        else {
            problems.error("\"\(name(key))\": \"\(text)\" is no mailbox", at: place(key))
            return nil
        }
        let label = user.split(separator: ".").joined(separator: "\\.")
        if rules.plainSeconds {
            problems.warning(
                "\"\(name(key))\" is taken as \"\(label).\(host)\", since a zone writes it so",
                at: place(key))
        }
        return "\(label).\(host)"
    }

    /// The names of NS records, absolute; each once.
    func nameServers(_ key: String, needsDot: Bool) -> [String]? {
        guard node(key) != nil, let items = texts(key, limit: 32) else {
            if node(key) == nil { missing(key, example: "[ns1.example.net., ns2.example.net.]") }
            return nil
        }
        if isEmptyList(key) {
            problems.error("\"\(name(key))\" is empty; a zone needs a name server", at: place(key))
        }
        var names: [String] = []
        for (text, position) in items {
            if needsDot && !text.hasSuffix(".") {
                problems.error(
                    "\"\(name(key))\": \"\(text)\" must end in a dot; write \"\(text).\"",
                    at: position)
                continue
            }
            guard let absolute = absoluteName(text, key, at: position) else { continue }
            if names.contains(where: { $0.lowercased() == absolute.lowercased() }) {
                problems.warning("\"\(name(key))\": \"\(text)\" stands twice", at: position)
            } else {
                names.append(absolute)
            }
        }
        return names
    }

    /// Address and port of the reference targets.
    func references(_ key: String) -> [ReferenceTarget] {
        var seen: Set<ReferenceTarget> = []
        return (texts(key, limit: 32) ?? []).compactMap { text, position in
            if let target = Self.reference(text) {
                if seen.insert(target).inserted { return target }
                problems.warning(
                    "\"\(name(key))\": \"\(text)\" is there twice and counts once; take it out",
                    at: position)
                return nil
            }
            problems.error(
                "\"\(name(key))\": \"\(text)\" must be an IP address with a port, as "
                    + "192.0.2.53:53 or "
                    + "\"[2001:db8::53]:53\"", at: position)
            return nil
        }
    }

    private static func reference(_ text: String) -> ReferenceTarget? {
        guard let (address, port) = addressWithPort(text), port > 0 else { return nil }
        return ReferenceTarget(address: address, port: port)
    }

    /// An address with a port, an IPv6 address in brackets.
    static func addressWithPort(_ text: String) -> (address: IPAddress, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"),
            let port = decimal(String(text[colon...].dropFirst())),
            (0...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return IPAddress(host).map { ($0, UInt16(port)) }
    }

    /// The families that are probed and published.
    func families(_ key: String) -> Set<AddressFamily>? {
        guard node(key) != nil, let items = texts(key, limit: 8) else { return nil }
        var families: Set<AddressFamily> = []
        for (text, position) in items {
            if let family = AddressFamily(rawValue: text) {
                families.insert(family)
            } else {
                tellUnknownWord(text, key, AddressFamily.allCases.map(\.rawValue), at: position)
            }
        }
        if items.isEmpty {
            problems.error(
                "\"\(name(key))\" is empty; write [ipv4] or [ipv4, ipv6]", at: place(key))
        }
        return families
    }

    /// A command as a list of arguments, or as a text that is split at spaces; nil: none.
    func arguments(_ key: String) -> [String]? {
        guard let node = node(key), !isOff(key) else { return nil }
        var arguments: [String] = []
        if case .scalar = node.content {
            arguments = (text(key) ?? "").split(separator: " ").map(String.init)
        } else {
            arguments = (texts(key, limit: 64) ?? []).map(\.text)
        }
        guard let first = arguments.first, !first.isEmpty else {
            // An item that is no text is told already.
            if arguments.isEmpty, case .sequence(let items) = node.content, !items.isEmpty {
                return nil
            }
            problems.error("\"\(name(key))\" names no command", at: node.position)
            return nil
        }
        return arguments
    }

    /// A command that is split at spaces; nil: none.
    func command(_ key: String) -> String? {
        guard let node = node(key), !isOff(key), let text = text(key) else { return nil }
        if text.contains(where: { "|&;<>$`\"'".contains($0) }) {
            problems.warning(
                "\"\(name(key))\" is split at spaces and run without a shell: quotes, pipes and "
                    + "redirections reach the command as text", at: node.position)
        }
        return text.split(separator: " ").isEmpty ? nil : text
    }

    /// How certificates are checked: true, false, or a bundle's path.
    func trust(_ key: String, resolve: (String) -> String = { $0 }) -> ProbePlan.Trust {
        guard let node = node(key) else { return .system }
        if let flag = Self.truth(node) { return flag ? .system : .unchecked }
        return path(key, resolve: resolve).map { .bundle(path: $0) } ?? .system
    }
}

extension String {
    /// The text with each `\.` as a letter, so that an escaped user reads as one label.
    fileprivate func replacingEscapedDots() -> String {
        var result = ""
        var isEscaped = false
        for character in self {
            if isEscaped {
                result.append(character == "." ? "x" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
