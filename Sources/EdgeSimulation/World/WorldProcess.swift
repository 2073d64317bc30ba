internal import EdgeCore
internal import EdgeShell
import EdgeTesting

/// The world as one process sees it: every effect passes the process' gate first, and nothing happens
/// any more once it is dead.
struct WorldProcess: Sendable {
    let world: World
    let number: Int32
    let gate: WorldGate
    let witness: WorldWitness

    /// Passes the gate; whether the process lives still.
    func act() -> Bool {
        gate.pass()
        return world.change { !$0.isDead }
    }

    /// Asks the witness about what is about to be seen by others.
    func tell(_ write: WorldWrite) {
        guard let problem = witness(write) else { return }
        world.change { $0.stale.append("process \(number): \(problem)") }
    }
}

extension WorldProcess: Prober, NameResolver, InventoryReader, CommandRunner {
    /// Asks the world; takes two seconds of virtual time.
    func probe(_ requests: [ProbeRequest], by plan: ProbePlan) async -> [Observation] {
        gate.pass()
        let instant = world.instant
        world.moments.advance(by: .seconds(2))
        return world.change { state in
            state.looks[number] = instant
            state.probings += 1
            return requests.map { request in
                let observation = state.observation(of: request, plan: plan)
                state.note(observation, process: number)
                return observation
            }
        }
    }

    /// Answers from the world's names.
    func resolve(
        _ names: [EdgeName], families: Set<AddressFamily>, within deadline: Duration
    ) async -> [EdgeName: NameLookup] {
        gate.pass()
        return world.change { state in
            Dictionary(
                names.map { name in
                    guard !state.resolverIsDead else {
                        return (name, NameLookup(.failed(reason: "no answer")))
                    }
                    let found = (state.addresses[name] ?? []).filter {
                        families.contains($0.family)
                    }
                    return (
                        name,
                        NameLookup(
                            found.isEmpty
                                ? .notFound(reason: "NXDOMAIN") : .addresses(found.sorted()))
                    )
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The operator's list.
    func edges(from source: EdgeSource) throws -> (names: [EdgeName], warnings: [String]) {
        gate.pass()
        return world.change { ($0.list, []) }
    }

    /// The operator's canaries.
    func canaries(
        from source: CanarySource
    ) throws -> (map: [ZoneName: IPAddress], warnings: [String]) {
        world.change { ($0.canaries, []) }
    }

    /// Some bytes.
    func testObject(at path: String) throws -> [UInt8] { Array("object".utf8) }

    /// Succeeds or fails as the world says.
    func run(
        _ arguments: [String], input: [UInt8], timeout: Duration
    ) async -> CommandResult {
        guard act() else { return CommandResult(ending: .timedOut) }
        if world.change({ $0.commandsFail && $0.commandEnding == .timedOut }) {
            world.moments.advance(by: timeout)
        }
        return world.change { state in
            state.commandsRun += 1
            state.commandsDone += state.commandsFail ? 0 : 1
            return CommandResult(
                ending: state.commandsFail ? state.commandEnding : .exited(status: 0))
        }
    }
}

extension WorldProcess: RoundReporter, OriginalFilesSource, RoundLog {
    /// There are none.
    func read(
        _ files: OriginalFiles, unknown: [EdgeName], readsState: Bool, now: UnixTime, isDry: Bool
    ) -> OriginalFindings {
        OriginalFindings()
    }

    /// Writes nothing.
    func report(_ report: RoundReport, settings: NetworkSettings) async -> ReportProblems {
        ReportProblems()
    }

    /// Keeps the last 200 lines.
    func write(_ level: RoundLogLevel, _ message: String) {
        world.change { state in
            state.log.append("\(level.rawValue): \(message)")
            if state.log.count > 200 { state.log.removeFirst(100) }
            if state.digestsLog { state.logDigest.add(message) }
        }
    }
}
