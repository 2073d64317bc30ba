import EdgeCore
import EdgeRealServers
import EdgeTesting
import Foundation
import Testing

/// `run --wait` while something is in the way.
@Suite(.serialized) struct WaitingTests {
    /// A reload that fails at first is tried again while the run waits.
    @Test func aFailedReloadIsTriedAgain() async throws {
        try await ServerBench.with(.knot) { scene in
            let bench = scene.bench
            try await scene.begin()
            let script = bench.path("control.sh")
            let real = scene.server.control.joined(separator: " ")
            try bench.write(
                script,
                "#!/bin/sh\nif [ ! -e \(bench.path("tried")) ]; then touch \(bench.path("tried"));\n"
                    + "echo busy >&2; exit 1; fi\nexec \(real) \"$@\"\n")
            chmod(script, 0o755)
            try scene.configure(method: .files, control: [script], wait: "20s", more: "")
            try bench.write("includes/web/example.test.zone", "mail 3600 IN A 192.0.2.77\n")
            let ending = try await scene.publish()
            let warning = "warning: name server ns1 could not be told of 1 zone"
            #expect(ending.output.contains(warning), "\(ending.everything)")
            #expect(!ending.output.contains("not served"), "\(ending.everything)")
            #expect(try await scene.served().get().serial.value == bench.published().serial)
        }
    }

    /// A server that says nothing is not known to serve what is published, although it owes nothing.
    @Test func aSilentServerIsWaitedFor() async throws {
        try await ServerBench.with(.nsd, wait: "2s") { scene in
            try await scene.begin()
            await scene.server.stop()
            let ending = try await scene.publish(expecting: 1)
            #expect(
                ending.output.contains("name server ns1 did not answer for 2 seconds"),
                "\(ending.everything)")
            try await scene.server.restart()
            try await scene.publish()
        }
    }

    /// A label rotates that the include has an address of its own at: the zone is served as it can be
    /// published, which is no server's fault, and status says what keeps it.
    @Test func aLabelThatAnIncludeKeepsIsNobodysLag() async throws {
        try await ServerBench.with(.bind, wait: "5s") { scene in
            let bench = scene.bench
            try bench.write(
                "includes/web/example.test.zone", "mail 60 IN A 192.0.2.25\ncdn 60 IN A 192.0.2.9\n"
            )
            try await scene.begin()
            let text = bench.text("edgemanage.yaml")
            #expect(text.contains("rotate: [www]"))
            try bench.write(
                "edgemanage.yaml", text.replacing("rotate: [www]", with: "rotate: [www, cdn]"))
            try await scene.publish()
            let serial = try bench.published().serial
            try await scene.publish()
            #expect(try bench.published().serial == serial)
            let status = try await scene.status()
            #expect(status.contains("serves what was published"), "\(status)")
            #expect(
                status.contains("zone example.test has records of its own at cdn"), "\(status)")
            let file = "includes/web/example.test.zone"
            try bench.write(file, "mail 60 IN A 192.0.2.25\n")
            try await scene.publish()
            #expect(try bench.published().text.contains("cdn"))
            #expect(try await !scene.status().contains("records of its own"))
        }
    }
}
