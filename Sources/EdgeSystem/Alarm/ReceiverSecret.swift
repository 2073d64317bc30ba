internal import EdgeCore
internal import EdgeSystemFiles

/// Why a receiver can't be sent to as it is configured; one sentence.
struct ReceiverFault: Error, CustomStringConvertible {
    var description: String
}

/// The secret of a receiver: in no message of ours (I36).
struct ReceiverSecret {
    private let text: String?

    /// The longest secret file that is read.
    static let maximumBytes = 4096

    /// Reads the file's only line; a receiver without a file has no secret.
    init(of webhook: AlarmWebhook) throws(ReceiverFault) {
        guard let path = webhook.secretFile else {
            text = nil
            return
        }
        let bytes: [UInt8]?
        do {
            bytes = try FileReading.readPrivate(path, limit: Self.maximumBytes, refusing: 0o027)
        } catch {
            throw ReceiverFault(description: "\(error)")
        }
        guard let bytes else {
            throw ReceiverFault(
                description:
                    "the secret file \(path) can be read or written by others: chmod 640 \(path), or stricter"
            )
        }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty, line.allSatisfy({ (0x21...0x7E).contains($0) }),
            bytes.dropFirst(line.count).allSatisfy({ $0 == 0x0A || $0 == 0x0D })
        else {
            throw ReceiverFault(
                description:
                    "the secret file \(path) must hold one line of printable ASCII without spaces")
        }
        text = String(decoding: line, as: UTF8.self)
    }

    /// The text with the secret where it belongs.
    func filled(into text: String) -> String {
        text.replacing(AlarmWebhook.placeholder, with: self.text ?? "")
    }

    /// What is sent when neither URL nor headers have a place for it.
    func authorization(of webhook: AlarmWebhook) -> String? {
        webhook.hasPlaceholder ? nil : text.map { "Bearer \($0)" }
    }

    /// A text from elsewhere without the secret.
    func hidden(in text: String) -> String {
        guard let secret = self.text else { return text }
        return text.replacing(secret, with: "…")
    }
}
