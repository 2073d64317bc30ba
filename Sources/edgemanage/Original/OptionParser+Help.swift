extension OptionParser {
    /// The usage line, wrapped at 80 columns as argparse does.
    var usage: String {
        let start = "usage: \(command.rawValue)"
        let words =
            ["[-h]"]
            + options.map { option in
                let name = option.letter.map { "-\($0)" } ?? "--\(option.name)"
                let text = name + (option.value.map { " \($0)" } ?? "")
                return option.isRequired ? text : "[\(text)]"
            } + operands.map(\.name)
        let indent = String(repeating: " ", count: start.utf8.count)
        var lines = [start]
        for word in words {
            let isFull = lines[lines.count - 1].utf8.count + 1 + word.utf8.count > 78
            if isFull { lines.append(indent) }
            lines[lines.count - 1] += " \(word)"
        }
        return lines.joined(separator: "\n")
    }

    /// Usage, summary, and a line or two for each operand and option.
    var helpText: String {
        var text = "\(usage)\n\n\(summary)\n"
        if !operands.isEmpty {
            text += "\npositional arguments:\n"
            for operand in operands { text += Self.entry(operand.name, operand.help) }
        }
        text += "\noptions:\n" + Self.entry("-h, --help", "show this help message and exit")
        for option in options {
            let value = option.value.map { " \($0)" } ?? ""
            let forms = [option.letter.map { "-\($0)" }, "--\(option.name)"].compactMap { $0 }
            text += Self.entry(forms.joined(separator: ", ") + value, option.help)
        }
        return text
    }

    /// The text begins at column 24, on the next line when the left side is too long.
    private static func entry(_ left: String, _ help: String) -> String {
        let width = 24
        let start = "  \(left)"
        let padding =
            start.utf8.count <= width - 2
            ? String(repeating: " ", count: width - start.utf8.count)
            : "\n" + String(repeating: " ", count: width)
        var lines = [""]
        for word in help.split(separator: " ") {
            if lines[lines.count - 1].utf8.count + 1 + word.utf8.count > 54 { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        let indent = "\n" + String(repeating: " ", count: width)
        return start + padding + lines.joined(separator: indent) + "\n"
    }
}
