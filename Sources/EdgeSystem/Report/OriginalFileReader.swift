public import EdgeCore
public import EdgeShell
internal import EdgeSystemFiles
internal import Glibc

/// Reads the original's own files: once, for edges that the database does not know.
public struct OriginalFileReader: Sendable {
    private let files: OriginalFiles
    private let isDryRun: Bool

    /// - Parameter isDryRun: whether files that can't be understood are left where they are (I21);
    ///   else they are set aside.
    public init(files: OriginalFiles, isDryRun: Bool) {
        self.files = files
        self.isDryRun = isDryRun
    }

    /// Reads the edgestore files of `unknown` edges and canaries, and the state file when
    /// `readsState`; what is missing is left out in silence, and nothing stops the rest (I23).
    public func read(unknown: [EdgeName], readsState: Bool, now: UnixTime) -> OriginalFindings {
        var findings = OriginalFindings()
        if let directory = files.healthStore {
            for edge in unknown {
                let path = Self.edgeStorePath(of: edge, in: directory)
                findings.edges[edge] = take(path, now: now, notes: &findings.notes) {
                    (bytes) throws(JSONError) in try EdgeStoreFile.decode(bytes, now: now)
                }
            }
        }
        if readsState, let path = files.stateFile {
            findings.state = take(path, now: now, notes: &findings.notes) {
                (bytes) throws(JSONError) in try OriginalStateFile.decode(bytes, now: now)
            }
        }
        return findings
    }

    /// The path of an edge's or canary's file.
    public static func edgeStorePath(of edge: EdgeName, in directory: String) -> String {
        "\(directory)/\(edge).edgestore"
    }

    private func take<Value>(
        _ path: String, now: UnixTime, notes: inout [String],
        _ decode: ([UInt8]) throws(JSONError) -> DecodedFile<Value>
    ) -> Value? {
        switch Self.load(path, decode) {
        case .missing: return nil
        case .unreadable(let reason):
            notes.append("\(reason); it is passed over")
            return nil
        case .corrupt(let problem):
            notes.append(setAside(path, problem: problem, now: now))
            return nil
        case .read(let decoded):
            notes += decoded.notes.map { "\(path): \($0)" }
            return decoded.value
        }
    }

    /// How reading one file ended.
    public enum Loading<Value: Hashable & Sendable>: Hashable, Sendable {
        case missing
        /// A sentence naming the file.
        case unreadable(reason: String)
        /// What is wrong with its text.
        case corrupt(problem: String)
        case read(DecodedFile<Value>)
    }

    /// Reads one file, at most 4 MiB of it, without touching it.
    public static func load<Value>(
        _ path: String, _ decode: ([UInt8]) throws(JSONError) -> DecodedFile<Value>
    ) -> Loading<Value> {
        let bytes: [UInt8]
        do {
            // More than JSON may have, so that a huge file counts as damaged and is set aside.
            guard
                let present = try FileReading.readIfPresent(path, limit: JSONValue.maximumSize * 16)
            else { return .missing }
            bytes = present.bytes
        } catch {
            return .unreadable(reason: "\(error)")
        }
        do throws(JSONError) {
            return .read(try decode(bytes))
        } catch {
            return .corrupt(problem: "\(error)")
        }
    }

    /// Renames a file that can't be understood to `<name>.corrupt-<unixtime>`; returns the sentence
    /// that says so.
    func setAside(_ path: String, problem: String, now: UnixTime) -> String {
        guard !isDryRun else {
            return "\(path) is damaged (\(problem)); a real run would set it aside"
        }
        let aside = "\(path).corrupt-\(now.seconds)"
        guard rename(path, aside) == 0 else {
            let reason = String(cString: strerror(errno))
            return "\(path) is damaged (\(problem)) and can't be renamed (\(reason)); remove it"
        }
        return "\(path) is damaged (\(problem)); it was set aside as \(aside)"
    }
}
