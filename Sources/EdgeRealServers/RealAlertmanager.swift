internal import Clinux
internal import Glibc

/// A Prometheus Alertmanager on loopback, with a directory of its own, that notifies nobody.
public struct RealAlertmanager: Sendable {
    private let process: ServerProcess
    /// Its root, without a final slash.
    public let url: String

    /// Starts one in an empty directory, and waits until it answers.
    public static func start(in directory: String) async throws -> RealAlertmanager {
        var last: ServerProcess.Failure?
        // Another port when somebody took this one meanwhile.
        for attempt in 0..<3 {
            do {
                return try await start(in: directory, attempt: attempt)
            } catch let failure as ServerProcess.Failure {
                last = failure
            }
        }
        throw last ?? ServerProcess.Failure(description: "Alertmanager was not started")
    }

    private static func start(
        in directory: String, attempt: Int
    ) async throws -> RealAlertmanager {
        let configuration = "\(directory)/alertmanager.yml"
        guard let file = fopen(configuration, "w") else {
            throw ServerProcess.Failure(description: "\(configuration) can't be written")
        }
        fputs("route: {receiver: none}\nreceivers: [{name: none}]\n", file)
        fclose(file)
        let address = "127.0.0.1:\(FreePort.next())"
        let log = "\(directory)/alertmanager-\(attempt).log"
        let process = try ServerProcess.start(
            [
                "prometheus-alertmanager", "--config.file=\(configuration)",
                "--storage.path=\(directory)/data-\(attempt)", "--web.listen-address=\(address)",
                "--cluster.listen-address=", "--log.level=warn",
            ], log: log)
        let manager = RealAlertmanager(process: process, url: "http://\(address)")
        let deadline = ContinuousClock.now + .seconds(30)
        while process.isRunning, ContinuousClock.now < deadline {
            if try await manager.answers(log: log) { return manager }
            try await Task.sleep(for: .milliseconds(20))
        }
        await process.stop()
        throw ServerProcess.Failure(description: "Alertmanager did not come up: see \(log)")
    }

    private func answers(log: String) async throws -> Bool {
        let question = try ServerProcess.start(
            ["amtool", "--alertmanager.url=\(url)", "config", "show"], log: log)
        while question.isRunning { try await Task.sleep(for: .milliseconds(2)) }
        return question.exitStatus == 0
    }

    /// Ends it.
    public func stop() async { await process.stop() }
}
