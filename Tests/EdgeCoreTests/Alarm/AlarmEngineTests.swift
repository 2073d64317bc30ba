import EdgeCore
import EdgeTesting
import Testing

/// What is told, when, and in which words.
@Suite struct AlarmEngineTests {
    @Test func tellsOnceThresholdIsReachedAndWhenItIsOver() {
        var scene = AlarmScene()
        scene.round(out: ["a.test"])
        #expect(scene.take().isEmpty)
        scene.round(out: ["a.test"])
        let first = scene.take()
        #expect(
            first.sentences == [
                "network web: edge a.test is out: refused the connection, for 60 seconds"
            ])
        #expect(first.phases == [.firing] && first[0].subjects.map(\.name) == ["a.test"])
        #expect(first[0].severity == .warning && first[0].since == 1_700_000_060)
        scene.round(out: ["a.test"])
        #expect(scene.take().isEmpty)
        scene.round()
        let last = scene.take()
        #expect(last.sentences == ["network web: edge a.test is back after 3 minutes"])
        #expect(last.phases == [.resolved] && last[0].ended == ["a.test"])
        scene.round()
        #expect(scene.take().isEmpty)
    }

    @Test func whatIsOverBeforeItsThresholdIsNotTold() {
        var scene = AlarmScene()
        scene.round(out: ["a.test"])
        scene.round()
        scene.round()
        #expect(scene.arrived.isEmpty && scene.notes.isEmpty)
    }

    @Test(arguments: [AlarmThreshold.time(.seconds(120)), .rounds(3)])
    func thresholdsAreRoundsOrTimes(threshold: AlarmThreshold) {
        var settings = AlarmSettings()
        var rule = AlarmRule(.edgeOut)
        rule.after = threshold
        settings.rules[.edgeOut] = rule
        var scene = AlarmScene(settings)
        scene.round(out: ["a.test"])
        scene.round(out: ["a.test"])
        #expect(scene.take().isEmpty)
        scene.round(out: ["a.test"])
        #expect(scene.take().phases == [.firing])
    }

    @Test func fiftyThatFallAtOnceAreOneNotification() {
        var scene = AlarmScene()
        let edges = (10..<60).map { "e\($0).test" }
        for _ in 0..<4 { scene.round(out: edges) }
        let told = scene.take()
        #expect(
            told.sentences == [
                "network web: 50 edges fail: e10.test e11.test e12.test e13.test e14.test and 45 more "
                    + "(e10.test is out: refused the connection)"
            ])
        #expect(told[0].count == 50 && told[0].subjects.count == 50)
        scene.round()
        #expect(
            scene.take().sentences == [
                "network web: all 50 edges are back: e10.test e11.test e12.test e13.test e14.test and 45 "
                    + "more, the last after 4 minutes"
            ])
    }

    /// A dead edge that an operator takes out is not well again.
    @Test func whatAnOperatorTookOutIsNotBack() {
        var scene = AlarmScene()
        for _ in 0..<3 { scene.round(out: ["a.test"]) }
        _ = scene.take()
        scene.round(conditions: [], withdrawn: ["a.test"])
        #expect(
            scene.take().sentences == [
                "network web: edge a.test was taken out by an operator after 3 minutes, and failed until then"
            ])
    }

    /// Those that follow wait for the pace and come as one; those that are back meanwhile with them.
    @Test func whatFollowsIsPaced() {
        var scene = AlarmScene()
        scene.round(out: ["a.test"])
        for index in 0..<20 {
            scene.round(out: ["a.test"] + (0..<index).map { "b\($0 + 10).test" })
        }
        // After 2 rounds, then each 5 minutes: at 2, 7, 12 and 17 minutes.
        #expect(scene.take().map(\.count) == [1, 5, 10, 15])
        for _ in 0..<3 { scene.round(out: ["b10.test"]) }
        let told = scene.take()
        #expect(told.count == 1 && told[0].ended.contains("a.test"))
        #expect(told[0].sentence.contains("well again: a.test"))
    }

    @Test func remindsWhileItLasts() {
        var settings = AlarmSettings()
        settings.remind = .seconds(600)
        var scene = AlarmScene(settings)
        for _ in 0..<32 { scene.round(out: ["a.test"]) }
        #expect(scene.take().phases == [.firing, .reminder, .reminder, .reminder])
        scene.settings.remind = nil
        for _ in 0..<60 { scene.round(out: ["a.test"]) }
        #expect(scene.take().isEmpty)
        var own = AlarmRule(.edgeOut)
        own.remind = .seconds(60)
        scene.settings.rules[.edgeOut] = own
        scene.round(out: ["a.test"])
        let told = scene.take()
        #expect(told.phases == [.reminder])
        #expect(
            told[0].sentence.hasSuffix(
                ": still: edge a.test is out: refused the connection, for 92 minutes"))
    }

    @Test func worseIsToldAtOnce() {
        var scene = AlarmScene()
        let mild = AlarmCondition(.degraded, severity: .warning, words: "3 of 4 are live")
        let bad = AlarmCondition(.degraded, severity: .critical, words: "1 of 4 is live")
        scene.round(conditions: [mild])
        scene.round(conditions: [mild])
        scene.round(conditions: [bad])
        scene.round(conditions: [bad])
        scene.round(conditions: [mild])
        let told = scene.take()
        #expect(told.map(\.severity) == [.warning, .critical])
        scene.round()
        // It was critical at its worst: whoever was told then hears of its end.
        #expect(scene.take().map(\.severity) == [.critical])
    }

    /// A pager that was told is let go, also when it was milder in between.
    @Test func theEndIsAsGraveAsTheWorstThatWasTold() {
        var settings = AlarmSettings()
        settings.remind = .seconds(600)
        var scene = AlarmScene(settings)
        let mild = AlarmCondition(.degraded, severity: .warning, words: "3 of 4 are live")
        let bad = AlarmCondition(.degraded, severity: .critical, words: "1 of 4 is live")
        for _ in 0..<2 { scene.round(conditions: [bad]) }
        for _ in 0..<12 { scene.round(conditions: [mild]) }
        #expect(scene.take().map(\.severity) == [.critical, .warning])
        scene.round()
        #expect(scene.take().map(\.severity) == [.critical])
    }

    /// What is shown and told is so now; words that change are no news of their own.
    @Test func wordsAreThePresentFacts() {
        var settings = AlarmSettings()
        settings.remind = .seconds(1200)
        var scene = AlarmScene(settings)
        func condition(_ passing: Int) -> AlarmCondition {
            AlarmCondition(
                .degraded, severity: passing < 2 ? .critical : .warning,
                words: "\(passing) of 5 are live")
        }
        for _ in 0..<2 { scene.round(conditions: [condition(4)]) }
        #expect(scene.take().sentences == ["network web: 4 of 5 are live"])
        for _ in 0..<4 { scene.round(conditions: [condition(3)]) }
        for _ in 0..<4 { scene.round(conditions: [condition(2)]) }
        #expect(scene.take().isEmpty)
        #expect(scene.state.groups[.degraded]?.items[""]?.words == "2 of 5 are live")
        scene.round(conditions: [condition(1)])
        let worse = scene.take()
        #expect(worse.sentences == ["network web: 1 of 5 are live"])
        #expect(
            worse.map(\.severity) == [.critical] && worse[0].subjects[0].words == "1 of 5 are live")
        for _ in 0..<20 { scene.round(conditions: [condition(0)]) }
        let reminder = scene.take()
        #expect(reminder.phases == [.reminder])
        #expect(reminder.sentences == ["network web: still: 0 of 5 are live"])
    }

    @Test func whatANewRoundDoesNotLookAtStaysAsItIs() {
        var scene = AlarmScene()
        scene.round(out: ["a.test"])
        scene.round(out: ["a.test"])
        #expect(scene.take().phases == [.firing])
        for _ in 0..<5 { scene.round(conditions: [], examined: [.noRound]) }
        #expect(scene.take().isEmpty)
        scene.round()
        #expect(scene.take().phases == [.resolved])
    }

    @Test func kindsAreApartAndCanBeSwitchedOff() {
        var settings = AlarmSettings()
        var off = AlarmRule(.planHeld)
        off.isOn = false
        settings.rules[.planHeld] = off
        var scene = AlarmScene(settings)
        let held = AlarmCondition(.planHeld, subject: "x", words: "held")
        let sick = AlarmCondition(.monitorSick, words: "sick")
        for _ in 0..<3 { scene.round(out: ["a.test"], [held, sick]) }
        #expect(Set(scene.take().map(\.kind)) == [.edgeOut, .monitorSick])
    }

    @Test func receiversHearWhatTheyAskFor() {
        var scene = AlarmScene(
            AlarmSettings(receivers: [
                AlarmScene.receiver("bad", severities: [.critical]),
                AlarmScene.receiver("edges", kinds: [.edgeOut]),
                AlarmScene.receiver("shop", networks: ["shop"]),
                AlarmScene.receiver("all"),
            ]))
        let sick = AlarmCondition(.monitorSick, words: "sick")
        for _ in 0..<2 { scene.round(out: ["a.test"], [sick]) }
        scene.round()
        var counts: [String: Int] = [:]
        for (receiver, _) in scene.arrived { counts[receiver, default: 0] += 1 }
        #expect(counts == ["bad": 2, "edges": 2, "all": 4])
    }

    /// Nothing that clocks do makes anything told again, or late (I25).
    @Test(arguments: [
        Duration.seconds(3600), .seconds(-3600), .seconds(315_000_000), .seconds(-315_000_000),
    ])
    func clockStepsAreHarmless(step: Duration) {
        var settings = AlarmSettings()
        settings.remind = .seconds(1200)
        var scene = AlarmScene(settings)
        for _ in 0..<3 { scene.round(out: ["a.test"]) }
        #expect(scene.take().phases == [.firing])
        scene.now.wall = scene.now.wall.adding(step)
        for _ in 0..<15 { scene.round(out: ["a.test"]) }
        #expect(scene.take().isEmpty)
        for _ in 0..<6 { scene.round(out: ["a.test"]) }
        #expect(scene.take().phases == [.reminder])
        // Another boot, whose wall clock is wrong too.
        scene.now = Moment(
            wall: scene.now.wall.adding(.zero - step), sinceBoot: .seconds(5), bootID: "second")
        for _ in 0..<30 { scene.round(out: ["a.test"]) }
        let reminders = scene.take()
        #expect((1...2).contains(reminders.count) && reminders.allSatisfy { $0.phase == .reminder })
        scene.round()
        #expect(scene.take().phases == [.resolved])
    }

    @Test func certificatesAreToldByTheirEnd() {
        let now = UnixTime(seconds: 1_700_000_000)
        let day: Int64 = 86_400
        let ends: [EdgeName: UnixTime] = [
            "a.test": UnixTime(seconds: now.seconds + 30 * day),
            "b.test": UnixTime(seconds: now.seconds + 10 * day),
            "c.test": UnixTime(seconds: now.seconds + 2 * day),
            "d.test": UnixTime(seconds: now.seconds - day),
        ]
        let found = AlarmCondition.certificates(ends, within: .seconds(14 * day), now: now)
        #expect(
            found.map { "\($0.subject) \($0.severity.rawValue) \($0.words)" } == [
                "b.test warning its certificate ends in 10 days",
                "c.test critical its certificate ends in 2 days",
                "d.test critical its certificate ended 24 hours ago",
            ])
    }

    @Test func readsThresholdsAndQuietHours() {
        #expect(AlarmThreshold("2 rounds") == .rounds(2) && AlarmThreshold("1 round") == .rounds(1))
        #expect(AlarmThreshold("2m") == .time(.seconds(120)))
        for bad in ["", "2", "0 rounds", "2 rows", "-1m", "9d", "99999999999999999999 rounds"] {
            #expect(AlarmThreshold(bad) == nil, "\(bad)")
        }
        #expect(QuietHours("22:00-07:30")?.text == "22:00-07:30")
        for bad in ["", "22-7", "22:00", "24:00-01:00", "22:60-01:00", "07:00-07:00", "1:00-2:00"] {
            #expect(QuietHours(bad) == nil, "\(bad)")
        }
    }
}
