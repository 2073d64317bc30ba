import EdgeCore
import EdgeLoopback
import EdgeShell
import EdgeSystemAlarm
import EdgeSystemPublish
import EdgeTesting
import Foundation
import Testing

/// A hook, a directory, and notifications to send.
struct HookScene: Sendable {
    let hook: LoopbackHook
    let directory: String
    let sender = SystemAlarmSender(commands: SubprocessRunner())
    /// The hook's root.
    let root: String

    /// Makes one, hands it to `body`, and takes it down whatever happens.
    static func with(
        certificate: TestCertificate? = nil, _ body: (HookScene) async throws -> Void
    ) async throws {
        let hook = try await LoopbackHook.start(certificate: certificate)
        let directory = "\(NSTemporaryDirectory())edgemanage-hook-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let scheme = certificate == nil ? "http" : "https"
        let scene = HookScene(
            hook: hook, directory: directory, root: "\(scheme)://127.0.0.1:\(hook.port)")
        do {
            try await body(scene)
        } catch {
            await hook.stop()
            throw error
        }
        await hook.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Writes a file for its owner alone, or with other permissions.
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        let path = "\(directory)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, mode)
        return path
    }

    static let notification = AlarmNotification(
        id: "web-1-1700000000", phase: .firing, network: "web", kind: .edgeOut,
        severity: .warning,
        sentence: "network web: edge a.test is out: \"refused\" the \\ connection", count: 1,
        subjects: [
            .init(
                name: "a.test", severity: .warning, words: "refused the connection",
                since: 1_700_000_000)
        ], since: UnixTime(seconds: 1_700_000_000), time: UnixTime(seconds: 1_700_000_060))

    /// Sends the notification by a webhook; why it did not arrive.
    func send(
        _ webhook: AlarmWebhook, within patience: Duration = .seconds(10)
    ) async -> String? {
        guard let name = ReceiverName("ops") else { return "no name" }
        return await sender.send(
            Self.notification, to: AlarmReceiver(name: name, way: .webhook(webhook)),
            within: patience)
    }
}
