import EdgeCore
import EdgeShell
import EdgeSystemProbe
import Glibc

/// Probes loopback addresses that somebody else serves and prints what it cost, a round a line of
/// JSON.
///
///     probe-bench http|https EDGES PORT ROUNDS OBJECT_FILE [CA_FILE] [EXTRA_MS]
///
/// Edge n is 127.10.(n / 250).(1 + n % 250). EXTRA_MS is how long every edge takes by arrangement; it is
/// taken off the fetch times.
struct Arguments {
    var scheme: ObjectScheme
    var edges: Int
    var port: UInt16
    var rounds: Int
    var object: [UInt8]
    var trust: ProbePlan.Trust
    var extra: Duration

    init?(_ words: [String]) {
        guard words.count >= 6, let scheme = ObjectScheme(rawValue: words[1]),
            let edges = Int(words[2]), let port = UInt16(words[3]), let rounds = Int(words[4]),
            let object = Self.read(words[5])
        else { return nil }
        self.scheme = scheme
        self.edges = edges
        self.port = port
        self.rounds = rounds
        self.object = object
        trust = words.count > 6 && !words[6].isEmpty ? .bundle(path: words[6]) : .system
        extra = .milliseconds(words.count > 7 ? Int(words[7]) ?? 0 : 0)
    }

    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }

    var requests: [ProbeRequest] {
        (0..<edges).map { index in
            let address = IPAddress.v4(
                0x7F0A_0000 + UInt32(index / 250) << 8 + UInt32(index % 250) + 1)
            return ProbeRequest(
                target: ProbeTarget(name: EdgeName(address), family: .ipv4), address: address,
                port: port, scheme: scheme,
                question: .object(path: "/object", hostHeader: "object.test"),
                serverName: "object.test")
        }
    }

    var plan: ProbePlan {
        ProbePlan(
            expectedBody: object, userAgent: "bench", trust: trust,
            concurrency: ProbeConcurrency.needed(
                requests: edges, timeout: .seconds(10), minimum: 200,
                descriptorLimit: DescriptorLimit.current))
    }
}

func processorMilliseconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) * 1000 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000
}

guard let arguments = Arguments(CommandLine.arguments) else {
    print("usage: probe-bench http|https EDGES PORT ROUNDS OBJECT_FILE [CA_FILE] [EXTRA_MS]")
    exit(2)
}
let requests = arguments.requests
let plan = arguments.plan
let prober = NIOProber()
for _ in 0..<arguments.rounds {
    let before = processorMilliseconds()
    let clock = ContinuousClock()
    let start = clock.now
    let observations = await prober.probe(requests, by: plan)
    let wall = (clock.now - start).inSeconds
    let processor = processorMilliseconds() - before
    let times = observations.compactMap { $0.outcome.fetchTime }.map { $0 - arguments.extra }
        .sorted()
    let good = times.count { $0 < .seconds(1) }
    let at = { (share: Double) in
        times.isEmpty ? 0 : times[Int(Double(times.count - 1) * share)].inSeconds * 1000
    }
    for other in Set(observations.map(\.outcome).filter { $0.fetchTime == nil }) {
        print("# \(other)")
    }
    print(
        "{\"edges\": \(requests.count), \"good\": \(good), \"wall_s\": \(wall), "
            + "\"cpu_ms_per_probe\": \(processor / Double(requests.count)), "
            + "\"p50_ms\": \(at(0.5)), \"p99_ms\": \(at(0.99)), \"max_ms\": \(at(1))}")
}
