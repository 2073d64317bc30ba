import EdgeCore
import EdgeSimulation

#if canImport(Glibc)
    import Glibc
#endif

// `edgemanage simulate` alone, without what touches the system: the options are the same.

/// Says on standard error what is wrong.
func complain(_ message: String) {
    let line = "edgemanage-simulate: \(message)\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
}

/// What the arguments ask for; nil after a sentence about what is wrong with them.
func request(_ arguments: [String]) -> (campaign: Campaign, isJSON: Bool)? {
    var campaign = Campaign()
    var (seeds, isJSON): (Int?, Bool) = (nil, false)
    var rest = arguments[...]
    while let option = rest.popFirst() {
        switch option {
        case "--json": isJSON = true
        case "--story": campaign.tellsAll = true
        case "--keep-going": campaign.keepsGoing = true
        default:
            guard let value = rest.popFirst(), take(option, value, into: &campaign, &seeds) else {
                complain(
                    "\(option) is no option or has no good value; there are --seed N, "
                        + "--seeds COUNT, --rounds R, --hours H, --for TIME, --jobs J, --keep-going, --story, "
                        + "--json")
                return nil
            }
        }
    }
    let isBound = seeds == nil && campaign.hours == nil && campaign.time == nil
    campaign.seeds = isBound ? 1 : seeds
    if let problem = campaign.problem {
        complain(problem)
        return nil
    }
    return (campaign, isJSON)
}

/// Takes an option with its value; false when it is none, or the value is no good.
func take(
    _ option: String, _ value: String, into campaign: inout Campaign, _ seeds: inout Int?
) -> Bool {
    switch option {
    case "--seed": return UInt64(value).map { campaign.seed = $0 } != nil
    case "--seeds": return Int(value).map { seeds = $0 } != nil
    case "--rounds": return Int(value).map { campaign.rounds = $0 } != nil
    case "--hours": return Double(value).map { campaign.hours = $0 } != nil
    case "--for": return DurationText.parse(value).map { campaign.time = $0 } != nil
    case "--jobs": return Int(value).map { campaign.jobs = $0 } != nil
    default: return false
    }
}

guard let asked = request(Array(CommandLine.arguments.dropFirst())) else { exit(2) }
let report = await asked.campaign.run()
if asked.isJSON {
    print(report.json())
} else {
    report.text(program: "edgemanage-simulate").forEach { print($0) }
}
exit(report.violations.isEmpty ? 0 : 1)
