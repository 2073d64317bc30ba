public import EdgeCore

/// Looks at the key files that updates are signed with, before a round needs them.
public enum UpdateKeyCheck {
    /// What is wrong with a name server's update key: the file is missing, can be read by others (I36), holds
    /// no key, or one that is not taken (I38); one sentence that names the file and what to do.
    ///
    /// Nil when the key can be used, or the server has none.
    public static func problem(of server: NameServerSettings) -> String? {
        guard let path = server.update?.keyFile else { return nil }
        do throws(UpdateFault) {
            _ = try TSIGKey.read(path)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// What an operator may not expect of a key that can be used: others stand behind it in its file, and
    /// the first is taken; nil when there is nothing to say.
    public static func warning(of server: NameServerSettings) -> String? {
        guard let path = server.update?.keyFile, let key = try? TSIGKey.read(path),
            !key.unused.isEmpty
        else { return nil }
        return
            "the key file \(path) holds \(key.unused.count + 1) keys, of which the first is used, "
            + "\(NetworkText.printable(key.name)), and never "
            + "\(NetworkText.printable(key.unused.joined(separator: ", "))): leave the one in it that the "
            + "server knows"
    }
}
