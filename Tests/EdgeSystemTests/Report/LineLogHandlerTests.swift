import EdgeCore
import EdgeSystemReport
import Logging
import Synchronization
import Testing

@Suite("Log lines")
struct LineLogHandlerTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func lines(
        _ style: LineLogHandler.Style, level: Logger.Level = .info, _ body: (inout Logger) -> Void
    ) -> [String] {
        let lines = Lines()
        var logger = Logger(label: "x") { _ in
            LineLogHandler(
                style: style, level: level, clock: { UnixTime(seconds: 1_700_000_000) },
                sink: { _, line in lines.all.withLock { $0.append(line) } })
        }
        body(&logger)
        return lines.all.withLock { $0 }
    }

    @Test("Time, level, message, metadata in order")
    func timestamped() {
        let written = lines(.timestamped) { logger in
            logger[metadataKey: "network"] = "mynet"
            logger.info("hello", metadata: ["edge": "a b", "empty": "", "quote": "x\"y"])
            logger.debug("not shown")
        }
        #expect(
            written == [
                "2023-11-14T22:13:20Z info hello edge=\"a b\" empty=\"\" network=mynet "
                    + #"quote="x\"y""#
            ])
    }

    @Test("Journald and syslog have no time of ours")
    func others() {
        #expect(lines(.journald) { $0.error("x") } == ["<3>x"])
        #expect(lines(.leveled) { $0.warning("x") } == ["warning x"])
        #expect(LineLogHandler.styleForErrorStream(environment: [:]) == .timestamped)
        #expect(
            LineLogHandler.styleForErrorStream(environment: ["JOURNAL_STREAM": "8:1"]) == .journald)
    }

    @Test("No text forges a line of its own")
    func forged() {
        let written = lines(.leveled) {
            $0.info("a\nb\u{1B}[2J\r", metadata: ["k": "v\n<0>x", "bad\nkey": "1"])
        }
        #expect(written == [#"info a\nb\u{1b}[2J\r bad\nkey=1 k=v\n<0>x"#])
    }

    @Test(
        "Civil time",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_294_967_296, "2106-02-07T06:28:16Z"),
        ])
    func civil(seconds: Int64, text: String) {
        #expect(UnixTime(seconds: seconds).rfc3339 == text)
    }
}
