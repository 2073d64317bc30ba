import EdgeCore
import EdgeShell
import Testing

@testable import EdgeTesting
@testable import EdgeSimulation

/// Stories of several rounds in which zones are published by updates.
@Suite struct UpdateRoundTests {
    /// A zone that the server refuses waits at a pace of its own; the others are updated when they must.
    @Test func aRefusedZoneHoldsUpNoOther() async throws {
        let scene = try UpdateScene()
        scene.change { $0.refusing = ["b.test"] }
        var outcome = try await scene.bench.round()
        #expect(outcome.failures["b.test"]?.contains("REFUSED") == true)
        #expect(outcome.failures["zone.test"] == nil)
        let planned = scene.addresses("www.zone.test.")
        #expect(planned.count == 2 && scene.addresses("www.b.test.").isEmpty)
        for _ in 0..<20 {
            scene.tamper("www.zone.test.", ["192.0.2.66"])
            try await scene.bench.round()
            #expect(scene.addresses("www.zone.test.") == planned)
        }
        // After 15, 30, 60, 120, 240 s, and every 5 minutes from then on.
        let refusals = scene.bench.world.change { $0.servers[0].refusals }
        #expect((6...9).contains(refusals), "\(refusals)")
        scene.change { $0.refusing = [] }
        for _ in 0..<6 { outcome = try await scene.bench.round() }
        #expect(scene.addresses("www.b.test.") == planned && !outcome.hasFailures)
        #expect(scene.known?.failures == 0 && scene.known?.owed.isEmpty == true)
    }

    /// A server that refuses everything because of its key is left alone as a whole, until there is a new
    /// plan.
    @Test func aServerInTroubleIsLeftAlone() async throws {
        let scene = try UpdateScene()
        try await scene.bench.round()
        let planned = scene.addresses("www.zone.test.")
        scene.change { $0.trouble = .losesAnswers }
        for _ in 0..<10 {
            scene.tamper("www.zone.test.", ["192.0.2.66"])
            try await scene.bench.round()
        }
        let (updated, failures) = (
            scene.bench.world.change { $0.servers[0].updated }, scene.known?.failures
        )
        #expect(updated < 2 + 10, "\(updated)")
        #expect(failures ?? 0 > 1)
        scene.change { $0.trouble = nil }
        let live = scene.bench.live(try await scene.bench.round())
        scene.bench.turn(Array(live), .refusing)
        try await scene.bench.round()
        try await scene.bench.round()
        let now = scene.addresses("www.zone.test.")
        #expect(now.count == 2 && now != planned && now != ["192.0.2.66"])
        #expect(scene.known?.failures == 0)
    }

    /// What was published at a label that rotates no more is taken from every server, however late; what
    /// somebody else put there stays.
    @Test func aLabelThatRotatesNoMoreIsTakenAway() async throws {
        let scene = try UpdateScene(servers: 2, rotate: ["www", "old"])
        try await scene.bench.round()
        let planned = scene.addresses("old.zone.test.", of: 1)
        #expect(planned.count == 2)
        scene.tamper("old.b.test.", ["192.0.2.66"])
        scene.change({ $0.trouble = .down }, of: 1)
        scene.bench.settings.dns.rotatedLabels = ["www"]
        let outcome = try await scene.bench.round()
        let warnings = outcome.report.warnings.filter { $0.contains("rotates no more") }
        #expect(
            warnings == [
                "old of zone b.test and 1 more zone rotates no more: its addresses are taken from the "
                    + "name servers, where they are as published"
            ])
        #expect(scene.addresses("old.zone.test.").isEmpty)
        #expect(scene.addresses("www.zone.test.") == planned)
        #expect(scene.addresses("old.b.test.") == ["192.0.2.66"])
        #expect(scene.logHas("zone zone.test: old.zone.test. A "))
        #expect(scene.logHas("old.b.test. A 192.0.2.66 is not known to be published there"))
        // Another publication forgets nothing.
        scene.bench.settings.dns.ttl += 1
        try await scene.bench.round()
        #expect(scene.gone(1)?.hasPrefix("old@") == true && scene.gone(0) == nil)
        // The second server gets to know of it when it is back, other publications in between or not.
        let live = scene.bench.live(outcome)
        scene.bench.turn([try #require(live.min())], .refusing)
        for _ in 0..<3 { try await scene.bench.round() }
        #expect(scene.addresses("old.zone.test.", of: 1) == planned)
        scene.change({ $0.trouble = nil }, of: 1)
        for _ in 0..<6 { try await scene.bench.round() }
        for zone in ["zone.test.", "b.test."] {
            #expect(scene.addresses("old.\(zone)", of: 1).isEmpty)
            #expect(scene.addresses("mail.\(zone)", of: 1) == ["192.0.2.25"])
        }
        // Once it is gone, even the same addresses are somebody else's.
        scene.tamper("old.zone.test.", planned)
        try await scene.bench.round()
        try await scene.bench.round()
        #expect(scene.addresses("old.zone.test.") == planned)
        scene.bench.turn([1, 2, 3, 4], .fine)
        scene.bench.settings.dns.rotatedLabels = ["www", "old"]
        try await scene.bench.round()
        #expect(scene.gone(0) == nil && scene.gone(1) == nil)
        #expect(scene.addresses("old.zone.test.") == scene.addresses("www.zone.test."))
    }

    /// A server that took nothing while edges died has older addresses at a label that is taken out of the
    /// rotation meanwhile, a dead edge's perhaps: they go too.
    @Test func whatALaggingServerHasAtAWithdrawnLabelGoesToo() async throws {
        let scene = try UpdateScene(rotate: ["www", "old"])
        var live = scene.bench.live(try await scene.bench.round())
        let first = scene.addresses("old.zone.test.")
        scene.change { $0.refusing = ["zone.test", "b.test"] }
        for _ in 0..<2 {
            scene.bench.turn([try #require(live.min())], .refusing)
            for _ in 0..<3 { live = scene.bench.live(try await scene.bench.round()) }
        }
        scene.bench.settings.dns.rotatedLabels = ["www"]
        #expect(try await scene.bench.round().hasFailures)
        #expect(first.count == 2 && scene.addresses("old.zone.test.") == first)
        let lists = scene.gone(0)?.split(separator: "/") ?? []
        #expect(lists.count == 3, "\(lists)")
        scene.change { $0.refusing = [] }
        var outcome = try await scene.bench.round()
        for _ in 0..<12 where outcome.hasFailures { outcome = try await scene.bench.round() }
        for zone in ["zone.test.", "b.test."] {
            #expect(scene.addresses("old.\(zone)").isEmpty)
            #expect(scene.addresses("www.\(zone)").count == 2)
        }
        #expect(!outcome.hasFailures && scene.known?.owed.isEmpty == true)
    }

    /// A server of which nothing is known may have everything that was ever published: one that was away from
    /// the configuration, one that has another name now.
    @Test(arguments: ["away", "renamed", "late"])
    func aNewServersRemainsGo(how: String) async throws {
        let scene = try UpdateScene(servers: 2, rotate: ["www", "old"])
        try await scene.bench.round()
        let planned = scene.addresses("old.zone.test.", of: 1)
        scene.change({ $0.trouble = .down }, of: 1)
        let second = scene.bench.settings.publish.servers[1]
        if how == "away" {
            scene.bench.settings.publish.servers.remove(at: 1)
            try await scene.bench.round()
        }
        scene.bench.settings.dns.rotatedLabels = ["www"]
        try await scene.bench.round()
        if how == "late" {
            scene.bench.settings.publish.servers.remove(at: 1)
            for _ in 0..<2 { try await scene.bench.round() }
        }
        if how == "renamed" {
            let name = try #require(ServerName("ns9"))
            scene.bench.settings.publish.servers[1].name = name
            scene.bench.world.change { state in
                var server = WorldServer(settings: scene.bench.settings.publish.servers[1])
                server.zones = state.servers[1].zones
                server.trouble = .down
                state.servers[1] = server
            }
        } else {
            scene.bench.settings.publish.servers.append(second)
        }
        // It is not there in its first round.
        try await scene.bench.round()
        scene.tamper("old.b.test.", ["192.0.2.66"], on: 1)
        #expect(planned.count == 2 && scene.addresses("old.zone.test.", of: 1) == planned)
        scene.change({ $0.trouble = nil }, of: 1)
        for _ in 0..<6 { try await scene.bench.round() }
        #expect(scene.addresses("old.zone.test.", of: 1).isEmpty)
        #expect(scene.addresses("old.b.test.", of: 1) == ["192.0.2.66"])
        #expect(scene.addresses("www.zone.test.", of: 1).count == 2)
    }

    /// A server that was put back from a backup has what was published long ago.
    @Test func whatAServerOfBeforeHasGoes() async throws {
        let scene = try UpdateScene(rotate: ["www", "old"])
        let live = scene.bench.live(try await scene.bench.round())
        let copies = scene.bench.world.change { $0.servers[0].zones }
        scene.bench.settings.dns.rotatedLabels = ["www"]
        try await scene.bench.round()
        scene.bench.turn([try #require(live.min())], .refusing)
        for _ in 0..<4 { try await scene.bench.round() }
        #expect(scene.addresses("old.zone.test.").isEmpty)
        // What an operator puts there is another's, be it what the zone has now.
        let now = scene.addresses("www.b.test.")
        scene.tamper("old.b.test.", now)
        scene.tamper("www.b.test.", ["192.0.2.66"])
        scene.change { $0.zones["zone.test"] = copies["zone.test"] }
        #expect(scene.addresses("old.zone.test.").count == 2)
        for _ in 0..<4 { try await scene.bench.round() }
        #expect(scene.addresses("old.zone.test.").isEmpty)
        #expect(scene.addresses("old.b.test.") == now)
        #expect(scene.addresses("www.b.test.") == now && now.count == 2)
        #expect(try await !scene.bench.round().hasFailures)
    }

    /// A zone that was given up and comes back: what servers that were away have is not forgotten either.
    @Test func whatAZoneHadBeforeItWasGivenUpGoes() async throws {
        let scene = try UpdateScene(rotate: ["www", "old"])
        try await scene.bench.round()
        scene.bench.world.setInclude("b.test", nil)
        try await scene.bench.round()
        scene.bench.store.forgetZones("bench", zones: ["b.test"])
        scene.bench.settings.dns.rotatedLabels = ["www"]
        try await scene.bench.round()
        #expect(scene.addresses("old.b.test.").count == 2)
        scene.bench.world.setInclude("b.test", "@ 600 IN TXT \"x\"\n")
        for _ in 0..<3 { try await scene.bench.round() }
        #expect(scene.addresses("old.b.test.").isEmpty && scene.addresses("www.b.test.").count == 2)
    }

    /// What a lagging server has there beyond what is kept may be anybody's: the run fails until it lags no more.
    @Test func whatIsNotKnownAtAWithdrawnLabelIsSaid() async throws {
        let scene = try UpdateScene(rotate: ["www", "old"])
        scene.bench.settings.publish.keptGenerations = 1
        let live = scene.bench.live(try await scene.bench.round())
        let first = scene.addresses("old.zone.test.")
        scene.change { $0.refusing = ["zone.test"] }
        scene.bench.turn([try #require(live.min())], .refusing)
        for _ in 0..<3 { try await scene.bench.round() }
        scene.bench.settings.dns.rotatedLabels = ["www"]
        try await scene.bench.round()
        scene.change { $0.refusing = [] }
        var said: [String] = []
        var outcome = try await scene.bench.round()
        for _ in 0..<12 where outcome.hasFailures {
            said += outcome.failures.values.filter { !$0.contains("REFUSED") }
            outcome = try await scene.bench.round()
        }
        #expect(scene.addresses("old.zone.test.") == first && !outcome.hasFailures)
        let words = "is not known to be published there, and stays on ns1: take it away by hand"
        #expect(said.contains { $0.contains("old.zone.test. A ") && $0.contains(words) })
        #expect(scene.addresses("old.b.test.").isEmpty)
    }

    /// A database that can't say which plan is the newest: nothing is sent, and the round says so (I5).
    @Test func anUnreadableGenerationStopsUpdatesAndIsSaid() async throws {
        let scene = try UpdateScene()
        scene.bench.world.change { $0.generationIsUnreadable = true }
        var outcome = try await scene.bench.round()
        let failure = try #require(outcome.failures["zone.test"])
        #expect(failure.contains("can't be told whether the plan is still the newest: database"))
        #expect(scene.addresses("www.zone.test.").isEmpty)
        #expect(outcome.hasFailures && scene.known?.failures == 0)
        #expect(scene.known?.owed.keys.sorted() == ["b.test", "zone.test"])
        scene.bench.world.change { $0.generationIsUnreadable = false }
        outcome = try await scene.bench.round()
        #expect(scene.addresses("www.zone.test.").count == 2 && !outcome.hasFailures)
    }

    /// The same for files, and for the debt of `run_after_changes`.
    @Test func anUnreadableGenerationStopsFilesAndIsSaid() async throws {
        let bench = RoundRunnerTests.Bench(edges: 2, live: 1)
        bench.world.change { $0.generationIsUnreadable = true }
        let outcome = try await bench.round()
        #expect(outcome.failures["zone.test"]?.contains("database: disk I/O error") == true)
        #expect(bench.world.publishedZones.isEmpty)
        bench.world.change { $0.generationIsUnreadable = false }
        #expect(try await !bench.round().hasFailures)
        #expect(bench.world.publishedZones.count == 1)
    }

    /// What is owed may be a newer plan's: it is not settled by who can't know.
    @Test func anUnreadableGenerationSettlesNoDebt() async throws {
        let bench = RoundRunnerTests.Bench(edges: 2, live: 1)
        bench.settings.commands.afterChanges = "reload"
        bench.world.change { $0.commandsFail = true }
        try await bench.round()
        bench.world.change { state in
            state.commandsFail = false
            state.generationIsUnreadable = true
        }
        let outcome = try await bench.round()
        let sentence = "run_after_changes, if any, is run again next round"
        #expect(outcome.troubles.contains { $0.contains("database") && $0.contains(sentence) })
        #expect(bench.store.network("bench")?.afterChangesPending == true)
        bench.world.change { $0.generationIsUnreadable = false }
        #expect(try await !bench.round().hasFailures)
        #expect(bench.store.network("bench")?.afterChangesPending == false)
    }
}
