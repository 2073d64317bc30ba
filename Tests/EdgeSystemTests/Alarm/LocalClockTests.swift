import EdgeCore
import EdgeSystemAlarm
import Foundation
import Testing

/// The system's time zone, which may be set while a daemon runs.
@Suite struct LocalClockTests {
    /// In a process of its own: TZ is the whole process's.
    @Test func aZoneThatIsSetLaterCounts() async {
        await #expect(processExitsWith: .success) {
            let clock = SystemLocalClock()
            let noon = UnixTime(seconds: 1_700_049_600)
            setenv("TZ", "UTC0", 1)
            #expect(clock.minuteOfDay(noon) == 12 * 60)
            setenv("TZ", "XYZ-9", 1)
            #expect(clock.minuteOfDay(noon) == 21 * 60)
        }
    }
}
