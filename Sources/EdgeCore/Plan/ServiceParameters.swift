/// The parameters of an SVCB or HTTPS record (RFC 9460 §2.1, §7), strictly read.
enum ServiceParameters {
    /// One canonical spelling: in the keys' numerical order, values in quotes where they have any.
    /// Throws a sentence.
    static func canonical(_ tokens: [String], priority: UInt64) throws(RecordData.Fault) -> String {
        if priority == 0, !tokens.isEmpty {
            throw fault("an alias (priority 0) takes no parameters")  // RFC 9460 §2.4.2
        }
        var values: [UInt16: (name: String, value: String?)] = [:]
        for token in tokens {
            let (name, value) = try pair(token)
            let number = try number(of: name)
            guard values[number] == nil else { throw fault("parameter \(name) comes twice") }
            values[number] = (name, try check(number, name, value))
        }
        if values[2] != nil, values[1] == nil { throw fault("no-default-alpn needs alpn") }
        if let mandatory = values[0]?.value {
            for name in mandatory.split(separator: ",") {
                let number = try number(of: String(name))
                guard number != 0, values[number] != nil else {
                    throw fault("mandatory names \(name), which is not there")
                }
            }
        }
        return values.sorted { $0.key < $1.key }.map { _, pair in
            pair.value.map { "\(pair.name)=\"\($0)\"" } ?? pair.name
        }.joined(separator: " ")
    }

    /// Whether records of this type have them.
    static func stand(in type: String) -> Bool { type == "SVCB" || type == "HTTPS" }

    /// A record's data with other addresses in the hint of one family (RFC 9460 §7.3). A hint without any
    /// goes, and so does its name in `mandatory`, which may only name what is there (§8).
    ///
    /// - Parameter data: as `canonical` gives the parameters, behind priority and target.
    static func replacingHints(
        of family: AddressFamily, in data: String, _ replace: ([String]) -> [String]
    ) -> String {
        let hint = names[family == .ipv4 ? 4 : 6]
        let fields = data.split(separator: " ").map(String.init)
        guard let place = fields.dropFirst(2).firstIndex(where: { $0.hasPrefix("\(hint)=") })
        else { return data }
        let next = replace(items(of: fields[place]))
        guard next.isEmpty else {
            var fields = fields
            fields[place] = field(hint, next)
            return fields.joined(separator: " ")
        }
        return fields.enumerated().compactMap { index, text in
            if index == place { return nil }
            guard index > 1, text.hasPrefix("\(names[0])=") else { return text }
            let keys = items(of: text).filter { $0 != hint }
            return keys.isEmpty ? nil : field(names[0], keys)
        }.joined(separator: " ")
    }

    private static func items(of field: String) -> [String] {
        let value = field.drop { $0 != "=" }.dropFirst().filter { $0 != "\"" }
        return value.split(separator: ",").map(String.init)
    }

    private static func field(_ name: String, _ items: [String]) -> String {
        "\(name)=\"\(items.joined(separator: ","))\""
    }

    private static func fault(_ message: String) -> RecordData.Fault {
        RecordData.Fault(message: "service parameters: \(message)")
    }

    private static func pair(
        _ token: String
    ) throws(RecordData.Fault) -> (name: String, value: String?) {
        guard let equals = token.firstIndex(of: "=") else { return (token, nil) }
        var value = token[token.index(after: equals)...]
        if value.hasPrefix("\"") {
            guard value.count >= 2, value.hasSuffix("\"") else {
                throw fault("\(token) is not closed")
            }
            value = value.dropFirst().dropLast()
        }
        let isPlain = value.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C
        }
        guard isPlain, !value.isEmpty, value.utf8.count <= 2000 else {
            throw fault("\(token) has an empty value, spaces or escapes")
        }
        return (String(token[..<equals]), String(value))
    }

    private static let names = [
        "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint",
    ]

    private static func number(of name: String) throws(RecordData.Fault) -> UInt16 {
        if let known = names.firstIndex(of: name) { return UInt16(known) }
        // Keys that have a name must be called by it, so that the value's rules hold.
        guard name.hasPrefix("key"), let number = UInt16(name.dropFirst(3)), "key\(number)" == name,
            (100..<65535).contains(number)
        else { throw fault("\(name) is no parameter that is known here") }
        return number
    }

    private static func check(
        _ number: UInt16, _ name: String, _ value: String?
    ) throws(RecordData.Fault) -> String? {
        if number == 2 {
            guard value == nil else { throw fault("\(name) takes no value") }
            return nil
        }
        guard let value else {
            guard number >= 100 else { throw fault("\(name) lacks its value") }
            return nil
        }
        let items = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        switch number {
        case 0:
            guard Set(items).count == items.count else { throw fault("\(name) repeats itself") }
            let keys = try items.map { item throws(RecordData.Fault) in
                (try Self.number(of: item), item)
            }
            return keys.sorted { $0.0 < $1.0 }.map(\.1).joined(separator: ",")
        case 1:
            guard items.allSatisfy({ (1...255).contains($0.utf8.count) }) else {
                throw fault("\(name) has an empty or long protocol")
            }
        case 3:
            guard let port = UInt16(value), String(port) == value else {
                throw fault("\(value) is no port")
            }
        case 4, 6:
            let family: AddressFamily = number == 4 ? .ipv4 : .ipv6
            let addresses = items.compactMap { IPAddress($0) }.filter { $0.family == family }
            guard addresses.count == items.count else { throw fault("\(name) has a bad address") }
            return addresses.map(\.description).joined(separator: ",")
        case 5:
            guard BinaryText.isBase64(Array(value.utf8)) else {
                throw fault("\(name) is no base64")
            }
        default:
            break
        }
        return value
    }
}
