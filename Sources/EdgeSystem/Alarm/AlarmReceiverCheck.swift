public import EdgeCore
internal import EdgeSystemTemplate
internal import NIOSSL

/// Looks at the files that receivers need, before a round needs them.
public enum AlarmReceiverCheck {
    /// What is wrong with a receiver's secret, certificates or template: one sentence that names the file and
    /// what to do; nil when they can be used.
    public static func problem(of receiver: AlarmReceiver) -> String? {
        switch receiver.way {
        case .command: return nil
        case .webhook(let webhook), .alertmanager(let webhook):
            do {
                _ = try ReceiverSecret(of: webhook)
                _ = try WebhookClient.roots(of: webhook)
                guard let path = webhook.template else { return nil }
                return try problem(of: AlarmTemplate(at: path), path: path)
            } catch {
                return "\(error)"
            }
        }
    }

    private static func problem(of template: AlarmTemplate, path: String) throws -> String? {
        guard let network = NetworkName("web"), let name = ReceiverName("ops") else { return nil }
        let sample = AlarmNotification.test(network, to: name, now: UnixTime(seconds: 0))
        return AlarmNotification.problem(ofBody: try template.body(of: sample)).map {
            "\(path): what it makes is no JSON (\($0)): put texts between double quotes, and no comma behind "
                + "the last of a list"
        }
    }
}
