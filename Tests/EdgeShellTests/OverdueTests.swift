import EdgeCore
import EdgeShell
import Synchronization
import Testing

@testable import EdgeTesting
@testable import EdgeSimulation

/// A name server that has not got what was published: what each run says of it, and when it fails.
@Suite struct OverdueTests {
    /// A zone that the server does not have is a failure of every run, and is not counted as written.
    @Test(arguments: [
        (NameServerKind.bind, "an update-policy"), (.knot, "knot.conf"),
        (.powerdns, "pdnsutil create-zone"),
    ])
    func aZoneThatIsNotThereFailsEveryRun(kind: NameServerKind, advice: String) async throws {
        let scene = try UpdateScene(kind: kind)
        scene.change { $0.dropped = ["b.test"] }
        let first = try await scene.bench.round()
        #expect(first.report.written == ["zone.test"])
        #expect(first.updated.values.map(\.self) == [1])
        #expect(scene.logHas("notice: published 1 zone because it is new: zone.test"))
        for _ in 0..<6 {
            let outcome = try await scene.bench.round()
            let words = try #require(outcome.failures["b.test"])
            #expect(
                words.hasPrefix("ns1: it does not serve the zone (REFUSED): create it there ("))
            #expect(words.contains(advice) && words.hasSuffix("edgemanage zone forget"))
            #expect(outcome.failures.count == 1 && outcome.troubles.isEmpty)
            #expect(outcome.report.written.isEmpty && outcome.updated.isEmpty)
        }
        let difference = try #require(scene.known?.owed["b.test"]?.difference)
        #expect(difference.contains("create it there"))
        // Who waits for it hears of it once.
        let effects = scene.bench.world.effects(store: scene.bench.store)
        scene.bench.world.moments.advance(by: .seconds(60))
        let waited = try await RoundRunner(effects: effects).run(
            scene.bench.settings, options: RoundOptions(waits: true))
        #expect(waited.failures.count == 1 && waited.troubles.isEmpty, "\(waited.troubles)")
        scene.change { $0.dropped = [] }
        let last = try await scene.bench.round()
        #expect(!last.hasFailures && last.updated.values.map(\.self) == [1])
        #expect(scene.addresses("www.b.test.").count == 2)
    }

    /// An alias at a rotated name can't be updated away, and is named.
    @Test func anAliasIsNamed() async throws {
        let scene = try UpdateScene()
        try await scene.bench.round()
        scene.change { $0.aliases = ["www.b.test."] }
        for _ in 0..<3 {
            #expect(
                try await scene.bench.round().failures == [
                    "b.test":
                        "ns1: it has a CNAME at www.b.test., a name that rotates: take it away there, or "
                        + "take the name out of rotate"
                ])
        }
        scene.change { $0.aliases = [] }
        #expect(try await !scene.bench.round().hasFailures)
    }

    /// A server that refuses fails every run, in its pauses too; nothing is counted as written.
    @Test(arguments: [WorldServer.Trouble.refusesUpdates, .down])
    func aFailedPublicationFailsEveryRun(trouble: WorldServer.Trouble) async throws {
        let scene = try UpdateScene()
        scene.bench.settings.publish.patience = .seconds(3600)
        scene.change { $0.trouble = trouble }
        for _ in 0..<10 {
            let outcome = try await scene.bench.round(after: .seconds(31))
            #expect(outcome.hasFailures && outcome.report.written.isEmpty)
            #expect(Set(outcome.failures.values).count + outcome.troubles.count == 1)
            #expect(outcome.saidServers.count == 1)
            guard trouble == .refusesUpdates else { continue }
            let words = (outcome.failures.values + outcome.troubles).joined()
            #expect(words.contains("it refuses updates of the zone (REFUSED)"), "\(words)")
        }
        scene.change { $0.trouble = nil }
        for _ in 0..<6 { try await scene.bench.round() }
        #expect(try await !scene.bench.round().hasFailures)
    }

    /// A server that goes down while nothing is published: seconds are no failure, an hour is.
    @Test func aSilentServerFailsRunsAfterAWhile() async throws {
        let scene = try UpdateScene()
        try await scene.bench.round()
        scene.change { $0.trouble = .down }
        #expect(try await !scene.bench.round().hasFailures)
        for minutes in 1...5 {
            let outcome = try await scene.bench.round()
            let seconds = minutes == 1 ? "62 seconds" : "\(minutes) minutes"
            #expect(
                outcome.troubles == [
                    "name server ns1 has not answered for \(seconds): start it, or correct its address "
                        + "and port"
                ])
        }
        scene.change { $0.trouble = nil }
        #expect(try await !scene.bench.round().hasFailures)
    }

    /// By files: told in vain, or not to be told; also when something new is published meanwhile.
    @Test(arguments: [WorldServer.Trouble.controlIsIgnored, .controlFails])
    func aServerThatStaysBehindFailsEveryRun(trouble: WorldServer.Trouble) async throws {
        let scene = try UpdateScene(method: .files)
        try await scene.bench.round()
        #expect(try await !scene.bench.round().hasFailures)
        scene.change { $0.trouble = trouble }
        let live = scene.bench.live(try await scene.bench.round())
        scene.bench.turn([try #require(live.min())], .refusing)
        let first = try await scene.bench.round()
        #expect(!first.report.added.isEmpty)
        #expect(first.hasFailures == (trouble == .controlFails))
        for round in 0..<12 {
            if round == 5 { scene.bench.turn([1, 2, 3, 4], .fine) }
            if round == 5 { scene.bench.turn([try #require(live.max())], .refusing) }
            let outcome = try await scene.bench.round()
            #expect(outcome.hasFailures, "round \(round): \(outcome.lags)")
            #expect(outcome.troubles.count == 1, "\(outcome.troubles)")
        }
    }

    /// A server that never follows is a failure however often something new is published; one that is a
    /// publication behind each time is none.
    @Test(arguments: [true, false])
    func aLagIsNotBegunAnewByWhatIsPublished(follows: Bool) async throws {
        let scene = try UpdateScene(method: .files)
        scene.bench.settings.publish.patience = .seconds(300)
        let first = try await scene.bench.round()
        scene.change { $0.trouble = .controlIsIgnored }
        for round in 1...12 {
            let before = scene.bench.world.change { $0.published }
            scene.bench.settings.dns.ttl += 1
            let outcome = try await scene.bench.round()
            #expect(outcome.generation == first.generation + round)
            #expect(outcome.hasFailures == (!follows && round > 5), "round \(round)")
            let owed = try #require(scene.known?.owed["zone.test"])
            let begun = owed.published.since(owed.since) / .seconds(1)
            #expect(begun < 130 || !follows, "\(begun)")
            guard follows else { continue }
            // It gets what was published before this round.
            let time = scene.bench.world.time
            scene.change { server in
                for (zone, file) in before { _ = server.read(zone, from: file, at: time) }
            }
        }
        let troubles = try await scene.bench.round().troubles
        #expect(
            troubles.contains { $0.contains("not served for 12 minutes") } == !follows,
            "\(troubles)")
    }

    /// By updates a file only names its zone; by files, from then on, it is read.
    @Test func aTouchedIncludeIsNoPublication() async throws {
        let scene = try UpdateScene()
        let first = try await scene.bench.round()
        scene.bench.world.setInclude("zone.test", "@ 600 IN TXT \"y\"\n")
        let second = try await scene.bench.round()
        #expect(second.generation == first.generation && second.settlements.isEmpty)
        scene.bench.settings.publish.method = .files
        try await scene.bench.round()
        let text = String(
            decoding: scene.bench.world.publishedZones["zone.test"] ?? [], as: UTF8.self)
        #expect(text.contains("\"y\""), "\(text)")
        scene.bench.settings.publish.method = .updates
        let last = try await scene.bench.round()
        #expect(last.settlements.allSatisfy { $0.action == .note } && !last.settlements.isEmpty)
    }

    /// A server that goes silent while it is left alone: what it owes can't be sent, from the first moment.
    @Test func aServerThatHasJustGoneSilentIsSilentForLessThanASecond() async throws {
        let scene = try UpdateScene()
        scene.bench.settings.publish.patience = .seconds(3600)
        scene.change { $0.trouble = .refusesUpdates }
        for _ in 0..<4 { try await scene.bench.round(after: .seconds(31)) }
        scene.change { $0.trouble = .down }
        let outcome = try await scene.bench.round(after: .seconds(31))
        #expect(
            outcome.troubles.first?.hasPrefix(
                "name server ns1 has not answered for less than a second, and owes 2 zones")
                == true,
            "\(outcome.troubles)")
    }

    /// Accepted includes that are gone from the database are one line, however many zones had one.
    @Test func lostIncludesShareALine() async throws {
        let scene = try UpdateScene(method: .files)
        let live = scene.bench.live(try await scene.bench.round())
        scene.bench.store.networks.withLock { $0["bench"]?.includes = [:] }
        scene.bench.turn([try #require(live.min())], .refusing)
        let outcome = try await scene.bench.round()
        #expect(
            FailureWords.lines(of: outcome.failures) == [
                "2 zones (b.test zone.test): the accepted include is lost: mend its file"
            ])
    }
}
