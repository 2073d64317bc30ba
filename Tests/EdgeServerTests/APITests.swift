import EdgeCore
import Hummingbird
import Glibc
import Synchronization
import Testing

@testable import EdgeServer

/// How the API reads requests, and how seldom it reads the database.
@Suite struct APITests {
    private static let parameters: [APIParameter] = [
        .limit(20, most: 100),
        APIParameter(name: "kind", kind: .word(["mode", "hold"]), summary: ""),
        APIParameter(name: "since", kind: .integer(0...10), summary: ""),
        APIParameter(name: "edge", kind: .text(most: 3), summary: ""),
    ]

    @Test func aQueryIsReadByItsParameters() throws {
        #expect(try APIParameter.read(nil, as: Self.parameters) == ["limit": .integer(20)])
        #expect(
            try APIParameter.read("kind=hold&&edge=a%20b&since=0&limit=100", as: Self.parameters)
                == [
                    "limit": .integer(100), "kind": .text("hold"), "since": .integer(0),
                    "edge": .text("a b"),
                ])
    }

    @Test(arguments: [
        "limit=101", "limit=0", "limit=01", "limit=-1", "limit", "since=11", "kind=Mode",
        "edge=", "edge=abcd", "edge=%FF", "edge=a&edge=a", "Edge=a", "%6cimit=x",
    ])
    func aWrongQueryIsRefused(query: String) {
        let failure = #expect(throws: APIFailure.self) {
            try APIParameter.read(query, as: Self.parameters)
        }
        #expect(failure?.status == .badRequest)
    }

    @Test func whatManyAskIsReadOnce() async throws {
        let now = Mutex(ContinuousClock.now)
        let readings = Mutex(0)
        let recall = Recall { now.withLock { $0 } }
        func ask(_ key: String, stamp: Int) async throws -> Int {
            try await recall.value(key, stamp: stamp) {
                readings.withLock { count in
                    count += 1
                    return count
                }
            }
        }
        for _ in 1...3 { #expect(try await ask("a", stamp: 1) == 1) }
        #expect(try await ask("b", stamp: 1) == 2)
        // A round came.
        #expect(try await ask("a", stamp: 2) == 3)
        now.withLock { $0 += ReadingDesk.patience }
        #expect(try await ask("a", stamp: 2) == 4)
        // Nobody fills the memory, nor drives out what others ask for all the time.
        for key in 0..<1000 {
            _ = try await ask("\(key)", stamp: 2)
            #expect(try await ask("a", stamp: 2) == 4)
        }
        #expect(await recall.keys.count == Recall.most)
    }

    /// Who asks while it is being read waits for that reading; failures are kept by nobody.
    @Test(.timeLimit(.minutes(1))) func whatManyAskAtOnceIsReadOnce() async throws {
        struct Failed: Error {}
        let recall = Recall()
        let readings = Mutex(0)
        let mayEnd = Mutex(false)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let reading: @Sendable () throws -> Int = {
            let number = readings.withLock { count in
                count += 1
                return count
            }
            begin.yield()
            while !mayEnd.withLock({ $0 }) { usleep(1000) }
            if number == 1 { throw Failed() }
            return number
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...64 {
                group.addTask {
                    await #expect(throws: Failed.self) {
                        try await recall.value("a", stamp: 1, reading: reading)
                    }
                }
            }
            for await _ in begun { break }
            // All of them ask before the first has its answer.
            while await recall.asked < 64 { try await Task.sleep(for: .milliseconds(1)) }
            mayEnd.withLock { $0 = true }
            try await group.waitForAll()
        }
        #expect(readings.withLock { $0 } == 1)
        #expect(try await recall.value("a", stamp: 1, reading: reading) == 2)
    }
}
