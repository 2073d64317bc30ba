internal import Crypto
internal import EdgeCore
internal import EdgeSystemFiles
internal import FoundationEssentials

/// A key that updates are signed with (RFC 8945), as tsig-keygen writes it into a file:
/// `key "name" { algorithm hmac-sha256; secret "…"; };`.
struct TSIGKey: Sendable {
    /// Absolute, in lower case.
    let name: String
    let algorithm: Algorithm
    /// The names of the keys that follow it in its file, which nothing is signed with.
    let unused: [String]
    /// It is in no message of ours (I36).
    private let secret: SymmetricKey

    /// What is taken: HMAC-SHA256 and later (I38). Two are enough; SHA-384 is refused by its name.
    enum Algorithm: String, CaseIterable, Sendable {
        case sha256 = "hmac-sha256"
        case sha512 = "hmac-sha512"
    }

    /// The longest key file that is read.
    static let maximumBytes = 64 << 10
    /// The shortest secret that is taken: RFC 8945 §8 asks for as many bits as the hash, 128 are the least
    /// that anybody should use.
    static let minimumSecret = 16

    /// The MAC of what a TSIG record covers.
    func mac(of bytes: [UInt8]) -> [UInt8] {
        switch algorithm {
        case .sha256: Array(HMAC<Crypto.SHA256>.authenticationCode(for: bytes, using: secret))
        case .sha512: Array(HMAC<Crypto.SHA512>.authenticationCode(for: bytes, using: secret))
        }
    }

    /// Whether a MAC is right and whole, found out in constant time.
    func isRight(_ mac: [UInt8], of bytes: [UInt8]) -> Bool {
        switch algorithm {
        case .sha256:
            HMAC<Crypto.SHA256>.isValidAuthenticationCode(mac, authenticating: bytes, using: secret)
        case .sha512:
            HMAC<Crypto.SHA512>.isValidAuthenticationCode(mac, authenticating: bytes, using: secret)
        }
    }

    /// Reads and checks a key file.
    static func read(_ path: String) throws(UpdateFault) -> TSIGKey {
        let bytes: [UInt8]?
        do {
            bytes = try FileReading.readPrivate(path, limit: maximumBytes, refusing: 0o027)
        } catch {
            throw .key("\(error)")
        }
        guard let bytes else {
            throw .key(
                "the key file \(path) can be read or written by others: chmod 640 \(path), or stricter"
            )
        }
        return try parse(String(decoding: bytes, as: UTF8.self), file: path)
    }

    /// Reads a key file's text.
    static func parse(_ text: String, file: String) throws(UpdateFault) -> TSIGKey {
        let words = Self.words(of: text)
        guard let start = words.firstIndex(of: "key"), start + 2 < words.count,
            words[start + 2] == "{", let end = words[(start + 3)...].firstIndex(of: "}")
        else {
            throw .key(
                "the key file \(file) holds no key; write one by tsig-keygen -a hmac-sha256 NAME")
        }
        let body = words[(start + 3)..<end]
        guard let said = value("algorithm", in: body)?.lowercased(),
            let secret = value("secret", in: body)
        else {
            throw .key("the key in \(file) has no algorithm or no secret")
        }
        guard let algorithm = Algorithm(rawValue: said) else {
            throw .key(
                "the key in \(file) is for \(NetworkText.printable(said)); only hmac-sha256 and hmac-sha512 are taken: make "
                    + "a new one by tsig-keygen -a hmac-sha256")
        }
        guard let decoded = Data(base64Encoded: secret), decoded.count >= minimumSecret else {
            throw .key(
                "the secret in \(file) is no base64 text of at least \(minimumSecret) bytes: make a new "
                    + "key by tsig-keygen -a hmac-sha256")
        }
        let name = words[start + 1].lowercased()
        guard DNSQuestion(name, .soa) != nil else {
            throw .key("the key's name in \(file) is no domain name")
        }
        return TSIGKey(
            name: name.hasSuffix(".") ? name : name + ".", algorithm: algorithm,
            unused: names(in: words[end...]), secret: SymmetricKey(data: decoded))
    }

    /// The names of the keys that begin in these words.
    private static func names(in words: ArraySlice<String>) -> [String] {
        words.indices.dropLast(2).filter { words[$0] == "key" && words[$0 + 2] == "{" }
            .map { words[$0 + 1] }
    }

    private static func value(_ key: String, in words: ArraySlice<String>) -> String? {
        guard let place = words.firstIndex(of: key), place + 1 < words.endIndex else { return nil }
        return words[place + 1]
    }

    /// Words, quoted texts without their quotes, and braces; comments in all three styles left out.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var rest = text[...]
        func end() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                end()
                words.append(String(rest.prefix { $0 != "\"" }))
                rest = rest.drop { $0 != "\"" }.dropFirst()
            case "#":
                rest = rest.drop { !$0.isNewline }
            case "/" where rest.first == "/" && word.isEmpty:
                rest = rest.drop { !$0.isNewline }
            case "/" where rest.first == "*" && word.isEmpty:
                rest.removeFirst()
                while !rest.isEmpty, !rest.hasPrefix("*/") { rest.removeFirst() }
                rest = rest.dropFirst(2)
            case "{", "}":
                end()
                words.append(String(character))
            case ";": end()
            case _ where character.isWhitespace: end()
            default: word.append(character)
            }
        }
        end()
        return words
    }
}
