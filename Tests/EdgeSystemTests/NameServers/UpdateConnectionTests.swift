import EdgeCore
import EdgeSystemFiles
import EdgeTesting
import Foundation
import Synchronization
import Testing

@testable import EdgeSystemNameServers

/// Updates over connections that end early, and what is not sent any more.
@Suite struct UpdateConnectionTests {
    private static func zones(_ count: Int) -> [ZoneName] {
        (0..<count).compactMap { ZoneName("z\($0).test") }
    }

    /// The zone of an update, as the scripted server reads it.
    private static func zone(of message: [UInt8]) -> String {
        String(ScriptedQuestion(message).name.dropLast())
    }

    private static func answer(_ message: [UInt8]) -> [UInt8] {
        SignedAnswer(time: Int64(Date().timeIntervalSince1970)).bytes(to: message)
    }

    /// Sends one update a zone to a server that answers so.
    private static func send(
        _ zones: [ZoneName], while isCurrent: @escaping @Sendable () throws -> Bool = { true },
        answer: @escaping @Sendable (Int, [UInt8]) -> [UInt8]?
    ) async throws -> [ZoneName: UpdateFault?] {
        let server = try await ScriptedServer(answer)
        let path = "\(NSTemporaryDirectory())edgemanage-\(UUID().uuidString).key"
        let secret = Data("sixteen bytes or more".utf8).base64EncodedString()
        try Data("key \"k\" { algorithm hmac-sha256; secret \"\(secret)\"; };".utf8)
            .write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings = NameServerSettings(
            name: try #require(ServerName("ns1")), kind: .bind, address: .v4(0x7F00_0001),
            port: server.port, update: UpdateSettings(keyFile: path))
        let updates = zones.map { zone in
            ZoneUpdate(
                zone: zone,
                changes: [
                    .init(
                        owner: "\(zone).", family: .ipv4, before: [], after: ["192.0.2.1"], ttl: 60)
                ])
        }
        // Far beyond the test's own time limit: no test may wait for it.
        let faults = await LdnsZoneUpdater(clock: SystemMomentSource()).update(
            updates, on: settings, within: .seconds(3600), while: isCurrent)
        try await server.stop()
        return faults
    }

    /// As long as answers come, lost connections are followed by others, and nothing stays undone.
    @Test(.timeLimit(.minutes(2)), arguments: [1, 3, 20])
    func connectionsThatEndEarlyAreFollowedByOthers(limit: Int) async throws {
        let counts = Mutex<[Int: Int]>([:])
        let zones = Self.zones(100)
        let faults = try await Self.send(zones) { number, message in
            let count = counts.withLock { counts in
                counts[number, default: 0] += 1
                return counts[number, default: 0]
            }
            return count > limit ? nil : Self.answer(message)
        }
        #expect(faults.count == 100)
        #expect(faults.values.allSatisfy { $0 == nil }, "\(faults)")
    }

    /// A server that takes connections and closes them is given up at once, with the reason.
    @Test(.timeLimit(.minutes(2))) func aServerThatOnlyClosesIsGivenUp() async throws {
        let connections = Mutex<Set<Int>>([])
        let zones = Self.zones(100)
        let faults = try await Self.send(zones) { number, _ in
            connections.withLock { _ = $0.insert(number) }
            return nil
        }
        let closed = UpdateFault.unreachable(reason: "the connection was closed")
        #expect(zones.allSatisfy { faults[$0] == closed })
        #expect(connections.withLock { $0.count } <= 2 * UpdateRound.width)
    }

    /// One update that makes the server close the connection costs the others nothing.
    @Test(.timeLimit(.minutes(2))) func oneThatEndsConnectionsCostsTheOthersNothing() async throws {
        let zones = Self.zones(100)
        let faults = try await Self.send(zones) { _, message in
            Self.zone(of: message) == "z7.test" ? nil : Self.answer(message)
        }
        for zone in zones {
            if zone == "z7.test" {
                #expect(faults[zone] == .unreachable(reason: "the connection was closed"))
            } else {
                #expect(faults[zone] == .some(nil), "\(zone)")
            }
        }
    }

    /// Connections that end after some answers say nothing of who ended them; before the last time that an
    /// update is sent, it goes alone.
    @Test(.timeLimit(.minutes(2))) func companionsAreSentAloneInTheEnd() async throws {
        let state = Mutex((times: 0, connection: 0))
        let zones = Self.zones(8)
        let faults = try await Self.send(zones) { number, message in
            let zone = Self.zone(of: message)
            let (times, connection) = state.withLock { state in
                if zone == "z0.test" { state = (state.times + 1, number) }
                return state
            }
            switch (times, zone) {
            case (1, "z0.test"), (2, "z0.test"), (1, "z5.test"), (1, "z6.test"): return []
            case (_, "z0.test"), (1, "z7.test"): return nil
            case (2, "z7.test") where number == connection: return nil
            default: return Self.answer(message)
            }
        }
        for zone in zones {
            let isCulprit = zone == "z0.test"
            #expect(
                faults[zone]
                    == (isCulprit
                        ? .unreachable(reason: "the connection was closed") : .some(nil)),
                "\(zone)")
        }
    }

    /// I5: once a newer plan was published, nothing more is sent.
    @Test(.timeLimit(.minutes(2))) func nothingIsSentOnceANewerPlanIsPublished() async throws {
        let asked = Mutex(0)
        let received = Mutex(0)
        let zones = Self.zones(100)
        let faults = try await Self.send(
            zones,
            while: {
                asked.withLock { count in
                    count += 1
                    return count <= 5
                }
            },
            answer: { _, message in
                received.withLock { $0 += 1 }
                return Self.answer(message)
            })
        #expect(received.withLock { $0 } == 5)
        #expect(asked.withLock { $0 } == 6)
        #expect(faults.values.count { $0 == nil } == 5)
        #expect(faults.values.count { $0 == .superseded } == 95)
    }

    /// The same once it can't be told whether the plan is still the newest; but then it is a fault.
    @Test(.timeLimit(.minutes(2))) func nothingIsSentOnceTheGenerationIsUnknown() async throws {
        let asked = Mutex(0)
        let received = Mutex(0)
        let faults = try await Self.send(
            Self.zones(100),
            while: {
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                guard count <= 5 else { throw FileError(action: "read", path: "db", code: 5) }
                return true
            },
            answer: { _, message in
                received.withLock { $0 += 1 }
                return Self.answer(message)
            })
        #expect(received.withLock { $0 } == 5)
        #expect(faults.values.count { $0 == nil } == 5)
        let reason = "cannot read db: Input/output error"
        #expect(faults.values.count { $0 == .unconfirmed(reason: reason) } == 95)
    }
}
