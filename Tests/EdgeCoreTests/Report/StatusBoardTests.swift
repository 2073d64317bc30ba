import EdgeCore
import EdgeTesting
import Testing

/// The board: a sign, a word and a tone for every edge, in 80 columns.
@Suite struct StatusBoardTests {
    private static let now = Moment(
        wall: UnixTime(seconds: 1_800_000_000), sinceBoot: .seconds(100_000), bootID: "boot")

    private func settings(live: Int = 2) -> NetworkSettings {
        NetworkSettings(
            network: "web", format: .version1,
            object: TestObject(host: "object.test", path: "/o", localFile: "/o"),
            judge: JudgeSettings(goodEnough: .seconds(1)),
            selection: SelectionSettings(liveCount: live),
            dns: DNSSettings(
                primary: "ns1.dns.test.", mailbox: "host.dns.test.", nameServers: ["ns1.dns.test."],
                rotatedLabels: ["www"], isExplicit: true),
            edges: .inline([]), zoneIncludes: "/includes",
            publish: PublishSettings(directory: "/zones"), database: "/db")
    }

    private func record(
        _ health: Health?, outcome: String? = "ok", detail: String = "answered in 131 ms"
    ) -> TargetRecord {
        TargetRecord(
            health: health, lastOutcome: outcome, lastDetail: detail, lastProbed: Self.now.wall,
            lastSample: .milliseconds(131), window: SampleSum(count: 1, nanoseconds: 131_000_000))
    }

    private func view(
        _ records: [(EdgeName, TargetRecord)], live: [EdgeName],
        modes: [EdgeName: ModeRecord] = [:], past: StatusPast = StatusPast()
    ) -> StatusView {
        var state = NetworkState(
            generation: 3, live: live.map { LiveEdge(name: $0, addresses: EdgeAddresses()) },
            modes: modes, lastRun: Self.now)
        for (name, record) in records {
            state.targets[ProbeTarget(name: name, family: .ipv4)] = record
        }
        return StatusView(
            settings: settings(), state: state, inventory: records.map(\.0), now: Self.now,
            past: past)
    }

    @Test func everyStateHasItsWordAndSign() {
        let drained = ModeRecord(mode: .unavailable, comment: "[anna] kernel")
        let board = view(
            [
                ("a.test", record(.pass)), ("b.test", record(.fail, outcome: "refused")),
                ("c.test", record(.pass)), ("d.test", record(.fail, outcome: "refused")),
                ("e.test", record(.pass)), ("f.test", record(.pass, outcome: "blocked")),
                ("g.test", TargetRecord()),
            ], live: ["a.test", "b.test"], modes: ["e.test": drained])
        #expect(
            board.edges.map(\.boardState) == [
                .live, .failing, .spare, .down, .drained, .blocked, .new,
            ])
        let rows = board.text().filter { $0.contains(".test ") }.prefix(7)
        #expect(rows.map { String($0.prefix(1)) } == ["*", "!", "o", "x", "-", "?", "."])
        let signs = Set(
            BoardState.allCases.map {
                board.board(BoardStyle())[3...].map(\.text).joined().contains($0.rawValue)
            })
        #expect(signs == [true])
        // Who is simply fine needs no second line; an operator's words stand below the others.
        let text = board.text()
        let place = text.firstIndex { $0.hasPrefix("- e.test") }
        #expect(place.map { text[$0 + 1] } == "    answered in 131 ms; unavailable; [anna] kernel")
        #expect(text.firstIndex { $0.hasPrefix("o c.test") }.map { text[$0 + 1].first } == "x")
    }

    /// The same rule for board and page; who keeps this monitor out has the sign of its place.
    @Test(
        arguments: [
            (true, "unavailable", "pass", false, BoardState.live),
            (true, "force", "fail", false, .failing),
            (true, "available", "pass", true, .blocked),
            (true, "available", nil, false, .live), (false, "unavailable", "fail", true, .drained),
            (false, "available", nil, true, .blocked), (false, "available", nil, false, .new),
            (false, "available", "fail", false, .down), (false, "available", "pass", false, .spare),
        ] as [(Bool, String, String?, Bool, BoardState)])
    func oneRuleSaysTheState(
        isLive: Bool, mode: String, health: String?, isBlocked: Bool, state: BoardState
    ) {
        #expect(
            BoardState(isLive: isLive, mode: mode, health: health, isBlocked: isBlocked) == state)
        #expect(BoardState.blocked.signed(isLive: true) == .live)
        #expect(BoardState.blocked.signed(isLive: false) == .blocked)
    }

    /// Rows fit 80 columns, and sentences are wrapped where a width is given.
    @Test func itFitsEightyColumns() {
        let edge: EdgeName = "edge-with-name-26.test.org"
        let long: EdgeName = "a-much-longer-name-of-an-edge.example.net"
        let words = String(repeating: "word ", count: 60)
        let past = StatusPast(
            hour: [
                ProbeTarget(name: edge, family: .ipv4): Array(
                    repeating: FetchSummary(), count: StatusPast.cells)
            ],
            spans: [LiveSpan(edge: edge, began: Self.now.wall.adding(.seconds(-86_400 * 400)))])
        let board = view(
            [
                (edge, record(.fail, outcome: "timeout", detail: words)),
                (long, record(.pass)),
            ], live: [edge], past: past
        ).board(BoardStyle(width: 80))
        for line in board { #expect(line.text.count <= 80, "\(line.text)") }
        #expect(board.contains { $0.text == "○ \(long)" })
        #expect(board.contains { $0.text.contains("400 d") })
        #expect(board.count { $0.text.hasPrefix("    word") } >= 4)
    }

    /// The first line has the plugin's count, and is no good news when users meet a failing edge.
    @Test(
        arguments: [
            ([.pass, .pass], "2 of 2 live", .good),
            ([.pass, .fail], "1 of 2 live and passing", .bad),
            ([.fail, .fail], "0 of 2 live and passing", .bad), ([.pass], "1 of 2 live", .bad),
            ([.pass, .pass, .fail], "2 of 2 live and passing", .bad),
        ] as [([Health], String, BoardTone)])
    func theHeadlineCountsWhoPasses(healths: [Health], words: String, tone: BoardTone) {
        let names: [EdgeName] = ["a.test", "b.test", "c.test"]
        let view = view(
            zip(names, healths).map { ($0, record($1)) },
            live: names.prefix(healths.count).map { $0 })
        let head = view.board(BoardStyle())[0]
        #expect(head.text.hasPrefix("network web: \(words), "), "\(head.text)")
        let spans = head.parts.filter { $0.tone != .plain }
        #expect(spans.map(\.text) == [words] && spans.map(\.tone) == [tone])
        let check = NetworkCheck(view, settings: settings())
        let reading = check.readings.first { $0.measure == .live }
        #expect(reading?.value == Double(view.count.passing))
        #expect(reading?.words.hasPrefix("\(view.count.passing) of 2 live and passing") == true)
    }

    @Test func plainIsASCII() {
        let text = view([("a.test", record(.pass))], live: ["a.test"]).text().joined()
        let isASCII = text.unicodeScalars.allSatisfy { $0.isASCII }
        #expect(isASCII, "\(text)")
    }

    /// No text from an edge moves a cursor.
    @Test func controlCharactersAreShown() {
        let text = view(
            [("a.test", record(.fail, outcome: "http", detail: "evil \u{1B}[2J\u{9B}1m\u{7}"))],
            live: []
        ).text().joined()
        #expect(text.contains("evil ?[2J?1m?"))
    }

    @Test func barsAreHigherWhenSlower() {
        func cell(_ median: Double?, _ failed: Double?) -> Sparkline.Cell {
            Sparkline.Cell(medianSeconds: median, failed: failed)
        }
        let line = Sparkline(cells: [
            cell(nil, nil), cell(0.01, 0), cell(0.5, 0), cell(2, 0.1), cell(0.1, 0.5), cell(nil, 1),
        ])
        #expect(line.text(goodEnough: .seconds(1)) == " ▁▅█xx")
        #expect(line.text(goodEnough: .seconds(1), isPlain: true) == " 158xx")
    }
}
