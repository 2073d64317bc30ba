import Foundation

/// A page of docs/servers: what an operator would paste from one of its sections, as a shell script.
struct PastedPage {
    /// The files and commands of a section, in order.
    enum Step: Hashable {
        case write(path: String, text: String)
        case append(path: String, text: String)
        case run(String)
    }

    let steps: [Step]

    /// Whether namespaces can be made here, so that nothing outside them is touched.
    static let canBePasted = Tracing.succeeds(
        ["unshare", "-m", "-n", "-p", "-f", "--mount-proc", "ip", "link", "set", "lo", "up"])

    /// Reads a page; with a section's title only what stands below it.
    ///
    /// A fenced block belongs to the last line before it that says "Write `PATH`:" or "Append to `PATH`:";
    /// one marked `sh` is run, and so is `<!-- test: COMMANDS -->`, which readers don't see.
    init(_ text: String, section: String?) {
        var steps: [Step] = []
        var isInside = section == nil
        var target: (path: String, appends: Bool)?
        var block: (lines: [String], isShell: Bool)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = block {
                guard line == "```" else {
                    block?.lines.append(String(line))
                    continue
                }
                block = nil
                guard isInside else { continue }
                let body = open.lines.joined(separator: "\n") + "\n"
                if open.isShell {
                    steps.append(.run(body))
                } else if let known = target {
                    steps.append(
                        known.appends
                            ? .append(path: known.path, text: body)
                            : .write(path: known.path, text: body))
                }
                target = nil
            } else if let match = line.wholeMatch(of: /<!-- test: (.+) -->/) {
                if isInside { steps.append(.run("\(match.1)\n")) }
            } else if line.hasPrefix("```") {
                block = ([], line == "```sh")
            } else if line.hasPrefix("## ") {
                isInside = section == nil || line == "## \(section ?? "")"
            } else if let match = line.firstMatch(of: /(Write|Append to) `(\/[^`]+)`:$/) {
                target = (String(match.2), match.1 == "Append to")
            }
        }
        self.steps = steps
    }

    /// What a shell does for these steps.
    var script: String {
        steps.enumerated().map { index, step in
            switch step {
            case .run(let commands): commands
            case .write(let path, let text): Self.put(text, ">", path, index)
            case .append(let path, let text): Self.put(text, ">>", path, index)
            }
        }.joined(separator: "\n")
    }

    private static func put(
        _ text: String, _ redirection: String, _ path: String, _ index: Int
    ) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return
            "mkdir -p \(folder)\ncat \(redirection)\(path) <<'END-\(index)'\n\(text)END-\(index)\n"
    }
}
