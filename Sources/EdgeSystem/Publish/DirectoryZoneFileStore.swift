public import EdgeCore
public import EdgeShell
internal import Glibc

/// Keeps published zones as `<zone>.zone` files in one directory.
///
/// A file is replaced by rename only, so readers see the old one or the new one (I2). A symbolic
/// link that stands at a zone's place is replaced itself and never written through; `warn` is told.
public struct DirectoryZoneFileStore: ZoneFileStore {
    let parser: any ZoneParser
    let runner: any CommandRunner
    let warn: @Sendable (String) -> Void

    /// How long a checker may take for one zone.
    static let checkerTimeout: Duration = .seconds(30)

    /// - Parameter parser: reads each file back before it is published (I8).
    /// - Parameter runner: runs the checker.
    /// - Parameter warn: takes sentences about oddities that stop nothing.
    public init(
        parser: any ZoneParser = LdnsZoneParser(), runner: any CommandRunner = SubprocessRunner(),
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.parser = parser
        self.runner = runner
        self.warn = warn
    }

    /// The state of each zone's file, symbolic links followed.
    public func stamps(
        of zones: [ZoneName], in directory: String
    ) throws -> [ZoneName: FileStamp] {
        do throws(CallFailure) {
            let handle = try FileHandle.directory(directory)
            defer { handle.close() }
            var stamps: [ZoneName: FileStamp] = [:]
            stamps.reserveCapacity(zones.count)
            for zone in zones {
                if let state = try handle.state(of: "\(zone).zone", path: directory) {
                    stamps[zone] = FileStamp(state)
                }
            }
            return stamps
        } catch {
            throw PublishFailure(error.message)
        }
    }

    /// A published file's bytes, 4 MiB of generated and 4 MiB of included text at most.
    ///
    /// A file that its own owner may not read is none that a name server could use: root can't read it
    /// here either.
    public func read(
        _ zone: ZoneName, in directory: String
    ) throws -> (text: [UInt8], stamp: FileStamp)? {
        do throws(CallFailure) {
            let handle = try FileHandle.directory(directory)
            defer { handle.close() }
            let path = "\(directory)/\(zone).zone"
            let descriptor = retry {
                openat(handle.descriptor, "\(zone).zone", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            }
            guard descriptor >= 0 else {
                if errno == ENOENT { return nil }
                throw CallFailure(what: "open \(path)", code: errno)
            }
            let file = FileHandle(descriptor: descriptor)
            defer { file.close() }
            let state = try file.state(of: path)
            guard state.isRegular else { throw CallFailure(what: "read \(path)", code: EISDIR) }
            guard state.st_mode & S_IRUSR != 0 else {
                throw CallFailure(what: "read \(path)", code: EACCES)
            }
            let limit = 2 * MasterFile.maximumBytes
            let text = try file.read(limit: limit, expecting: Int(state.st_size), path: path)
            guard text.count <= limit else { throw CallFailure(what: "read \(path)", code: EFBIG) }
            return (text, FileStamp(state))
        } catch {
            throw PublishFailure(error.message)
        }
    }

    /// Zones with a journal as BIND names it: `<zone>.zone.jnl` (`journal` statements that name another
    /// place are not seen).
    public func journals(of zones: [ZoneName], in directory: String) -> Set<ZoneName> {
        guard let handle = try? FileHandle.directory(directory) else { return [] }
        defer { handle.close() }
        return Set(
            zones.filter { zone in
                faccessat(handle.descriptor, "\(zone).zone.jnl", F_OK, 0) == 0
            })
    }

    /// Publishes all files (I2, I8, I26); see `ZonePublication` for the steps.
    public func publish(
        _ files: [ZoneFileWrite], in directory: String, checker: [String]?,
        while isCurrent: @escaping @Sendable () throws -> Bool = { true }
    ) async -> [ZoneName: Result<FileStamp, PublishFailure>] {
        guard !files.isEmpty else { return [:] }
        do throws(CallFailure) {
            let handle = try FileHandle.directory(directory)
            defer { handle.close() }
            let publication = ZonePublication(
                store: self, directory: handle, path: directory, files: files,
                isCurrent: isCurrent)
            return await publication.carryOut(checker: checker)
        } catch {
            let failure = PublishFailure(error.message)
            return Dictionary(
                files.map { ($0.zone, .failure(failure)) }, uniquingKeysWith: { first, _ in first })
        }
    }
}
