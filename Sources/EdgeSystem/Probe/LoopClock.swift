internal import NIOCore

/// The event loop's clock (CLOCK_MONOTONIC), which notices when the loop stood still: stopped by a
/// signal, starved, or suspended. What was measured across such a gap says nothing about an edge.
final class LoopClock {
    /// How often the loop is expected to come by.
    static let beat = TimeAmount.milliseconds(100)
    /// How much later than expected is a stall.
    static let tolerance = TimeAmount.seconds(1)

    private let loop: any EventLoop
    private var lastBeat: NIODeadline
    private var lastStall: NIODeadline?
    private var task: RepeatedTask?

    init(_ loop: any EventLoop) {
        self.loop = loop
        lastBeat = .now()
    }

    /// Begins to beat.
    func begin() {
        lastBeat = .now()
        let bound = NIOLoopBound(self, eventLoop: loop)
        task = loop.scheduleRepeatedTask(initialDelay: Self.beat, delay: Self.beat) { _ in
            _ = bound.value.now()
            bound.value.lastBeat = .now()
        }
    }

    /// Stops beating.
    func end() {
        task?.cancel()
        task = nil
    }

    /// Now; a stall is noticed here, before anything that happened meanwhile is believed.
    func now() -> NIODeadline {
        let now = NIODeadline.now()
        if now - lastBeat > Self.beat + Self.tolerance {
            lastStall = now
            lastBeat = now
        }
        return now
    }

    /// Whether the loop stood still at any time since `start`.
    func hasStalled(since start: NIODeadline) -> Bool {
        _ = now()
        return lastStall.map { $0 > start } ?? false
    }
}
