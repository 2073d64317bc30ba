import QualityKit

/// Compares rules on generated failures.
///
///     edgemanage-quality [--days N] [--seeds N] [--held-out] [--layout X] [--rule Y] [--family F]
///                        [--families] [--causes] [--markdown] [--set NAME=NUMBER]...
@main struct Main {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var options = Options()
        while !arguments.isEmpty {
            if let problem = options.take(&arguments) {
                print("edgemanage-quality: \(problem)")
                return
            }
        }
        let clock = ContinuousClock()
        var rounds = 0
        let time = clock.measure { rounds = Report(options).print() }
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        guard !options.isMarkdown else { return }
        print("\(rounds) monitor rounds, \(Int(Double(rounds) / max(seconds, 1e-9))) a second")
    }
}

/// What was asked for.
struct Options {
    var days = 10
    var seeds = 4
    /// Seeds that nothing was tuned on.
    var isHeldOut = false
    var layouts = Layout.all
    var rules = RuleName.allCases
    var families = Family.allCases
    var showsFamilies = false
    /// What the loss comes of, in place of the other columns.
    var showsCauses = false
    /// Tables as Markdown, for the documentation.
    var isMarkdown = false
    var tuning = SteadyTuning()

    /// Tuning and reporting never share a seed.
    var range: Range<UInt64> {
        let first: UInt64 = isHeldOut ? 1_000_000 : 1
        return first..<first + UInt64(seeds)
    }

    /// Takes one option; says what is wrong with it.
    mutating func take(_ arguments: inout [String]) -> String? {
        let option = arguments.removeFirst()
        switch option {
        case "--held-out": isHeldOut = true
        case "--families": showsFamilies = true
        case "--causes": showsCauses = true
        case "--markdown": isMarkdown = true
        case "--days", "--seeds", "--layout", "--rule", "--family", "--set":
            guard !arguments.isEmpty else { return "\(option) needs a value" }
            return take(option, arguments.removeFirst())
        default: return "there is no option \(option)"
        }
        return nil
    }

    private mutating func take(_ option: String, _ value: String) -> String? {
        let wrong = "\(option) can't be \(value)"
        switch option {
        case "--layout":
            layouts = Layout.all.filter { $0.name == value }
            return layouts.isEmpty ? wrong : nil
        case "--rule":
            rules = value.split(separator: ",").compactMap { RuleName(rawValue: String($0)) }
            return rules.isEmpty ? wrong : nil
        case "--family":
            families = value.split(separator: ",").compactMap { Family(rawValue: String($0)) }
            return families.isEmpty ? wrong : nil
        case "--set":
            let parts = value.split(separator: "=").map(String.init)
            return parts.count == 2 && tuning.set(parts[0], to: parts[1]) ? nil : wrong
        default:
            guard let number = Int(value), number > 0 else { return wrong }
            if option == "--days" { days = number } else { seeds = number }
            return nil
        }
    }
}
