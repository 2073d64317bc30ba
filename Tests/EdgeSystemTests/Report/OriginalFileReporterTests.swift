import EdgeCore
import EdgeTesting
import EdgeShell
import EdgeSystemReport
import Synchronization
import Testing

@Suite("Writing the original's files after a round")
struct OriginalFileReporterTests {
    @Test("Nothing is written that is not configured")
    func unconfigured() async {
        let world = ReportWorld()
        let reporter = OriginalFileReporter(history: world.history)
        let problems = await reporter.report(
            world.report([world.edge("a.example")]), settings: world.settings { _, _ in })
        #expect(problems.all.isEmpty && world.directory.names.isEmpty)
    }

    @Test("The live list is sorted, and written only when the set changed")
    func liveList() async {
        let world = ReportWorld()
        let settings = world.settings { $0.liveList = "\($1)/live" }
        let reporter = OriginalFileReporter(history: world.history)
        let edges = [
            world.edge("b.example"), world.edge("a.example"),
            world.edge("c.example", isLive: false),
            world.edge("192.0.2.1", isCanary: true),
        ]
        #expect(await reporter.report(world.report(edges), settings: settings).all == [])
        #expect(world.directory.text("live") == "a.example\nb.example\n")
        let inode = world.directory.inode("live")
        _ = await reporter.report(world.report(edges.reversed()), settings: settings)
        #expect(world.directory.inode("live") == inode)
        _ = await reporter.report(world.report([edges[0]]), settings: settings)
        #expect(world.directory.text("live") == "b.example\n")
        _ = await reporter.report(world.report([]), settings: settings)
        #expect(world.directory.text("live") == "b.example\n")
    }

    @Test("The state file tells what the original's did")
    func stateFile() async throws {
        let world = ReportWorld()
        let settings = world.settings { $0.stateFile = "\($1)/state" }
        world.history.state.withLock { $0.networkRotations = [UnixTime(seconds: 5)] }
        let zone = ZoneName("z.example")
        var report = world.report([world.edge("b.example"), world.edge("a.example")])
        report.activeCanaries = [zone: .v4(1)]
        report.includeTimes = [zone: UnixTime(seconds: 6)]
        report.verificationFailures = [report.edges[0].name]
        _ = await OriginalFileReporter(history: world.history).report(report, settings: settings)
        let bytes = try #require(world.directory.bytes("state"))
        let decoded = try OriginalStateFile.decode(bytes, now: UnixTime(seconds: 1_900_000_000))
        #expect(
            decoded
                == DecodedFile(
                    value: OriginalStateFile(
                        rotationList: [UnixTime(seconds: 5)], lastRun: world.now,
                        lastLive: report.edges.map(\.name).sorted(),
                        zoneTimes: [zone: UnixTime(seconds: 6)], activeCanaries: [zone: .v4(1)],
                        verificationFailures: [report.edges[0].name])))
    }

    @Test("Edgestore files begin from the history and go on by splices")
    func edgeStore() async throws {
        var world = ReportWorld()
        let settings = world.settings { $0.healthStore = $1 }
        let reporter = OriginalFileReporter(history: world.history)
        let mode = ModeRecord(mode: .force, comment: "[ann] x", changed: UnixTime(seconds: 9))
        for round in 1...3 {
            var report = world.report([
                world.edge("a.example", sample: .milliseconds(round), mode: mode),
                world.edge("192.0.2.7", isLive: false, isCanary: true, health: .fail),
            ])
            if round == 2 { report.added = [report.edges[0].name] }
            #expect(await reporter.report(report, settings: settings).all == [])
            let file = try #require(try world.stored("a.example"))
            #expect(file.fetchTimes.map(\.duration) == (1...round).map { .milliseconds($0) })
            #expect(file.fetchTimes.last?.time == world.now)
            #expect(file.mode == .force && file.comment == "[ann] x" && file.isLive)
            #expect(file.stateEntryTime == mode.changed && file.health == .passThreshold)
            #expect(file.rotationHistory.count == (round >= 2 ? 1 : 0))
            #expect(file.historicalAverage.count == 1)
            world.now.nanoseconds += 60_000_000_000
        }
        #expect(try world.stored("192.0.2.7")?.health == .fail)
        #expect(world.history.state.withLock { $0.fullReads } == 2)
        #expect(world.directory.names == ["192.0.2.7.edgestore", "a.example.edgestore"])
    }

    @Test("A file that missed rounds, or that another program laid out, is written anew")
    func rewritten() async throws {
        var world = ReportWorld()
        let settings = world.settings { $0.healthStore = $1 }
        let reporter = OriginalFileReporter(history: world.history)
        _ = await reporter.report(world.report([world.edge("a.example")]), settings: settings)
        world.now.nanoseconds += 60_000_000_000
        _ = world.edge("a.example")  // a round that was not reported
        world.now.nanoseconds += 60_000_000_000
        _ = await reporter.report(world.report([world.edge("a.example")]), settings: settings)
        #expect(try world.stored("a.example")?.fetchTimes.count == 3)
        world.directory.write("a.example.edgestore", #"{"fetch_times":{"5":1}}"#)
        world.now.nanoseconds += 60_000_000_000
        let problems = await reporter.report(
            world.report([world.edge("a.example", sample: nil)]), settings: settings)
        #expect(problems.all == [])
        #expect(try world.stored("a.example")?.fetchTimes.count == 3)
    }

    @Test(
        "A torn file is set aside, said so, and written anew",
        arguments: [
            "", "{\"comment\": \"", "\u{0}\u{0}\u{0}", "[1]",
        ])
    func torn(text: String) async throws {
        let world = ReportWorld()
        let settings = world.settings { $0.healthStore = $1 }
        world.directory.write("a.example.edgestore", text)
        let problems = await OriginalFileReporter(history: world.history).report(
            world.report([world.edge("a.example")]), settings: settings)
        #expect(problems.failures.isEmpty && problems.notes.count == 1)
        #expect(problems.notes[0].contains("set aside as"))
        #expect(try world.stored("a.example")?.fetchTimes.count == 1)
        #expect(world.directory.text("a.example.edgestore.corrupt-1700000000") == text)
    }

    @Test("A mode changed in a file from outside is reported, once, and not used")
    func drift() async throws {
        var world = ReportWorld()
        let settings = world.settings { $0.healthStore = $1 }
        let reporter = OriginalFileReporter(history: world.history)
        let round = { (world: ReportWorld) in
            await reporter.report(world.report([world.edge("a.example")]), settings: settings)
        }
        _ = await round(world)
        let text = try #require(world.directory.text("a.example.edgestore"))
        world.directory.write(
            "a.example.edgestore", text.replacing("\"available\"", with: "\"unavailable\""))
        world.now.nanoseconds += 60_000_000_000
        let problems = await round(world)
        #expect(
            problems.notes == [
                "\(world.directory.path)/a.example.edgestore says unavailable for a.example, changed "
                    + "from outside; the mode stays available: set it with edge_conf"
            ])
        #expect(try world.stored("a.example")?.mode == .available)
        world.now.nanoseconds += 60_000_000_000
        #expect(problems.failures.isEmpty)
        #expect(await round(world).all == [])
    }

    @Test("A mode change rewrites the mode alone, and makes a missing file")
    func modeChange() async throws {
        let world = ReportWorld()
        let settings = world.settings { $0.healthStore = $1 }
        let reporter = OriginalFileReporter(history: world.history)
        _ = await reporter.report(world.report([world.edge("a.example")]), settings: settings)
        let before = try #require(try world.stored("a.example"))
        let later = UnixTime(seconds: 1_700_000_030)
        let mode = ModeRecord(mode: .unavailable, comment: "[ann] disk", changed: later)
        for name in ["a.example", "b.example"] {
            let edge = try #require(EdgeName(name))
            let problems = reporter.modeChanged(
                edge, to: mode, isLive: false, health: .pass, settings: settings, now: later)
            #expect(problems == [])
        }
        #expect(
            try world.stored("a.example") == before.applying(EdgeStoreUpdate(mode: mode)))
        #expect(
            try world.stored("b.example")
                == EdgeStoreFile().applying(
                    EdgeStoreUpdate(health: .pass, mode: mode, isLive: false)))
    }

    @Test("What can't be written or read is named and stops nothing else")
    func failures() async throws {
        let world = ReportWorld()
        let settings = world.settings {
            $0.liveList = "\($1)/missing/live"
            $0.stateFile = "\($1)/state"
            $0.healthStore = "\($1)/nowhere"
            $0.prometheusDirectory = $1
        }
        let reporter = OriginalFileReporter(history: world.history)
        let report = world.report([world.edge("a.example"), world.edge("b.example")])
        let problems = await reporter.report(report, settings: settings)
        #expect(problems.notes.isEmpty && problems.failures.count == 2)
        #expect(problems.failures[0].contains("missing/live"))
        #expect(problems.failures[1].contains("nowhere/a.example"))
        #expect(problems.failures[1].hasSuffix(" (and 1 more files of edges)"))
        #expect(world.directory.names == ["edgemanage.prom", "state"])
        world.history.state.withLock { $0.isBroken = true }
        let broken = await reporter.report(report, settings: settings)
        #expect(broken.failures.contains { $0.hasPrefix("the history of a.example can't be read") })
    }
}
