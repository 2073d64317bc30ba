/// A file of the original's as it was read: the value, and what had to be left out of it.
public struct DecodedFile<Value: Hashable & Sendable>: Hashable, Sendable {
    public var value: Value
    /// One sentence for each kind of oddity, without the file's name; empty for a sound file.
    public var notes: [String]
    /// Keys that the file should have and has not.
    public var missing: [String]

    public init(value: Value, notes: [String] = [], missing: [String] = []) {
        self.value = value
        self.notes = notes
        self.missing = missing
    }
}

/// Takes values out of a JSON object and remembers what it had to leave out.
struct OriginalFileDecoder {
    private let root: JSONValue
    private let now: UnixTime
    private(set) var notes: [String] = []
    private(set) var missing: [String] = []

    /// A fetch or a mean above this, in seconds, is nonsense: no probe ever ran so long. The bound
    /// also keeps sums of samples within Int64.
    static let maximumDuration: Duration = .seconds(86_400)

    init(_ bytes: [UInt8], now: UnixTime) throws(JSONError) {
        root = try JSONValue.read(bytes)
        self.now = now
        guard case .object = root else {
            throw JSONError(offset: 0, problem: "something else than a JSON object")
        }
    }

    mutating func note(_ text: String) {
        notes.append(text)
    }

    /// The value of a key; noted when it is missing.
    mutating func value(_ key: String) -> JSONValue? {
        let value = root[key]
        if value == nil { missing.append(key) }
        return value
    }

    /// A string; anything else is noted and counts as nil, and so does null without a note.
    mutating func string(_ key: String) -> String? {
        guard let value = value(key), value != .null else { return nil }
        guard let text = value.text else {
            note("\(key) is not a string and was left out")
            return nil
        }
        return text
    }

    /// A point of time; one in the future counts as now, and -1, 0 or null as never.
    mutating func time(_ key: String) -> UnixTime? {
        guard let value = value(key), value != .null else { return nil }
        guard let nanoseconds = value.nanoseconds else {
            note("\(key) is not a time and was left out")
            return nil
        }
        guard nanoseconds > 0 else { return nil }
        guard nanoseconds <= now.nanoseconds else {
            note("\(key) lies in the future and counts as now")
            return now
        }
        return UnixTime(nanoseconds: nanoseconds)
    }

    /// A list of past times, oldest first, the newest `limit`.
    mutating func times(_ key: String, limit: Int) -> [UnixTime] {
        guard let value = value(key) else { return [] }
        guard case .array(let elements) = value else {
            note("\(key) is not a list and was left out")
            return []
        }
        var tally = Tally()
        var times: [UnixTime] = []
        for element in elements {
            if let time = tally.check(element.nanoseconds, now: now) { times.append(time) }
        }
        notes += tally.sentences(key)
        return Array(times.inOrder(by: <).suffix(limit))
    }

    /// A map from past times to durations, oldest first, the newest `limit`.
    mutating func fetches(_ key: String, limit: Int) -> [EdgeStoreFile.Fetch] {
        guard let members = members(key) else { return [] }
        var tally = Tally()
        var fetches: [EdgeStoreFile.Fetch] = []
        fetches.reserveCapacity(members.count)
        for member in members {
            let name = DecimalSeconds.nanoseconds(member.name.utf8)
            guard let time = tally.check(name, now: now) else { continue }
            guard let value = member.value.nanoseconds, value >= 0,
                value <= Self.maximumDuration.inNanoseconds
            else {
                tally.badValues += 1
                continue
            }
            fetches.append(.init(time: time, duration: .nanoseconds(value)))
        }
        notes += tally.sentences(key)
        return Array(fetches.inOrder { $0.time < $1.time }.suffix(limit))
    }

    /// The members of an object; anything else is noted.
    mutating func members(_ key: String) -> [JSONMember]? {
        guard let value = value(key) else { return nil }
        guard case .object(let members) = value else {
            note("\(key) is not a map and was left out")
            return nil
        }
        return members
    }

    /// The strings of a list that `make` accepts; the rest is counted and noted.
    mutating func names<Name>(_ key: String, _ make: (String) -> Name?) -> [Name] {
        guard let value = value(key) else { return [] }
        guard case .array(let elements) = value else {
            note("\(key) is not a list and was left out")
            return []
        }
        let names = elements.compactMap { $0.text.flatMap(make) }
        if names.count < elements.count {
            note("\(key) has \(elements.count - names.count) unusable entries, left out")
        }
        return names
    }

    /// Gives `take` each entry of a map by zone; those it refuses are counted and noted.
    mutating func zones(_ key: String, _ take: (ZoneName, JSONValue) -> Bool) {
        var unusable = 0
        for member in members(key) ?? [] {
            if let zone = ZoneName(member.name), take(zone, member.value) { continue }
            unusable += 1
        }
        if unusable > 0 { note("\(key) has \(unusable) unusable entries, left out") }
    }

    /// Counts what is wrong with the entries of one key.
    private struct Tally {
        var future = 0
        var badTimes = 0
        var badValues = 0

        mutating func check(_ nanoseconds: Int64?, now: UnixTime) -> UnixTime? {
            guard let nanoseconds, nanoseconds >= 0 else {
                badTimes += 1
                return nil
            }
            guard nanoseconds <= now.nanoseconds else {
                future += 1
                return nil
            }
            return UnixTime(nanoseconds: nanoseconds)
        }

        func sentences(_ key: String) -> [String] {
            var sentences: [String] = []
            if future > 0 { sentences.append("\(key): \(future) from the future, left out") }
            if badTimes > 0 { sentences.append("\(key): \(badTimes) without a time, left out") }
            if badValues > 0 { sentences.append("\(key): \(badValues) without a value, left out") }
            return sentences
        }
    }
}

extension Array {
    /// The elements in order; those that compare equal keep theirs.
    fileprivate func inOrder(by areInOrder: (Element, Element) -> Bool) -> [Element] {
        if !zip(self, dropFirst()).contains(where: { areInOrder($1, $0) }) { return self }
        return enumerated().sorted { left, right in
            if areInOrder(left.element, right.element) { return true }
            return !areInOrder(right.element, left.element) && left.offset < right.offset
        }.map(\.element)
    }
}
