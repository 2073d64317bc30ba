import EdgeCore
import EdgeTesting
import EdgeShell
import EdgeSystemConfiguration
import Foundation
import Testing

/// Refuses includes that say `bad`.
private struct ScriptedParser: ZoneParser {
    func checkInclude(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        if String(decoding: text, as: UTF8.self).contains("bad") {
            return .failure(IncludeRefusal([ZoneProblem(file: file, line: 3, message: "bad")]))
        }
        return .success(CheckedInclude(text: text, records: []))
    }

    func checkAccepted(
        _ text: [UInt8], zone: ZoneName, dns: DNSSettings, file: String
    ) -> Result<CheckedInclude, IncludeRefusal> {
        checkInclude(text, zone: zone, dns: dns, file: file)
    }

    func parse(_ text: [UInt8], zone: ZoneName, file: String) -> Result<ParsedZone, IncludeRefusal>
    {
        .failure(IncludeRefusal([]))
    }
}

/// Includes in memory, by directory and zone.
private struct ScriptedIncludes: IncludeReader {
    var directories: [String: [String: String]]

    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    func scan(_ directory: String) throws -> (entries: [IncludeEntry], warnings: [String]) {
        guard let files = directories[directory] else {
            throw Missing(description: "\(directory) can't be read")
        }
        let stamp = FileStamp(inode: 0, size: 0, modified: 0, changed: 0)
        let zones = files.keys.sorted().compactMap { ZoneName($0) }
        return (zones.map { IncludeEntry(zone: $0, stamp: stamp) }, [])
    }

    func read(_ zone: ZoneName, in directory: String) throws -> [UInt8] {
        Array((directories[directory]?[zone.text] ?? "").utf8)
    }
}

@Suite struct ConfigurationCheckTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("object\n", to: "edgetest.txt")
        try directory.write("e1.example\ne2.example\n", to: "edges")
        try directory.write("", to: "zones/.keep")
        try directory.write("#!/bin/sh\n", to: "bin/tool")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(directory.path)/bin/tool")
        try directory.write("#!/bin/sh\n", to: "bin/plain")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: "\(directory.path)/bin/plain")
    }

    private func settings(
        _ name: String = "mynet", _ change: (inout NetworkSettings) -> Void = { _ in }
    ) throws -> NetworkSettings {
        let root = directory.path
        var settings = NetworkSettings(
            network: try #require(NetworkName(name)), format: .version1,
            object: TestObject(host: "a.example", path: "/", localFile: "\(root)/edgetest.txt"),
            selection: SelectionSettings(liveCount: 2),
            references: (0..<3).map { ReferenceTarget(address: .v4(0xC000_0235 + $0), port: 53) },
            dns: DNSSettings(primary: "a.", mailbox: "b.", nameServers: ["a."]),
            edges: .files("\(root)/edges", extra: nil), zoneIncludes: "includes",
            publish: PublishSettings(directory: "\(root)/zones"), database: "\(root)/e.db")
        change(&settings)
        return settings
    }

    private func findings(
        _ networks: [NetworkSettings],
        includes: [String: [String: String]] = ["includes": ["example.org": "ok"]]
    ) -> [ConfigurationCheck.Finding] {
        ConfigurationCheck(
            parser: ScriptedParser(), includes: ScriptedIncludes(directories: includes),
            searchPath: "/nowhere:\(directory.path)/bin"
        ).findings(for: networks)
    }

    private func complaints(
        _ networks: [NetworkSettings],
        includes: [String: [String: String]] = ["includes": ["example.org": "ok"]]
    ) -> [String] {
        findings(networks, includes: includes).filter { $0.severity != .ok }.map(\.description)
    }

    @Test func allIsWell() throws {
        let all = findings([
            try settings {
                $0.commands.afterChanges = "tool now"
                $0.publish.checker = ["\(directory.path)/bin/tool"]
                $0.original.stateFile = "\(directory.path)/state"
            }
        ])
        #expect(all.allSatisfy { $0.severity == .ok }, "\(all)")
        #expect(
            Set(all.map(\.subject)).isSuperset(of: [
                "object", "edges", "zones", "publish", "database",
            ]))
    }

    @Test func moreEdgesWantedThanExist() throws {
        let said = complaints([try settings { $0.selection.liveCount = 3 }])
        #expect(
            said == [
                "warning: mynet: edges: 3 edges are to be live, the list has 2; add edges, or "
                    + "lower the count"
            ])
    }

    @Test func filesThatAreMissing() throws {
        let root = directory.path
        let said = complaints([
            try settings {
                $0.object.localFile = "\(root)/none"
                $0.object.trust = .bundle(path: "\(root)/edges")
                $0.edges = .files("\(root)/no-edges", extra: nil)
                $0.publish.directory = "\(root)/no-zones"
                $0.database = "\(root)/no-state/e.db"
                $0.zoneIncludes = "nowhere"
            }
        ])
        let beginnings = [
            "error: object: the test object \(root)/none does not exist",
            "error: object: \(root)/edges holds no certificate",
            "error: mynet: edges: the edge list \(root)/no-edges does not exist",
            "error: mynet: zones: nowhere can't be read",
            "error: publish: \(root)/no-zones does not exist; create it for user ",
            "error: database: \(root)/no-state does not exist; create it for user ",
        ]
        #expect(said.count == beginnings.count)
        for (sentence, beginning) in zip(said, beginnings) {
            #expect(sentence.hasPrefix(beginning), "\(sentence)")
        }
    }

    @Test func noReferenceTarget() throws {
        let said = complaints([try settings { $0.references = [] }])
        #expect(said.count == 1 && said[0].contains("probe.references"))
        let two = complaints([try settings { $0.references.removeLast() }])
        #expect(two.first?.hasPrefix("warning: probe: while one of two reference targets") == true)
        #expect(complaints([try settings { ($0.references, $0.format) = ([], .original) }]).isEmpty)
    }

    @Test func filesThatTwoNetworksWrite() throws {
        let path = "\(directory.path)/state"
        let first = try settings {
            $0.original.stateFile = path
            $0.format = .original
        }
        var second = first
        second.network = NetworkName("second")
        second.zoneIncludes = "more"
        let includes = ["includes": ["a.example": "ok"], "more": ["b.example": "ok"]]
        #expect(
            complaints([first, second], includes: includes) == [
                "warning: second: files: \(path) is written for mynet too; write {dnet} into its "
                    + "path"
            ])
    }

    @Test func commandsThatCantBeRun() throws {
        let root = directory.path
        let said = complaints([
            try settings {
                $0.commands = RoundCommands(
                    before: "absent x", after: "\(root)/bin/plain", afterChanges: "plain")
                $0.publish.checker = ["\(root)/bin/absent"]
            }
        ])
        #expect(said.count == 4)
        #expect(
            said[0].hasPrefix("error: command before a round: absent is in no directory of PATH"))
        #expect(said[1].contains("\(root)/bin/plain can't be run by user "))
        #expect(said[2].contains("plain is in no directory of PATH"))
        #expect(said[3].contains("\(root)/bin/absent does not exist"))
    }

    @Test func includesThatAreRefused() throws {
        let said = complaints(
            [try settings()], includes: ["includes": ["a.example": "bad", "b.example": "ok"]])
        #expect(
            said == [
                "error: mynet: zones: includes/a.example.zone:3: bad",
                "error: mynet: zones: 1 of 2 includes in includes are accepted",
            ])
        #expect(
            complaints([try settings()], includes: ["includes": [:]]) == [
                "warning: mynet: zones: includes has no <zone>.zone file; nothing will be published"
            ])
    }

    @Test func aZoneInTwoNetworks() throws {
        let second = try settings("second") { $0.zoneIncludes = "more" }
        let includes = ["includes": ["a.example": "ok"], "more": ["a.example": "ok"]]
        #expect(
            complaints([try settings(), second], includes: includes) == [
                "error: second: zones: a.example is a zone of mynet too; take it out of one of them"
            ])
    }

    @Test func whatHoldsForAllIsToldOnce() throws {
        let second = try settings("second") { $0.zoneIncludes = "more" }
        let includes = ["includes": ["a.example": "ok"], "more": ["b.example": "ok"]]
        let all = findings([try settings(), second], includes: includes)
        #expect(all.filter { $0.subject == "publish" }.count == 1)
        #expect(all.filter { $0.subject == "edges" }.count == 2)
    }
}
