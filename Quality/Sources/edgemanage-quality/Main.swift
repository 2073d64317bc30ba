import Glibc
import QualityKit

/// Compares rules on generated failures.
///
///     edgemanage-quality [--days N] [--seeds N] [--held-out] [--layout X] [--rule Y] [--family F]
///                        [--families] [--causes] [--markdown] [--plot FILE] [--set NAME=NUMBER]...
@main struct Main {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var options = Options()
        while !arguments.isEmpty {
            if let problem = options.take(&arguments) {
                print("edgemanage-quality: \(problem)")
                exit(1)
            }
        }
        let results = Report(options).print()
        print(speed(results))
        if let path = options.plot, let problem = Plot(results: results).write(to: path) {
            print("edgemanage-quality: \(problem)")
            exit(1)
        }
    }

    /// How fast it was: in all, and the production core with the steady judge at twelve edges.
    private static func speed(_ results: [Result]) -> String {
        func text(_ results: [Result]) -> (rounds: Int, rate: Int) {
            let rounds = results.reduce(0) { $0 + $1.total.roundCount }
            let seconds = results.reduce(0) { $0 + $1.seconds }
            return (rounds, Int(Double(rounds) / max(seconds, 1e-9)))
        }
        let all = text(results)
        var words = "\(all.rounds) monitor rounds, \(all.rate) a second"
        let core = results.filter { $0.rule == .steady && $0.layout.edges == 12 }
        if !core.isEmpty { words += "; steady with 12 edges: \(text(core).rate) a second" }
        return words
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
    /// Where the plot goes; nil: nowhere.
    var plot: String?
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
        case "--days", "--seeds", "--layout", "--rule", "--family", "--set", "--plot":
            guard !arguments.isEmpty else { return "\(option) needs a value" }
            return take(option, arguments.removeFirst())
        default: return "there is no option \(option)"
        }
        return nil
    }

    private mutating func take(_ option: String, _ value: String) -> String? {
        let wrong = "\(option) can't be \(value)"
        switch option {
        case "--plot":
            plot = value
            return nil
        case "--layout":
            layouts = Layout.all.filter { $0.name == value }
            return layouts.isEmpty ? wrong : nil
        case "--rule":
            let words = value.split(separator: ",")
            rules = words.compactMap { RuleName(rawValue: String($0)) }
            return rules.isEmpty || rules.count < words.count ? wrong : nil
        case "--family":
            let words = value.split(separator: ",")
            families = words.compactMap { Family(rawValue: String($0)) }
            return families.isEmpty || families.count < words.count ? wrong : nil
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
