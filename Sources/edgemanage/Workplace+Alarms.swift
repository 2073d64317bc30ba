import EdgeCore
import EdgeShell
import EdgeSystemAlarm
import EdgeSystemFiles
import EdgeSystemHistory

extension Workplace {
    /// Now, by the system's clocks.
    static func now() -> Moment { SystemMomentSource().now() }

    /// What fires, who was told, and what waits.
    func alarmView() throws -> AlarmView {
        let now = clock.now()
        return AlarmView(
            network: settings.network, settings: settings.alarms,
            state: try store.alarms(settings.network), now: now,
            minuteOfDay: SystemLocalClock().minuteOfDay(now.wall))
    }

    /// What status says of receivers of alarms.
    func alarmTroubles() throws -> [String] {
        settings.alarms.receivers.isEmpty ? [] : try alarmView().troubles
    }
}
