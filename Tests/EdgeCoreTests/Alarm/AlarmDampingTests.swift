import EdgeCore
import EdgeTesting
import Testing

/// Flapping, quiet hours, limits, and receivers that can't be reached.
@Suite struct AlarmDampingTests {
    @Test func flappingIsToldOnceAndItsEndWhenItIsSteady() {
        var scene = AlarmScene()
        // Two rounds out, two in, for an hour.
        for _ in 0..<15 {
            for _ in 0..<2 { scene.round(out: ["a.test"]) }
            for _ in 0..<2 { scene.round() }
        }
        let told = scene.take()
        #expect(told.count { $0.isFlapping } == 1)
        #expect(told.last?.isFlapping == true && told.count <= 6)
        #expect(told.last?.sentence.hasSuffix("; flapping: a.test, told again when steady") == true)
        for _ in 0..<27 { scene.round() }
        #expect(scene.take().isEmpty)
        for _ in 0..<4 { scene.round() }
        #expect(scene.take().phases == [.resolved])
        #expect(scene.state.groups[.edgeOut]?.items.isEmpty ?? true)
    }

    @Test func whatFlapsFasterThanItsThresholdIsToldToo() {
        var scene = AlarmScene()
        for _ in 0..<10 {
            scene.round(out: ["a.test"])
            scene.round()
        }
        #expect(scene.take().map(\.isFlapping) == [true])
        scene.settings.flapping = nil
        scene.state = AlarmState()
        for _ in 0..<10 {
            scene.round(out: ["a.test"])
            scene.round()
        }
        #expect(scene.take().isEmpty)
    }

    @Test func whatFlappedAndStaysOutGoesOnAsOut() {
        var scene = AlarmScene()
        for _ in 0..<4 {
            scene.round(out: ["a.test"])
            scene.round()
        }
        _ = scene.take()
        for _ in 0..<40 { scene.round(out: ["a.test"]) }
        #expect(scene.take().isEmpty)
        #expect(scene.state.groups[.edgeOut]?.items["a.test"]?.isFlapping == false)
        scene.round()
        #expect(scene.take().phases == [.resolved])
    }

    /// Over midnight too: at 21:00 all is told, from 22:00 to 07:00 only what is critical, then the rest at once.
    @Test(arguments: [("22:00-07:00", 23 * 60, 8 * 60), ("01:00-06:00", 3 * 60, 6 * 60)])
    func quietHoursKeepBackAllButCritical(hours: String, night: Int, morning: Int) {
        var settings = AlarmSettings()
        settings.quiet = QuietHours(hours)
        settings.remind = .seconds(600)
        var scene = AlarmScene(settings)
        let sick = AlarmCondition(.monitorSick, words: "sick")
        scene.minute = night
        for _ in 0..<2 { scene.round(out: ["a.test"]) }
        #expect(scene.take().isEmpty)
        for _ in 0..<15 { scene.round(out: ["a.test"], [sick]) }
        #expect(scene.take().map(\.severity) == [.critical, .critical])
        scene.round()
        #expect(scene.take().map(\.phase) == [.resolved])
        scene.minute = morning
        scene.round()
        let digest = scene.take()
        #expect(digest.phases == [.digest])
        #expect(
            digest[0].sentence
                == "network web: in the quiet hours: edge a.test is out: refused the connection, "
                + "for 60 seconds; edge a.test is back after 17 minutes")
        #expect(digest[0].lines.count == 2 && digest[0].count == 2)
        scene.round()
        #expect(scene.take().isEmpty)
    }

    /// What was told by day and ends in the night is told in the morning; what fired by night is resolved by
    /// day.
    @Test func quietHoursLoseNothing() {
        var settings = AlarmSettings()
        settings.quiet = QuietHours("22:00-07:00")
        var scene = AlarmScene(settings)
        for _ in 0..<2 { scene.round(out: ["a.test"]) }
        #expect(scene.take().phases == [.firing])
        scene.minute = 22 * 60
        for _ in 0..<7 { scene.round(out: ["b.test"]) }
        #expect(scene.take().isEmpty)
        scene.minute = 7 * 60
        scene.round(out: ["b.test"])
        let digest = scene.take()
        #expect(digest.phases == [.digest])
        #expect(digest[0].lines.first == "edge a.test is back after 2 minutes")
        scene.round()
        #expect(scene.take().sentences == ["network web: edge b.test is back after 8 minutes"])
    }

    @Test func quietNotificationsAreBounded() {
        var settings = AlarmSettings()
        settings.quiet = QuietHours("22:00-07:00")
        settings.flapping = nil
        settings.pace = .zero
        var scene = AlarmScene(settings)
        scene.minute = 0
        for _ in 0..<100 {
            for _ in 0..<2 { scene.round(out: ["a.test"]) }
            scene.round()
        }
        #expect(scene.state.quieted.count == AlarmState.mostQuieted)
        scene.minute = 720
        scene.round()
        let digest = scene.take()
        #expect(digest.map(\.count) == [200] && digest[0].sentence.hasSuffix("; and 195 more"))
    }

    @Test func noReceiverHearsMoreThanItsLimit() {
        var settings = AlarmSettings()
        settings.perHour = 5
        settings.pace = .zero
        settings.flapping = nil
        var scene = AlarmScene(settings)
        for _ in 0..<18 {
            for _ in 0..<2 { scene.round(out: ["a.test"]) }
            scene.round()
        }
        #expect(scene.arrived.count == 5)
        // What other networks sent to it counts.
        scene.pass(.seconds(3700))
        scene.round(out: ["a.test"])
        let before = scene.arrived.count
        scene.send(elsewhere: ["ops": Array(repeating: scene.now, count: 5)])
        scene.pass(.seconds(60))
        scene.engine.take(
            AlarmReport(
                examined: [.edgeOut],
                conditions: [AlarmCondition(.edgeOut, subject: "a.test", words: "x")]),
            into: &scene.state)
        scene.send(elsewhere: ["ops": Array(repeating: scene.now, count: 5)])
        #expect(scene.arrived.count == before)
        scene.send()
        #expect(scene.arrived.count == before + 1)
    }

    /// What is critical passes when the limit is used up, and its end with it; the rest waits and says so.
    @Test func criticalPassesTheLimit() throws {
        var settings = AlarmSettings()
        settings.perHour = 1
        var scene = AlarmScene(settings)
        let dead = AlarmCondition(.degraded, severity: .critical, words: "0 of 2 are live")
        for _ in 0..<2 { scene.round(out: ["a.test"]) }
        #expect(scene.take().map(\.kind) == [.edgeOut])
        #expect(scene.view.troubles.isEmpty)
        for _ in 0..<6 { scene.round(out: ["a.test", "b.test"]) }
        for _ in 0..<2 { scene.round(out: ["a.test", "b.test"], [dead]) }
        #expect(scene.take().sentences == ["network web: 0 of 2 are live"])
        let view = scene.view
        #expect(view.receivers[0].heldBack == 1)
        #expect(
            view.troubles == [
                "alarm receiver ops was told as much as it may be in an hour (per_hour): 1 notification "
                    + "waits"
            ])
        #expect(
            view.text().contains { $0.hasSuffix("held back by per_hour: 1 notification waits") })
        // Told is what arrived.
        #expect(view.alarms.map(\.subject) == ["", "a.test", "b.test"])
        #expect(view.alarms.map(\.told) == [["ops"], ["ops"], []])
        // As much again and no more: this end waits, though it is critical.
        scene.round(out: ["a.test", "b.test"])
        #expect(scene.take().isEmpty && scene.view.receivers[0].heldBack == 2)
        scene.settings.perHour = 2
        scene.round(out: ["a.test", "b.test", "c.test"])
        #expect(scene.take().phases == [.resolved])
        scene.pass(.seconds(3600))
        scene.round(out: ["a.test", "b.test", "c.test"])
        #expect(scene.take().map(\.count) == [3])
        #expect(scene.view.troubles.isEmpty)
        #expect(scene.view.alarms.map(\.told) == [["ops"], ["ops"], ["ops"]])
    }

    /// Words of an hour ago mislead.
    @Test func whatWaitsSaysWhatIsSoWhenItIsSent() {
        var settings = AlarmSettings()
        settings.perHour = 1
        var scene = AlarmScene(settings)
        func few(_ count: Int) -> AlarmCondition {
            AlarmCondition(.degraded, severity: .warning, words: "\(count) of 5 are live")
        }
        for _ in 0..<2 { scene.round(out: ["a.test"]) }
        for _ in 0..<2 { scene.round(out: ["a.test"], [few(4)]) }
        #expect(scene.take().map(\.kind) == [.edgeOut])
        #expect(scene.view.receivers[0].waiting == ["network web: 4 of 5 are live"])
        scene.round(out: ["a.test"], [few(3)])
        #expect(scene.view.receivers[0].waiting == ["network web: 3 of 5 are live"])
        scene.pass(.seconds(3600))
        scene.round(out: ["a.test"], [few(3)])
        #expect(scene.take().sentences == ["network web: 3 of 5 are live"])
    }

    /// Whoever was not reached, or was spared in quiet hours, was not told.
    @Test func toldIsWhatArrived() {
        var settings = AlarmSettings(receivers: [
            AlarmScene.receiver("ops", retries: 2), AlarmScene.receiver("two"),
        ])
        settings.quiet = QuietHours("22:00-07:00")
        var scene = AlarmScene(settings)
        scene.dead = ["ops"]
        for _ in 0..<9 { scene.round(out: ["a.test"]) }
        #expect(scene.notes.contains { $0.contains("given up after 2 attempts") })
        #expect(scene.view.alarms.map(\.told) == [["two"]])
        scene.dead = []
        scene.minute = 23 * 60
        for _ in 0..<30 { scene.round(out: ["a.test", "b.test"]) }
        #expect(scene.view.alarms.map(\.told) == [["two"], []])
        scene.minute = 8 * 60
        scene.round(out: ["a.test", "b.test"])
        #expect(scene.view.alarms.map(\.told) == [["ops", "two"], ["ops", "two"]])
    }

    /// A receiver that is away gets what still holds, once, and hears of no end of what it never heard of.
    @Test func aDeadReceiverIsLeftAloneForAWhile() {
        var scene = AlarmScene(AlarmSettings(receivers: [AlarmScene.receiver("ops", retries: 100)]))
        scene.dead = ["ops"]
        for _ in 0..<30 { scene.round(out: ["a.test"]) }
        let tries = scene.notes.count
        #expect((4...12).contains(tries), "\(tries)")
        #expect(scene.notes[0] == "alarm receiver ops was not reached: it refused the connection")
        #expect(scene.state.receivers["ops"]?.outbox.count == 1)
        scene.dead = []
        for _ in 0..<20 { scene.round(out: ["a.test"]) }
        #expect(scene.take().phases == [.firing])
        #expect(scene.state.receivers["ops"]?.failures == 0)
    }

    @Test func aNotificationIsGivenUpAfterItsRetries() {
        var scene = AlarmScene(AlarmSettings(receivers: [AlarmScene.receiver("ops", retries: 3)]))
        scene.dead = ["ops"]
        for _ in 0..<60 { scene.round(out: ["a.test"]) }
        #expect(scene.notes.filter { $0.contains("given up after 3 attempts") }.count == 1)
        #expect(scene.state.receivers["ops"]?.outbox.isEmpty == true)
    }

    @Test func whatIsOverBeforeItWasEverTriedIsNotSent() {
        var settings = AlarmSettings()
        settings.perHour = 1
        var scene = AlarmScene(settings)
        let sick = AlarmCondition(.monitorSick, words: "sick")
        for _ in 0..<2 { scene.round(conditions: [sick]) }
        #expect(scene.take().count == 1)
        for _ in 0..<2 { scene.round(out: ["a.test"], [sick]) }
        scene.round(conditions: [sick])
        scene.pass(.seconds(3600))
        scene.round(conditions: [sick])
        #expect(scene.take().isEmpty)
    }

    /// A process that was killed after it claimed: another one sends the same notification, once it must be dead.
    @Test func whatWasClaimedIsSentByAnotherAfterTheLease() throws {
        var scene = AlarmScene()
        scene.round(out: ["a.test"])
        scene.pass(.seconds(60))
        scene.engine.take(
            AlarmReport(
                examined: [.edgeOut],
                conditions: [AlarmCondition(.edgeOut, subject: "a.test", words: "x")]),
            into: &scene.state)
        let claimed = scene.engine.claim(&scene.state)
        guard case .notifications(let lost)? = claimed.first?.load else {
            Issue.record("nothing was claimed")
            return
        }
        scene.pass(.seconds(10))
        #expect(scene.engine.claim(&scene.state).isEmpty)
        scene.pass(.seconds(31))
        scene.send()
        #expect(scene.take().map(\.id) == lost.map(\.id))
    }

    @Test func alertmanagerIsGivenWhatStandsAndWhatIsOver() {
        let receiver = AlarmReceiver(
            name: ReceiverName("am")!, way: .alertmanager(AlarmWebhook(url: "http://x/")))
        var scene = AlarmScene(
            AlarmSettings(receivers: [receiver], quiet: QuietHours("00:00-23:59")))
        scene.round(out: ["a.test", "b.test"])
        #expect(scene.alerts == nil)
        scene.round(out: ["a.test", "b.test"])
        #expect(scene.alerts?.standing.map(\.subject) == ["a.test", "b.test"])
        scene.round(out: ["b.test"])
        #expect(scene.alerts?.standing.map(\.subject) == ["b.test"])
        #expect(scene.alerts?.over.map(\.subject) == ["a.test"])
        // An end that did not arrive is sent again until it does.
        scene.dead = ["am"]
        for _ in 0..<3 { scene.round() }
        #expect(scene.state.receivers["am"]?.alerts.map(\.subject) == ["b.test"])
        scene.dead = []
        for _ in 0..<3 { scene.round() }
        #expect(
            scene.alerts?.standing.isEmpty == true
                && scene.alerts?.over.map(\.subject) == ["b.test"])
        #expect(scene.state.receivers["am"]?.alerts.isEmpty == true)
        #expect(scene.arrived.isEmpty)
    }

    /// Whatever edges do: never more than the limit, no end without a beginning, a bounded memory.
    @Test(arguments: UInt64(1)...20)
    func propertiesHoldWhateverHappens(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = AlarmSettings(receivers: [
            AlarmScene.receiver("ops", retries: 3), AlarmScene.receiver("two"),
        ])
        settings.perHour = 10
        settings.quiet = QuietHours("22:00-07:00")
        var scene = AlarmScene(settings)
        let edges = (0..<20).map { "e\($0).test" }
        var out: Set<String> = []
        var open: Set<AlarmKind> = []
        var sent: [String: [Int64]] = [:]
        for round in 0..<2000 {
            scene.minute = round % 1440
            let edge = edges[Int(random.next() % 20)]
            if random.next() % 3 == 0 { out.formSymmetricDifference([edge]) }
            if random.next() % 50 == 0 { out = random.next() % 2 == 0 ? [] : Set(edges) }
            scene.dead = random.next() % 10 == 0 ? ["ops"] : []
            if random.next() % 200 == 0 { scene.now.wall = scene.now.wall.adding(.seconds(9999)) }
            scene.round(out: out.sorted())
            if !scene.state.quieted.isEmpty { open.insert(.edgeOut) }
            for (receiver, told) in scene.arrived {
                let time = scene.now.sinceBoot.components.seconds
                sent[receiver] = (sent[receiver] ?? []).filter { time - $0 < 3600 } + [time]
                #expect((sent[receiver]?.count ?? 0) <= 10)
                guard receiver == "two", let kind = told.kind else { continue }
                switch told.phase {
                case .resolved: #expect(open.remove(kind) != nil, "\(round)")
                case .firing, .reminder: open.insert(kind)
                case .digest, .test: break
                }
            }
            _ = scene.take()
            #expect(scene.state.receivers.values.allSatisfy { $0.outbox.count <= 3 })
            #expect(scene.state.quieted.count <= AlarmState.mostQuieted)
            #expect((scene.state.groups[.edgeOut]?.items.count ?? 0) <= 20)
        }
        for index in 0..<300 {
            scene.minute = 720
            scene.dead = []
            scene.round()
            let told = scene.take()
            if index > 200 { #expect(told.isEmpty, "\(told.count)") }
        }
        #expect(scene.state.groups.isEmpty && scene.state.quieted.isEmpty)
    }
}
