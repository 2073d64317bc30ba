import EdgeCore
import EdgeServer
import EdgeShell
import EdgeSystemFiles
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#endif

/// A process that runs rounds until a signal ends it, with all that belongs to it: one writer a network, the
/// socket, the address, and what systemd hears.
struct Daemon: Sendable {
    let configuration: Configuration
    let settings: [NetworkSettings]
    /// The networks asked for by name; none: whichever the configuration has.
    let named: [NetworkName]
    let plan: WatchPlan

    /// Runs until SIGTERM or SIGINT; what is in hand comes to its end.
    ///
    /// - Throws: `CommandFailure` when it can't begin.
    func run() async throws {
        let watch = try Watch(
            settings, of: configuration, named: named, plan: plan,
            manager: ServiceManager(
                environment: Self.environment("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"),
                process: getpid()))
        let server = configuration.server
        let doors = try DaemonDoors(
            server, besides: settings.first?.database ?? "", log: watch.log)
        defer { doors.close() }
        defer { watch.inUse?.remove() }
        var services: [any Service] = doors.services(of: watch)
        services.append(watch)
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: Self.quiet))
        do {
            try await group.run()
        } catch let failure as DaemonServerFailure {
            throw CommandFailure(message: failure.description)
        } catch {
            throw CommandFailure(message: "the daemon ended: \(error)")
        }
    }

    /// Libraries' own lines are no news for operators; what they fail at is said where it is thrown.
    static let quiet = Logger(label: "edgemanage") { _ in SwiftLogNoOpLogHandler() }

    private static func environment(_ names: String...) -> [String: String] {
        names.reduce(into: [:]) { values, name in
            if let value = getenv(name) { values[name] = String(cString: value) }
            // What is started from here has nothing to tell the service manager.
            unsetenv(name)
        }
    }
}
