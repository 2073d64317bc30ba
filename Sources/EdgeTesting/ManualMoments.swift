public import EdgeCore
public import EdgeShell
internal import Synchronization

/// Clocks that stand still until told: for tests and the simulation's virtual time.
public final class ManualMoments: MomentSource {
    private let moment: Mutex<Moment>
    private let elapsed = Mutex<Duration>(.zero)

    /// Begins at a wall time, one hour after the boot `boot-1`.
    public init(
        wall: UnixTime = UnixTime(seconds: 1_700_000_000), sinceBoot: Duration = .seconds(3600),
        bootID: String = "boot-1"
    ) {
        moment = Mutex(Moment(wall: wall, sinceBoot: sinceBoot, bootID: bootID))
    }

    /// Both clocks as they are now.
    public func now() -> Moment {
        moment.withLock { $0 }
    }

    /// The time that really passed since the beginning, whatever the clocks say.
    public var passed: Duration { elapsed.withLock { $0 } }

    /// Time passes at once.
    public func pause(_ duration: Duration) async {
        advance(by: max(duration, .zero))
    }

    /// Lets time pass on both clocks; `step` must not be negative.
    public func advance(by step: Duration) {
        precondition(step >= .zero, "the boot clock never goes back")
        elapsed.withLock { $0 += step }
        moment.withLock { moment in
            moment.sinceBoot += step
            moment.wall = moment.wall.adding(step)
        }
    }

    /// Sets the wall clock, as an operator or NTP would; no time passes.
    public func setWall(_ wall: UnixTime) {
        moment.withLock { $0.wall = wall }
    }

    /// Steps the wall clock forwards or, with a negative step, back; no time passes.
    public func stepWall(by step: Duration) {
        moment.withLock { $0.wall = $0.wall.adding(step) }
    }

    /// Reboots: another boot id, the boot clock from zero on; the wall goes on by `downtime`.
    public func reboot(id: String, downtime: Duration = .seconds(30)) {
        elapsed.withLock { $0 += downtime }
        moment.withLock { moment in
            moment = Moment(
                wall: moment.wall.adding(downtime), sinceBoot: .seconds(10), bootID: id)
        }
    }

    /// Sets both clocks at once.
    public func set(_ now: Moment) {
        moment.withLock { $0 = now }
    }
}
