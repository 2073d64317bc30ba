public import EdgeCore
public import EdgeShell
internal import Glibc

/// The machine's clocks: CLOCK_REALTIME, and CLOCK_BOOTTIME with the kernel's boot id.
public struct SystemMomentSource: MomentSource {
    private let bootID: String

    /// Reads the boot id once. Where the kernel has none to read, this process counts as a boot of
    /// its own, and intervals between processes come from the wall clock.
    public init() {
        let kernel = try? FileReading.read("/proc/sys/kernel/random/boot_id", limit: 128)
        let text = kernel.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        let id = text.filter { $0.isHexDigit || $0 == "-" }
        var random = SystemRandomNumberGenerator()
        bootID = id.isEmpty ? "process-\(String(random.next() as UInt64, radix: 16))" : id
    }

    /// Both clocks as they are now.
    public func now() -> Moment {
        let wall = Self.read(CLOCK_REALTIME)
        let boot = Self.read(CLOCK_BOOTTIME)
        return Moment(
            wall: UnixTime(nanoseconds: UnixTime(seconds: wall.0).nanoseconds &+ wall.1),
            sinceBoot: .seconds(boot.0) + .nanoseconds(boot.1), bootID: bootID)
    }

    /// Sleeps, on the boot clock.
    public func pause(_ duration: Duration) async {
        try? await Task.sleep(for: duration, clock: .continuous)
    }

    private static func read(_ clock: clockid_t) -> (seconds: Int64, nanoseconds: Int64) {
        var time = timespec()
        clock_gettime(clock, &time)
        return (Int64(time.tv_sec), Int64(time.tv_nsec))
    }
}
