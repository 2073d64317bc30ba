/// Splits the operator's command lines as the original did.
public enum CommandLine {
    /// The words of `text`, split at spaces and tabs; no quoting, no variables, no shell (I35).
    public static func split(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\t" }.map(String.init)
    }
}
