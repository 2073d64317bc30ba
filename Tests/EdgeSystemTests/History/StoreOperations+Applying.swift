import EdgeCore
import EdgeShell
import EdgeTesting
import Testing

extension StoreOperations {
    /// One operation, chosen at random.
    mutating func apply(
        _ step: Int, _ network: NetworkName, to store: any ReadableStore
    ) throws {
        let now = moments.now()
        let edge = edges.randomElement(using: &random) ?? edges[0]
        switch Int.random(in: 0..<(step < 5 ? 14 : 22), using: &random) {
        case 0:
            let mode = ModeRecord(
                mode: .unavailable, comment: "[op] why",
                changed: random.once(in: 2) ? now.wall : nil)
            try store.setMode(network, edge: edge, to: mode, actor: "op", now: now)
        case 1: try store.approve(network, keys: ["a", "c", "a"], actor: "op", now: now)
        case 2:
            try store.settleAfterChanges(
                network, of: store.generation(network) - (random.once(in: 2) ? 1 : 0))
        case 3, 4, 5:
            var files = [edge: edgeStore()]
            files[edges[7]] = edgeStore()
            _ = try store.adopt(network, edges: files, state: originalState(), now: now)
        case 6:
            var written: [ZoneName: FileStamp?] = [:]
            for number in 0..<3 {
                if let zone = ZoneName("zone\(number).example") {
                    written[zone] = .some(
                        number == 0
                            ? nil : FileStamp(inode: 1, size: 2, modified: -3, changed: 4))
                }
            }
            try store.finish(network, written: written)
        case 7:
            let event = AuditEvent(kind: .command, actor: "me", message: "ran")
            try store.record([event, event], network: network, now: now)
        case 9:
            let generation = generations[network] ?? 0
            let servers = random.once(in: 8) ? Array(self.servers.prefix(1)) : self.servers
            // Now and then by a run that is not the last one any more.
            let last = begun[network]?.last
            let round = random.once(in: 4) ? begun[network]?.first : last
            let isNoted = try store.note(
                updates(network).filter { servers.contains($0.server) },
                network: network, generation: generation, round: round ?? now, servers: servers)
            #expect(isNoted == (round != nil && round == last))
        case 10:
            try store.setRotationHold(network, rotationHold(), actor: "anna", now: now)
        case 11:
            // A plan made from another generation is taken in by nobody.
            let isKnown = try store.generations(network, limit: 1).first != nil
            guard isKnown else { return }
            let before = (revisions, gone)
            var record = round(network)
            (revisions, gone) = before
            generations[network] = record.basis
            record.basis += 1
            record.generation += 1
            #expect(throws: StaleGeneration.self) {
                try store.begin(record, keptSamples: 7)
            }
        case 8:
            let number = Int.random(in: 0..<6, using: &random) + (network == networks[0] ? 0 : 10)
            guard let zone = ZoneName("zone\(number).example") else { return }
            gone.insert(zone)
            try store.forget([zone], of: network)
        default:
            let limit = random.once(in: 40) ? 3 : 7
            let record = round(network)
            try store.begin(record, keptSamples: limit)
            begun[network, default: []] = (begun[network] ?? []).suffix(1) + [record.moment]
        }
    }
}
