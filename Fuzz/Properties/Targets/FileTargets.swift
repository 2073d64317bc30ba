import EdgeCore
import EdgeSystemConfiguration
import Foundation

extension FuzzTarget {
    /// Lists, histories and plans on the disk, and answers of edges.
    static let files = [
        FuzzTarget("edge-list") { FileProperties.violation(ofEdgeList: $0) },
        FuzzTarget("canaries") { FileProperties.violation(ofCanaries: $0) },
        FuzzTarget("edgestore", maximumBytes: 2048) { FileProperties.violation(ofEdgeStore: $0) },
        FuzzTarget("state", maximumBytes: 2048) { FileProperties.violation(ofState: $0) },
        FuzzTarget("plan", maximumBytes: 2048) { FileProperties.violation(ofPlan: $0) },
        FuzzTarget("response", maximumBytes: 2048) { ResponseProperties.violation($0) },
    ]
}

/// What must hold of files that others may have written.
enum FileProperties {
    static let now = UnixTime(seconds: 1_800_000_000)

    /// Every name once, within the limit; what was read is read again without a warning.
    static func violation(ofEdgeList bytes: [UInt8]) -> String? {
        let (names, warnings) = EdgeList.read(bytes, file: "f")
        if Set(names.map { $0.text.lowercased() }).count != names.count { return "a name twice" }
        for warning in warnings {
            if let found = FuzzTarget.controlCharacter(in: warning, of: "a warning") {
                return found
            }
        }
        if let bad = names.first(where: { $0.text.contains("/") || $0.text.hasPrefix(".") }) {
            return "\(bad) would leave its directory"
        }
        let text = names.map { "\($0)\n" }.joined()
        let again = EdgeList.read(Array(text.utf8), file: "f")
        return again.names == names && again.warnings.isEmpty ? nil : "read otherwise again"
    }

    /// Nothing is lost without a word; what was read is read again.
    static func violation(ofCanaries bytes: [UInt8]) -> String? {
        let (source, problems) = YAMLReader.read(bytes, file: "f")
        guard let source else { return problems.hasErrors ? nil : "no YAML, without an error" }
        let (map, complaints) = CanaryList.read(source.root)
        let count = source.root.entries?.count ?? 0
        if map.count + complaints.count < count { return "an entry is lost without a word" }
        let lines = map.map { "\"\($0.key)\": \"\($0.value)\"\n" }.sorted().joined()
        guard !lines.isEmpty,
            let again = YAMLReader.read(Array(lines.utf8), file: "f").source
        else { return map.isEmpty ? nil : "its own map can't be read" }
        return CanaryList.read(again.root).map == map ? nil : "read otherwise again"
    }

    /// What was read is written and read again as it was; adding to the bytes is adding to the values.
    static func violation(ofEdgeStore bytes: [UInt8]) -> String? {
        guard let file = try? EdgeStoreFile.decode(bytes, now: now) else { return nil }
        let text = file.value.encoded()
        guard let again = try? EdgeStoreFile.decode(text, now: now) else {
            return "its own text can't be read"
        }
        guard again.value == file.value else { return "read otherwise again" }
        let update = EdgeStoreUpdate(
            fetch: .init(time: now, duration: .milliseconds(20)), health: .pass, isLive: true,
            rotation: now)
        for bytes in [bytes, text] {
            guard let spliced = EdgeStoreSplice(bytes)?.applying(update) else { continue }
            guard let value = try? EdgeStoreFile.decode(spliced, now: now).value else {
                return "what was added to it can't be read"
            }
            guard value == file.value.applying(update) else { return "added to otherwise" }
        }
        return nil
    }

    /// What was read is written and read again as it was.
    static func violation(ofState bytes: [UInt8]) -> String? {
        guard let file = try? OriginalStateFile.decode(bytes, now: now) else { return nil }
        let again = try? OriginalStateFile.decode(file.value.encoded(), now: now)
        return again?.value == file.value ? nil : "read otherwise again"
    }

    /// A plan is itself, and what it publishes has only names and addresses that are some.
    static func violation(ofPlan bytes: [UInt8]) -> String? {
        guard let plan = try? JSONDecoder().decode(SavedPlan.self, from: Data(bytes)) else {
            return nil
        }
        guard let text = try? JSONEncoder().encode(plan),
            let again = try? JSONDecoder().decode(SavedPlan.self, from: text), again == plan
        else { return "read otherwise again" }
        if let difference = plan.difference(from: plan) { return "not itself: \(difference)" }
        guard let directive = plan.directive(file: "f") else { return nil }
        if directive.live.count != plan.live.count { return "an edge is lost" }
        for edge in directive.live {
            if edge.addresses.ipv4.map({ $0.family != .ipv4 }) ?? false { return "not IPv4" }
            if edge.addresses.ipv6.map({ $0.family != .ipv6 }) ?? false { return "not IPv6" }
        }
        return nil
    }
}

/// What must hold of the reading of edges' answers.
enum ResponseProperties {
    /// However the bytes come, the verdict is the same, and the object is taken for itself only.
    static func violation(_ bytes: [UInt8]) -> String? {
        let object = Array("the very file\n".utf8)
        let whole = verdict(bytes, of: object, by: bytes.count)
        let single = verdict(bytes, of: object, by: 1)
        let parts = verdict(bytes, of: object, by: 7)
        guard whole == single, whole == parts else { return "\(whole), \(single) and \(parts)" }
        if whole == .object, bytes.count < object.count { return "an object from nothing" }
        return nil
    }

    private static func verdict(
        _ bytes: [UInt8], of object: [UInt8], by size: Int
    ) -> ResponseVerdict {
        var parser = ResponseParser(expected: object)
        var index = 0
        while index < bytes.count {
            let end = min(bytes.count, index + max(1, size))
            let found = bytes[index..<end].withUnsafeBytes { parser.read($0) }
            if let found { return found }
            index = end
        }
        return parser.readEnd()
    }
}
