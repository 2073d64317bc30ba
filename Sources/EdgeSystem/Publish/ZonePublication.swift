internal import Clinux
internal import EdgeCore
internal import EdgeShell
internal import Glibc

/// One publication of many zones, in steps that all files pass together: written and read back,
/// checked, made durable, renamed, the directory made durable.
struct ZonePublication {
    let store: DirectoryZoneFileStore
    let directory: FileHandle
    let path: String
    let files: [ZoneFileWrite]
    /// Whether the plan is still the newest one (I5); it throws when that can't be found out.
    let isCurrent: @Sendable () throws -> Bool

    typealias Outcome = [ZoneName: Result<FileStamp, PublishFailure>]

    /// Up to this many files are made durable one by one, more by one call for the whole file
    /// system (decisions/zone-durability.md).
    static let mostSingleSyncs = 64

    /// How many files are worked on at once.
    static let width = max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    private var syncsEach: Bool { files.count <= Self.mostSingleSyncs }

    func carryOut(checker: [String]?) async -> Outcome {
        TemporaryZoneFile.removeStale(in: directory, path: path)
        let (repeated, unique) = separated()
        var failures: [Int: PublishFailure] = repeated
        let written = await write(unique)
        for (index, failure) in written { failures[index] = PublishFailure(failure.message) }
        if let full = written.first(where: { $0.value.isNoSpace })?.value {
            for index in unique where failures[index] == nil {
                failures[index] = PublishFailure("nothing is published: \(full.message)")
            }
        }
        if let checker, !checker.isEmpty {
            let refused = await check(unique.filter { failures[$0] == nil }, by: checker)
            failures.merge(refused) { first, _ in first }
        }
        makeDurable(unique.filter { failures[$0] == nil }, &failures)
        await fence(unique.filter { failures[$0] == nil }, &failures)
        for index in unique where failures[index] != nil {
            unlinkat(directory.descriptor, temporary(index), 0)
        }
        return rename(unique, failures)
    }

    /// A zone that comes twice is refused the second time.
    private func separated() -> (failures: [Int: PublishFailure], unique: [Int]) {
        var seen: Set<ZoneName> = []
        var failures: [Int: PublishFailure] = [:]
        var unique: [Int] = []
        for (index, file) in files.enumerated() {
            if seen.insert(file.zone).inserted {
                unique.append(index)
            } else {
                failures[index] = PublishFailure("zone \(file.zone) was to be published twice")
            }
        }
        return (failures, unique)
    }

    private func temporary(_ index: Int) -> String {
        TemporaryZoneFile.name(of: files[index].zone, index: index)
    }

    private func finalPath(_ index: Int) -> String { "\(path)/\(files[index].zone).zone" }

    private struct WriteFailure {
        var message: String
        var isNoSpace = false
    }

    /// Writes the temporary files and reads each back (I8), several at once.
    private func write(_ indices: [Int]) async -> [Int: WriteFailure] {
        let size = max(1, min(256, (indices.count + Self.width - 1) / Self.width))
        let chunks = stride(from: 0, to: indices.count, by: size).map {
            indices[$0..<min($0 + size, indices.count)]
        }
        return await withTaskGroup(of: [Int: WriteFailure].self) { group in
            var failures: [Int: WriteFailure] = [:]
            var next = 0
            func add() {
                guard next < chunks.count else { return }
                let chunk = chunks[next]
                next += 1
                group.addTask { write(chunk: chunk) }
            }
            for _ in 0..<Self.width { add() }
            for await found in group {
                failures.merge(found) { first, _ in first }
                if found.values.contains(where: \.isNoSpace) { next = chunks.count }
                add()
            }
            return failures
        }
    }

    private func write(chunk: ArraySlice<Int>) -> [Int: WriteFailure] {
        var failures: [Int: WriteFailure] = [:]
        for index in chunk {
            do throws(CallFailure) {
                let back = try TemporaryZoneFile.write(
                    files[index].text, to: temporary(index), in: directory, path: finalPath(index),
                    durable: syncsEach, newerThan: predecessor(index))
                if let message = difference(of: back, index) {
                    failures[index] = WriteFailure(message: message)
                }
            } catch {
                failures[index] = WriteFailure(
                    message: "\(error.message); the old file stays", isNoSpace: error.isNoSpace)
                if error.isNoSpace { break }
            }
        }
        return failures
    }

    /// What the file says otherwise than planned; nil: it is as planned.
    private func difference(of text: [UInt8], _ index: Int) -> String? {
        let file = files[index]
        let name = "\(path)/\(file.zone).zone"
        switch store.parser.parse(text, zone: file.zone, file: name) {
        case .failure(let refusal):
            let first = refusal.problems.first?.description ?? name
            return "the file written for zone \(file.zone) can't be read back (\(first)); "
                + "the old file stays"
        case .success(let zone):
            if zone.records == file.expected { return nil }
            return ZoneDifference.sentence(
                file: name, found: zone.records, expected: file.expected)
        }
    }

    /// Has the checker look at each file, several at once.
    private func check(_ indices: [Int], by checker: [String]) async -> [Int: PublishFailure] {
        await withTaskGroup(of: (Int, PublishFailure?).self) { group in
            var failures: [Int: PublishFailure] = [:]
            var waiting = indices[...]
            func add() {
                guard let index = waiting.popFirst() else { return }
                group.addTask { (index, await check(index, by: checker)) }
            }
            for _ in 0..<Self.width { add() }
            for await (index, failure) in group {
                failures[index] = failure
                add()
            }
            return failures
        }
    }

    private func check(_ index: Int, by checker: [String]) async -> PublishFailure? {
        let zone = files[index].zone.text
        let result = await store.runner.run(
            checker + [zone, "\(path)/\(temporary(index))"],
            timeout: DirectoryZoneFileStore.checkerTimeout)
        if result.succeeded { return nil }
        let what =
            switch result.ending {
            case .exited(let status): "\(checker[0]) refuses zone \(zone) (exit status \(status))"
            case .signalled(let signal): "\(checker[0]) ended by signal \(signal) at zone \(zone)"
            case .timedOut: "\(checker[0]) did not end in time at zone \(zone)"
            case .notStarted(let reason): "zone \(zone) could not be checked: \(reason)"
            }
        let lines = result.output.split(whereSeparator: \.isNewline).suffix(4)
            .joined(separator: "; ")
            .replacing("\(path)/\(temporary(index))", with: finalPath(index))
            .replacing(temporary(index), with: "\(zone).zone")
        return PublishFailure(
            "\(what); the old file stays" + (lines.isEmpty ? "" : ": \(lines)"))
    }

    private func makeDurable(_ indices: [Int], _ failures: inout [Int: PublishFailure]) {
        guard !syncsEach, !indices.isEmpty else { return }
        guard retry({ syncfs(directory.descriptor) }) != 0 else { return }
        let failure = CallFailure(what: "make the files in \(path) durable", code: errno)
        for index in indices {
            failures[index] = PublishFailure("\(failure.message); the old file stays")
        }
    }

    /// From here to the end nobody else renames in this directory: a newer plan that is begun between the
    /// comparison and the rename is put in place after it, never under it (I5).
    private func fence(_ indices: [Int], _ failures: inout [Int: PublishFailure]) async {
        guard !indices.isEmpty else { return }
        do throws(CallFailure) {
            try await directory.lock(path: path)
        } catch {
            for index in indices {
                failures[index] = PublishFailure("\(error.message); the old file stays")
            }
        }
    }

    private func rename(_ indices: [Int], _ failures: [Int: PublishFailure]) -> Outcome {
        var outcome: Outcome = [:]
        outcome.reserveCapacity(files.count)
        var renamed: [Int] = []
        for index in indices {
            let zone = files[index].zone
            if let failure = failures[index] {
                outcome[zone] = .failure(failure)
                continue
            }
            if let reason = staleness() {
                unlinkat(directory.descriptor, temporary(index), 0)
                outcome[zone] = .failure(PublishFailure("zone \(zone) is not published: \(reason)"))
                continue
            }
            do throws(CallFailure) {
                try replace(index)
                renamed.append(index)
            } catch {
                unlinkat(directory.descriptor, temporary(index), 0)
                outcome[zone] = .failure(PublishFailure("\(error.message); the old file stays"))
            }
        }
        for index in files.indices where outcome[files[index].zone] == nil {
            if let failure = failures[index] { outcome[files[index].zone] = .failure(failure) }
        }
        guard !renamed.isEmpty else { return outcome }
        do throws(CallFailure) {
            try directory.synchronize(path: path)
            for index in renamed { outcome[files[index].zone] = .success(try stamp(index)) }
        } catch {
            for index in renamed where outcome[files[index].zone] == nil {
                outcome[files[index].zone] = .failure(PublishFailure(error.message))
            }
        }
        return outcome
    }

    /// Why nothing may be renamed any more; nil: the plan is the newest one.
    private func staleness() -> String? {
        do {
            return try isCurrent() ? nil : "a newer plan was published meanwhile"
        } catch {
            return
                "it can't be told whether the plan is still the newest (\(error)); the old file stays"
        }
    }

    /// The mtime of the file in place, or of the one that was published there, whichever is later.
    private func predecessor(_ index: Int) -> Int64? {
        var state = stat()
        let name = "\(files[index].zone).zone"
        guard fstatat(directory.descriptor, name, &state, AT_SYMLINK_NOFOLLOW) == 0 else {
            return files[index].newerThan
        }
        let modified = FileStamp(state).modified
        return max(files[index].newerThan ?? modified, modified)
    }

    private func replace(_ index: Int) throws(CallFailure) {
        let name = "\(files[index].zone).zone"
        var state = stat()
        if fstatat(directory.descriptor, name, &state, AT_SYMLINK_NOFOLLOW) == 0,
            state.st_mode & S_IFMT == S_IFLNK
        {
            store.warn("\(path)/\(name) was a symbolic link; it is replaced by the zone's file")
        }
        var new = stat()
        if let predecessor = predecessor(index),
            fstatat(directory.descriptor, temporary(index), &new, AT_SYMLINK_NOFOLLOW) == 0,
            FileStamp(new).modified <= predecessor
        {
            TemporaryZoneFile.outdate(predecessor, by: temporary(index), in: directory)
        }
        guard
            renameat(directory.descriptor, temporary(index), directory.descriptor, name) == 0
        else { throw CallFailure(what: "put \(path)/\(name) in place", code: errno) }
    }

    /// The state of the file in place: rename changes the ctime, so it is asked for afterwards.
    private func stamp(_ index: Int) throws(CallFailure) -> FileStamp {
        guard let state = try directory.state(of: "\(files[index].zone).zone", path: path) else {
            throw CallFailure(what: "find \(finalPath(index))", code: ENOENT)
        }
        return FileStamp(state)
    }
}
