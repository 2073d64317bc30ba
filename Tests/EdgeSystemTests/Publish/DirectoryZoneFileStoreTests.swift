import EdgeCore
import EdgeShell
import EdgeSystemPublish
import Foundation
import Synchronization
import Testing

/// Publication: atomic, checked, isolated (I2, I8, I26).
struct DirectoryZoneFileStoreTests {
    let directory: TemporaryDirectory
    let store = DirectoryZoneFileStore()

    init() throws { directory = try TemporaryDirectory() }

    static func message(_ result: Result<FileStamp, PublishFailure>?) -> String? {
        if case .failure(let failure) = result { failure.message } else { nil }
    }

    @Test func `A zone is written, with the stamp it has in place, readable by all`() async throws {
        let file = ZoneWorld.write("a.test")
        let result = await store.publish([file], in: directory.path, checker: nil)
        let stamp = try #require(try result[file.zone]?.get())
        #expect(try store.stamps(of: [file.zone], in: directory.path) == [file.zone: stamp])
        let back = try #require(try store.read(file.zone, in: directory.path))
        #expect(back.text == file.text)
        #expect(back.stamp == stamp)
        #expect(try directory.names == ["a.test.zone"])
        let mode = try FileManager.default.attributesOfItem(
            atPath: "\(directory.path)/a.test.zone")[.posixPermissions]
        #expect(mode as? Int == 0o644)
    }

    @Test func `No file is nil, and has no stamp`() throws {
        #expect(try store.read(ZoneWorld.zone, in: directory.path) == nil)
        #expect(try store.stamps(of: [ZoneWorld.zone], in: directory.path).isEmpty)
    }

    @Test func `More files than are synchronised one by one`() async throws {
        let files = (0..<300).map { ZoneWorld.write("z\($0).test") }
        let result = await store.publish(files, in: directory.path, checker: nil)
        #expect(result.count == 300)
        #expect(result.values.allSatisfy { (try? $0.get()) != nil })
        #expect(try directory.names.count == 300)
    }

    @Test func `Text that says something else than the plan is not published`() async throws {
        try directory.file("a.test.zone", "old")
        var file = ZoneWorld.write("a.test")
        file.expected = ZoneWorld.write("a.test", addresses: ["192.0.2.1", "192.0.2.3"]).expected
        let result = await store.publish(
            [file, ZoneWorld.write("b.test")], in: directory.path, checker: nil)
        #expect(
            Self.message(result[file.zone])
                == "\(directory.path)/a.test.zone as written has a.test. 300 A 192.0.2.2, not planned; "
                + "the old file stays")
        #expect(try directory.text(of: "a.test.zone") == "old")
        #expect(try directory.names == ["a.test.zone", "b.test.zone"])
    }

    /// I5: what is asked before each rename decides, and a question without an answer is no yes.
    @Test func `A plan that is not known to be the newest is not published`() async throws {
        try directory.file("a.test.zone", "old")
        let file = ZoneWorld.write("a.test")
        let newer = await store.publish([file], in: directory.path, checker: nil) { false }
        #expect(
            Self.message(newer[file.zone])
                == "zone a.test is not published: a newer plan was published meanwhile")
        let unknown = await store.publish([file], in: directory.path, checker: nil) {
            throw PublishFailure("the database does not answer")
        }
        #expect(
            Self.message(unknown[file.zone])
                == "zone a.test is not published: it can't be told whether the plan is still the newest "
                + "(the database does not answer); the old file stays")
        #expect(try directory.text(of: "a.test.zone") == "old")
        #expect(try directory.names == ["a.test.zone"])
    }

    @Test func `Text that can't be read back is not published`() async throws {
        var file = ZoneWorld.write("a.test")
        file.text += Array("x TXT \"open\n".utf8)
        let result = await store.publish([file], in: directory.path, checker: nil)
        #expect(
            Self.message(result[file.zone])
                == "the file written for zone a.test can't be read back (\(directory.path)/a.test.zone:11: "
                + "a quote is not closed on its line); the old file stays")
        #expect(try directory.names.isEmpty)
    }

    @Test func `The checker's refusal keeps the old file and shows its last words`() async throws {
        try directory.file("a.test.zone", "old")
        let file = ZoneWorld.write("a.test")
        let result = await store.publish(
            [file], in: directory.path,
            checker: ["sh", "-c", "echo \"$2:3: bad $1\" >&2; exit 1", "x"])
        #expect(
            Self.message(result[file.zone])
                == "sh refuses zone a.test (exit status 1); the old file stays: "
                + "\(directory.path)/a.test.zone:3: bad a.test")
        #expect(try directory.text(of: "a.test.zone") == "old")
        #expect(try directory.names == ["a.test.zone"])
    }

    @Test func `A missing checker publishes nothing`() async throws {
        let file = ZoneWorld.write("a.test")
        let result = await store.publish(
            [file], in: directory.path, checker: ["/nonexistent/checker"])
        let message = try #require(Self.message(result[file.zone]))
        #expect(message.hasPrefix("zone a.test could not be checked: /nonexistent/checker"))
        #expect(try directory.names.isEmpty)
    }

    @Test(.enabled(if: DifferentialTests.hasChecker, "named-checkzone is not installed"))
    func `BIND's checker agrees`() async throws {
        let files = (0..<8).map { ZoneWorld.write("z\($0).test") }
        let result = await store.publish(
            files, in: directory.path, checker: [DifferentialTests.checker, "-i", "local"])
        #expect(result.values.allSatisfy { (try? $0.get()) != nil })
    }

    @Test func `A symbolic link is replaced, not followed, and said so`() async throws {
        let other = try TemporaryDirectory()
        try other.file("target", "theirs")
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory.path)/a.test.zone", withDestinationPath: "\(other.path)/target")
        let box = WarningBox()
        let store = DirectoryZoneFileStore(warn: { box.add($0) })
        let file = ZoneWorld.write("a.test")
        let result = await store.publish([file], in: directory.path, checker: nil)
        #expect(Self.message(result[file.zone]) == nil)
        #expect(try other.text(of: "target") == "theirs")
        #expect(
            box.all == [
                "\(directory.path)/a.test.zone was a symbolic link; it is replaced by the zone's file"
            ])
    }

    @Test func `A directory in a zone's place fails that zone alone`() async throws {
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/a.test.zone", withIntermediateDirectories: false)
        let (bad, good) = (ZoneWorld.write("a.test"), ZoneWorld.write("b.test"))
        let result = await store.publish([bad, good], in: directory.path, checker: nil)
        #expect(
            Self.message(result[bad.zone])
                == "could not put \(directory.path)/a.test.zone in place: Is a directory; "
                + "the old file stays")
        #expect(Self.message(result[good.zone]) == nil)
        #expect(try directory.names == ["a.test.zone", "b.test.zone"])
    }

    @Test func `A directory that is missing fails every zone`() async throws {
        let file = ZoneWorld.write("a.test")
        let result = await store.publish([file], in: "/nonexistent/named", checker: nil)
        #expect(
            Self.message(result[file.zone])
                == "could not open directory /nonexistent/named: No such file or directory")
    }

    @Test func `A directory that takes no files fails and keeps nothing`() async throws {
        let file = ZoneWorld.write("a.test")
        let result = await store.publish([file], in: "/proc/self", checker: nil)
        let message = try #require(Self.message(result[file.zone]))
        #expect(message.hasPrefix("could not create /proc/self/a.test.zone: "))
    }

    @Test func `What a dead process left behind is removed, a living one's is not`() async throws {
        try directory.file(".edgemanage-x.test.4194304.tmp", "dead")
        try directory.file(".edgemanage-y.test.1.tmp", "alive")
        try directory.file(".edgemanage-a.test.\(getpid()).tmp", "our number, earlier")
        let file = ZoneWorld.write("a.test")
        let result = await store.publish([file], in: directory.path, checker: nil)
        #expect(Self.message(result[file.zone]) == nil)
        #expect(try directory.names == [".edgemanage-y.test.1.tmp", "a.test.zone"])
    }

    @Test func `The same zone twice is written once`() async throws {
        let file = ZoneWorld.write("a.test")
        let result = await store.publish([file, file], in: directory.path, checker: nil)
        #expect(Self.message(result[file.zone]) == nil)
        #expect(try directory.names == ["a.test.zone"])
    }

    @Test func `A name of 250 bytes fits its temporary file`() async throws {
        let name = (0..<4).map { _ in String(repeating: "a", count: 61) }.joined(separator: ".")
        let file = ZoneWorld.write(name)
        let result = await store.publish([file], in: directory.path, checker: nil)
        #expect(Self.message(result[file.zone]) == nil)
    }

    /// BIND passes over a file that is not newer than the one it loaded, which may be gone by now.
    @Test(arguments: [true, false])
    func `A file is newer than the one published last`(isThere: Bool) async throws {
        let file = ZoneWorld.write("a.test")
        let path = "\(directory.path)/a.test.zone"
        func publish(_ file: ZoneFileWrite) async throws -> FileStamp {
            let result = await store.publish([file], in: directory.path, checker: nil)
            return try #require(try result[file.zone]?.get())
        }
        _ = try await publish(file)
        let future = Date(timeIntervalSinceNow: 86_400)
        try FileManager.default.setAttributes([.modificationDate: future], ofItemAtPath: path)
        let old = try #require(try store.stamps(of: [file.zone], in: directory.path)[file.zone])
        var next = ZoneWorld.write("a.test", serial: 2)
        if !isThere {
            try FileManager.default.removeItem(atPath: path)
            next.newerThan = old.modified
        }
        #expect(try await publish(next).modified > old.modified)
    }

    /// Root reads what it may not read: for the name server's user it would be as good as gone.
    @Test func `A file that its owner may not read can't be read`() async throws {
        let file = ZoneWorld.write("a.test")
        _ = await store.publish([file], in: directory.path, checker: nil)
        let path = "\(directory.path)/a.test.zone"
        #expect(chmod(path, 0) == 0)
        #expect(throws: PublishFailure("could not read \(path): Permission denied")) {
            try store.read(file.zone, in: directory.path)
        }
    }

    @Test func `A reader that parses all the time never sees half a zone`() async throws {
        let parser = LdnsZoneParser()
        let (first, second) = (
            ZoneWorld.write("a.test", serial: 1),
            ZoneWorld.write("a.test", serial: 2, addresses: (1...200).map { "192.0.2.\($0)" })
        )
        _ = await store.publish([first], in: directory.path, checker: nil)
        let path = directory.path
        let store = store
        await withTaskGroup(of: Int.self) { group in
            group.addTask {
                for round in 0..<200 {
                    _ = await store.publish(
                        [round.isMultiple(of: 2) ? second : first], in: path, checker: nil)
                }
                return 0
            }
            group.addTask {
                var count = 0
                while !Task.isCancelled {
                    count += 1
                    guard let text = try? store.read(first.zone, in: path)?.text,
                        let zone = try? parser.parse(text, zone: first.zone, file: "a").get()
                    else {
                        Issue.record("a reader saw no whole zone")
                        break
                    }
                    #expect(zone.records == (zone.serial.value == 1 ? first : second).expected)
                    await Task.yield()
                }
                return count
            }
            _ = await group.next()
            group.cancelAll()
            for await count in group { #expect(count > 0) }
        }
    }
}

/// Takes warnings from any task.
final class WarningBox: Sendable {
    private let warnings = Mutex<[String]>([])

    func add(_ warning: String) { warnings.withLock { $0.append(warning) } }

    var all: [String] { warnings.withLock { $0 } }
}

/// A full disk (I26): needs a small file system of its own, so root.
struct FullDiskTests {
    @Test(.enabled(if: getuid() == 0, "only root may mount a small file system"))
    func `Nothing is published, the old stays, the temporaries go, the next try succeeds`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let runner = SubprocessRunner()
        let mounted = await runner.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory.path],
            timeout: .seconds(10))
        try #require(mounted.succeeded, "\(mounted)")
        let store = DirectoryZoneFileStore()
        let old = ZoneWorld.write("z0.test", serial: 1)
        _ = await store.publish([old], in: directory.path, checker: nil)
        let files = (0..<100).map { ZoneWorld.write("z\($0).test", serial: 2) }
        let result = await store.publish(files, in: directory.path, checker: nil)
        let names = try directory.names
        let kept = try store.read(old.zone, in: directory.path)?.text
        let again = await store.publish([files[0]], in: directory.path, checker: nil)
        let unmounted = await runner.run(["umount", directory.path], timeout: .seconds(10))
        #expect(unmounted.succeeded)
        #expect(result.values.count { (try? $0.get()) == nil } == 100)
        #expect(
            result.values.contains {
                DirectoryZoneFileStoreTests.message($0)?.contains("No space left on device") == true
            })
        #expect(names == ["z0.test.zone"])
        #expect(kept == old.text)
        #expect(DirectoryZoneFileStoreTests.message(again[old.zone]) == nil)
    }
}
