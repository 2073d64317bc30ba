public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles
internal import Glibc

/// Reads zone includes from a directory of `<zone>.zone` files.
///
/// A symbolic link to a regular file counts as the file: the directory is the operator's own, and
/// one include for many zones is commonly linked. Its stamp is the target's, so edits are seen.
public struct DirectoryIncludeReader: IncludeReader {
    public init() {}

    /// The includes in the order of their file names. Hidden files and editors' backups are passed
    /// over in silence, everything else that is no include becomes a warning.
    public func scan(_ directory: String) throws -> (entries: [IncludeEntry], warnings: [String]) {
        let (found, warnings) = try walk(directory) { handle, entry in
            guard let state = try? handle.state(of: entry.name, path: directory), state.isRegular
            else { return nil as FileStamp? }
            return FileStamp(state)
        }
        return (found.map { IncludeEntry(zone: $0.zone, stamp: $0.found) }, warnings)
    }

    /// Asks for the state of those files only that the directory itself doesn't say to be regular.
    public func zones(in directory: String) throws -> Set<ZoneName> {
        let (found, _) = try walk(directory, isSorted: false) { handle, entry in
            let isRegular =
                try entry.isSurelyRegular
                || handle.state(of: entry.name, path: directory)?.isRegular ?? false
            return isRegular ? () : nil
        }
        return Set(found.map(\.zone))
    }

    /// What `look` finds out about each file that is named like an include; nil: it is no readable file.
    private func walk<Found>(
        _ directory: String, isSorted: Bool = true,
        look: (FileHandle, DirectoryEntry) throws -> Found?
    ) throws -> (found: [(zone: ZoneName, found: Found)], warnings: [String]) {
        do {
            let handle = try FileHandle.directory(directory)
            defer { handle.close() }
            var all: [(zone: ZoneName, found: Found)] = []
            var warnings: [String] = []
            var seen: [ZoneName: String] = [:]
            for entry in try handle.entries(of: directory, isSorted: isSorted)
            where !Self.isBackup(entry.name) {
                let name = entry.name
                func passOver(_ why: String) {
                    warnings.append("\(directory)/\(name) is passed over: \(why)")
                }
                guard name.hasSuffix(".zone") else {
                    passOver("includes are named <zone>.zone")
                    continue
                }
                guard let zone = ZoneName(name.dropLast(5)), !name.hasSuffix("..zone") else {
                    passOver("its name is no zone's name")
                    continue
                }
                guard let found = try? look(handle, entry) else {
                    passOver("it is no readable file")
                    continue
                }
                if let other = seen.updateValue(name, forKey: zone) {
                    seen[zone] = other
                    passOver("\(other) is for the same zone")
                    continue
                }
                all.append((zone, found))
            }
            return (all, warnings)
        } catch {
            throw UnreadableInclude(message: error.message)
        }
    }

    /// One include's bytes; one that somebody may be in the middle of writing is refused.
    public func read(_ zone: ZoneName, in directory: String) throws -> [UInt8] {
        do {
            let handle = try FileHandle.directory(directory)
            defer { handle.close() }
            let name = try fileName(of: zone, in: handle, directory)
            let path = "\(directory)/\(name)"
            // O_NONBLOCK: a pipe put in the include's place must not hold the round up.
            let descriptor = retry {
                openat(handle.descriptor, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            }
            guard descriptor >= 0 else { throw CallFailure(what: "open \(path)", code: errno) }
            let file = FileHandle(descriptor: descriptor)
            defer { file.close() }
            let state = try file.state(of: path)
            guard state.isRegular else {
                throw UnreadableInclude(message: "\(path) is no regular file")
            }
            let bytes = try file.read(
                limit: MasterFile.maximumBytes, expecting: Int(state.st_size), path: path)
            guard bytes.count <= MasterFile.maximumBytes else {
                throw UnreadableInclude(message: "\(path) is over 4 MiB; split the zone")
            }
            if let words = UnfinishedFile.words(bytes, FileStamp(try file.state(of: path))) {
                throw UnreadableInclude(message: "\(path): \(words)")
            }
            return bytes
        } catch let failure as CallFailure {
            throw UnreadableInclude(message: failure.message)
        }
    }

    /// `<zone>.zone`, or the file that spells the zone with capitals.
    private func fileName(
        of zone: ZoneName, in handle: FileHandle, _ directory: String
    ) throws -> String {
        let name = "\(zone).zone"
        if faccessat(handle.descriptor, name, F_OK, 0) == 0 { return name }
        return try handle.names(of: directory)
            .first { $0.hasSuffix(".zone") && ZoneName($0.dropLast(5)) == zone } ?? name
    }

    /// Whether editors or package tools leave files of this name.
    private static func isBackup(_ name: String) -> Bool {
        if name.hasSuffix(".zone") { return name.hasPrefix(".") || name.hasPrefix("#") }
        return name.hasPrefix(".") || name.hasPrefix("#")
            || ["~", ".swp", ".bak", ".orig", ".tmp", ".dpkg-old", ".dpkg-dist", ".dpkg-new"]
                .contains { name.hasSuffix($0) }
    }
}

/// An include or its directory that can't be read.
public struct UnreadableInclude: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence naming the file.
    public var message: String

    public init(message: String) {
        self.message = message
    }

    public var description: String { message }
}
