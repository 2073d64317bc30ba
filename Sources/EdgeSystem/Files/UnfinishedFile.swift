public import EdgeCore
internal import Glibc

/// A file that somebody may be in the middle of writing: its last line has no end, and it changed a moment ago.
///
/// Half a line may read well and say something else: `192.0.2.2` for `192.0.2.25`.
public enum UnfinishedFile {
    /// How long a file without an end of its last line is taken for half-written, in seconds.
    public static let patience: Int64 = 10

    /// What to say of a file that may be half-written; nil: it is whole.
    ///
    /// - Parameters:
    ///   - bytes: all that was read of it.
    ///   - stamp: its state after it was read.
    public static func words(_ bytes: [UInt8], _ stamp: FileStamp) -> String? {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return words(bytes, stamp, at: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
    }

    /// - Parameter now: nanoseconds since the epoch. A file from the future is whole: a clock that was wrong
    ///   must not keep it out for ever.
    static func words(_ bytes: [UInt8], _ stamp: FileStamp, at now: Int64) -> String? {
        guard let last = bytes.last, last != UInt8(ascii: "\n") else { return nil }
        let (age, overflow) = now.subtractingReportingOverflow(stamp.modified)
        guard !overflow, (0..<patience * 1_000_000_000).contains(age) else { return nil }
        return
            "it is taken for half-written until its last line is ended by a line break, or it has not "
            + "changed for \(patience) s"
    }
}
