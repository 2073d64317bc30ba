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
}
