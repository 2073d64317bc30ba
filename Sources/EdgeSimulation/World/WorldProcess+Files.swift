internal import EdgeCore
internal import EdgeShell
import EdgeTesting

extension WorldProcess: IncludeReader, ZoneFileStore {
    /// The include directory.
    func scan(_ directory: String) throws -> (entries: [IncludeEntry], warnings: [String]) {
        gate.pass()
        return try world.change { state in
            guard !state.includesAreUnreadable else { throw PublishFailure("unreadable") }
            let entries = state.includes.sorted { $0.key < $1.key }
                .map { IncludeEntry(zone: $0.key, stamp: $0.value.stamp) }
            return (entries, [])
        }
    }

    /// One include.
    func read(_ zone: ZoneName, in directory: String) throws -> [UInt8] {
        gate.pass()
        return try world.change { state in
            guard let file = state.includes[zone] else { throw PublishFailure("gone") }
            return file.text
        }
    }

    /// The published files' states.
    func stamps(of zones: [ZoneName], in directory: String) throws -> [ZoneName: FileStamp] {
        gate.pass()
        return try world.change { state in
            guard !state.zoneFilesAreUnreadable else { throw PublishFailure("unreadable") }
            return Dictionary(
                zones.compactMap { zone in state.published[zone].map { (zone, $0.stamp) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// Journals of name servers beside the files.
    func journals(of zones: [ZoneName], in directory: String) -> Set<ZoneName> {
        gate.pass()
        return world.change { $0.journals.intersection(zones) }
    }

    /// One published file.
    func read(
        _ zone: ZoneName, in directory: String
    ) throws -> (text: [UInt8], stamp: FileStamp)? {
        gate.pass()
        return world.change { state in state.published[zone].map { ($0.text, $0.stamp) } }
    }

    /// Renames one after the other, as far as the process lives and its plan is the newest one.
    func publish(
        _ files: [ZoneFileWrite], in directory: String, checker: [String]?,
        while isCurrent: @escaping @Sendable () throws -> Bool
    ) async -> [ZoneName: Result<FileStamp, PublishFailure>] {
        let parser = PlainZoneParser()
        var results: [ZoneName: Result<FileStamp, PublishFailure>] = [:]
        for file in files {
            let parsed = parser.parse(file.text, zone: file.zone, file: "\(file.zone)")
            guard case .success(let zone) = parsed, zone.records == file.expected else {
                results[file.zone] = .failure(PublishFailure("\(file.zone) reads otherwise"))
                continue
            }
            gate.pass()
            do {
                guard try isCurrent() else {
                    results[file.zone] = .failure(
                        PublishFailure("\(file.zone): a newer plan was published meanwhile"))
                    continue
                }
            } catch {
                results[file.zone] = .failure(PublishFailure("\(file.zone): \(error)"))
                continue
            }
            results[file.zone] = Result { () throws(PublishFailure) in
                try rename(file, serial: zone.serial)
            }
        }
        return results
    }

    private func rename(
        _ file: ZoneFileWrite, serial: SOASerial
    ) throws(PublishFailure) -> FileStamp {
        let zone = file.zone
        let hindrance = world.change { state -> String? in
            guard !state.isDead, !state.unwritable.contains(zone) else {
                return "no space for \(zone)"
            }
            guard let left = state.diesAfterRenames else { return nil }
            state.isDead = left == 0
            state.diesAfterRenames = max(0, left - 1)
            return state.isDead ? "killed" : nil
        }
        if let hindrance { throw PublishFailure(hindrance) }
        tell(.file(zone, serial))
        let now = world.moments.now()
        return world.change { state in
            var stamp = state.stamp(size: file.text.count, at: now)
            // As the real publication does: name servers pass over a file that is not newer.
            let old = max(file.newerThan ?? .min, state.published[zone]?.stamp.modified ?? .min)
            if stamp.modified <= old { stamp.modified = old + 30_000_000_000 }
            state.published[zone] = WorldFile(text: file.text, stamp: stamp)
            state.foreignFiles[zone] = nil
            state.renames += 1
            state.placed[zone, default: []].append(serial)
            return stamp
        }
    }
}
