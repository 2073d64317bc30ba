extension CommandLine {
    /// The words of an operator's command line as the original split it: at spaces and tabs; no
    /// quoting, no variables, no shell (I35).
    public static func split(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\t" }.map(String.init)
    }
}
