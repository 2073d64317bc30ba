import EdgeCore
import EdgeRealServers
import EdgeTesting
import Foundation
import Testing

/// Full and failing disks while a real name server reads the zones: it goes on serving the old ones, and
/// the next run after that sets everything right (I13, I22, I26).
@Suite(.serialized) struct DiskWithServersTests {
    private static let change = "x 60 IN A 192.0.2.9"

    /// Gives the zone another include, which the next round has to publish.
    private func change(_ bench: CommandBench) throws {
        try bench.write(
            "includes/web/example.test.zone", "mail 3600 IN A 192.0.2.25\n\(Self.change)\n")
    }

    /// The zone and what is served are as they were.
    private func expectOld(
        _ scene: ServerBench, _ old: PublishedText, _ what: Comment,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(try scene.bench.published() == old, what, sourceLocation: location)
        #expect(
            try await scene.served().get().serial.value == old.serial, what,
            sourceLocation: location)
        #expect(
            try await scene.addresses() == scene.bench.addresses(1, 2), what,
            sourceLocation: location)
    }

    /// A run that nothing disturbs publishes what is wanted, and it is served.
    private func expectMended(
        _ scene: ServerBench, after old: PublishedText, _ what: Comment,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let ending = try await scene.publish(at: location)
        let published = try scene.bench.published()
        #expect(published.text.contains("192.0.2.9"), what, sourceLocation: location)
        #expect(published.serial > old.serial, what, sourceLocation: location)
        #expect(
            try await scene.served().get().serial.value == published.serial,
            "\(what): \(ending.everything)", sourceLocation: location)
        let status = try await scene.status()
        #expect(status.contains("serves what was published"), "\(status)", sourceLocation: location)
        let names = try FileManager.default.contentsOfDirectory(atPath: scene.bench.path("zones"))
        #expect(names == ["example.test.zone"], what, sourceLocation: location)
    }

    /// The database's disk is full: nothing is published, nothing is noted, and the run says why.
    @Test(.enabled(if: DiskTests.canMount, "a tmpfs can't be mounted here"))
    func fullDiskUnderTheDatabase() async throws {
        try await ServerBench.with(.bind) { scene in
            let bench = scene.bench
            let text = bench.text("edgemanage.yaml")
            try bench.write(
                "edgemanage.yaml",
                text.replacing("database: edgemanage.db", with: "database: state/edgemanage.db"))
            try FileManager.default.createDirectory(
                atPath: bench.path("state"), withIntermediateDirectories: true)
            try await scene.begin()
            let old = try bench.published()
            try change(bench)
            // The database as it is, on a small disk with no room left.
            let ending = try await bench.tool([
                "unshare", "-m", "sh", "-eu", "-c",
                """
                cp -r state kept; mount -t tmpfs -o size=1m none state
                cp kept/* state; dd if=/dev/zero of=state/filler bs=4k >/dev/null 2>&1 || true
                status=0; "$0" run -c edgemanage.yaml --force --wait || status=$?
                echo "status $status"
                cmp state/edgemanage.db kept/edgemanage.db
                """, CommandBench.program,
            ])
            #expect(ending.status == 0, "\(ending.everything)")
            #expect(ending.output.contains("status 1\n"), "\(ending.everything)")
            #expect(ending.errors.contains("no room is left to write the database"))
            #expect(ending.errors.contains("state/edgemanage.db: free some on its disk"))
            try await expectOld(scene, old, "the database's disk is full")
            try await expectMended(scene, after: old, "room again")
        }
    }

    /// The zones' disk takes no file: the old ones stay, and the name server is not told.
    @Test(
        .enabled(if: Tracing.isPossible, "strace is missing here or may not trace"),
        arguments: [
            ("openat", "ENOSPC", "o space left"), ("fsync", "EIO", "nput/output error"),
            ("renameat", "ENOSPC", "o space left"),
        ])
    func zonesCannotBeWritten(call: String, error: String, words: String) async throws {
        try await ServerBench.with(.bind) { scene in
            let bench = scene.bench
            try await scene.begin()
            let old = try bench.published()
            try change(bench)
            // Files are made in the zones' directory relative to its descriptor.
            let place = call == "openat" ? ["-P", bench.path("zones")] : []
            let ending = try await bench.traced(
                place + ["-e", "trace=\(call)", "-e", "inject=\(call):error=\(error)"],
                CrashTests.round + ["--wait"])
            #expect(ending.status == 1, "\(ending.everything)")
            let line = "failed: zone example.test: "
            #expect(ending.output.contains(line), "\(ending.everything)")
            #expect(ending.output.contains(words), "\(ending.everything)")
            try await expectOld(scene, old, "\(call) fails")
            try await expectMended(scene, after: old, "\(call) works")
        }
    }

    /// The database fails at one commit after the other: before the zones are written, when what was
    /// written is noted, when what the name servers owe is noted.
    @Test(.enabled(if: CallFaults.isPossible, "the library of disturbed calls is not built"))
    func theDatabaseFailsAtEachCommit() async throws {
        try await ServerBench.with(.bind) { scene in
            let bench = scene.bench
            try await scene.begin()
            try bench.write("includes/web/example.test.zone", "revision 60 IN TXT \"0\"\n")
            let counted = try await bench.disturbed(.nothing, at: 0, CrashTests.round)
            let places = counted.calls.filter { $0.contains(" fdatasync ") }.compactMap {
                Int($0.prefix { $0.isNumber })
            }
            try await scene.publish()
            var failures = 0
            for place in places {
                let old = try bench.published()
                let text = "revision 60 IN TXT \"\(place)\"\n"
                try bench.write("includes/web/example.test.zone", text)
                let ending = try await bench.disturbed(.error(EIO), at: place, CrashTests.round)
                    .ending
                let what: Comment = "call \(place) of \(places): \(ending.everything)"
                let isNoted = bench.text("zones/example.test.zone") != old.text
                if ending.status != 0 {
                    failures += 1
                    #expect(ending.status == 1, what)
                    #expect(ending.everything.contains("edgemanage.db can't be read or"), what)
                }
                // Old or new, never anything else; and what was written is told.
                let served = try await scene.served().get().serial.value
                if !isNoted { #expect(served == old.serial, what) }
                try await scene.publish()
                let published = try bench.published()
                #expect(published.text.contains("\"\(place)\""), what)
                #expect(try await scene.served().get().serial.value == published.serial, what)
                #expect(try await scene.status().contains("serves what was published"), what)
            }
            #expect(failures > 0, "\(counted.calls)")
        }
    }
}
