/// Paths as text, without asking the file system.
enum PathText {
    /// The part before the last slash: `.` where there is none, `/` for a file at the top.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `path` as it is when absolute, else under `directory`.
    static func join(_ directory: String, _ path: String) -> String {
        if path.hasPrefix("/") || directory == "." { return path }
        let rest = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return directory.hasSuffix("/") ? directory + rest : directory + "/" + rest
    }

    /// `path` without a final slash, unless it is the root.
    static func withoutFinalSlash(_ path: String) -> String {
        var text = path[...]
        while text.count > 1 && text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}
