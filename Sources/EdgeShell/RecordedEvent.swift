public import EdgeCore

/// A line of the audit log as it was recorded.
public struct RecordedEvent: Hashable, Sendable {
    /// When it was recorded, by the wall clock.
    public var time: UnixTime
    /// What was recorded.
    public var event: AuditEvent

    /// An event with its time.
    public init(time: UnixTime, event: AuditEvent) {
        self.time = time
        self.event = event
    }
}

extension AuditEvent {
    /// The event that every store records when a mode is set.
    public static func modeChange(
        of edge: EdgeName, to mode: ModeRecord, actor: String
    ) -> AuditEvent {
        let comment = mode.comment.isEmpty ? "" : ": \(mode.comment)"
        let length = mode.limit.map { " for \(DurationText.text($0.length))" } ?? ""
        return AuditEvent(
            kind: .mode, subject: edge.text, actor: actor,
            message: "mode of \(edge) set to \(mode.mode.rawValue)\(length)\(comment)")
    }

    /// The event of a mode whose time is over.
    public static func modeEnd(of edge: EdgeName, record: ModeRecord) -> AuditEvent {
        let comment = record.comment.isEmpty ? "" : ": \(record.comment)"
        let length = record.limit.map { DurationText.text($0.length) } ?? "the time"
        return AuditEvent(
            kind: .mode, subject: edge.text,
            message: "\(edge) is available again: \(length) of \(record.mode.rawValue) are over"
                + comment)
    }

    /// The mode that an event says was set; nil: it is not about a mode.
    public var modeSet: Mode? {
        guard kind == .mode, let subject else { return nil }
        // It came to its end by itself.
        if message.hasPrefix("\(subject) is available again: ") { return .available }
        let words = "mode of \(subject) set to "
        guard message.hasPrefix(words) else { return nil }
        return Mode(rawValue: String(message.dropFirst(words.count).prefix { $0.isLetter }))
    }

    /// What follows an event's first colon, such as a mode's comment; empty: nothing does.
    public var comment: String {
        guard let colon = message.firstRange(of: ": ") else { return "" }
        return String(message[colon.upperBound...])
    }

    /// The event that every store records when rotations are held, or go on.
    public static func rotationHold(_ hold: RotationHold?, actor: String) -> AuditEvent {
        guard let hold else {
            return AuditEvent(kind: .command, actor: actor, message: "rotations go on")
        }
        let length = hold.length.map { " for \(DurationText.text($0))" } ?? " until resumed"
        return AuditEvent(
            kind: .command, actor: actor, message: "rotations held\(length): \(hold.reason)")
    }

    /// The event that every store records when a hold is approved.
    public static func approval(of key: String, actor: String) -> AuditEvent {
        AuditEvent(kind: .approval, actor: actor, message: "approved: \(key)")
    }

    /// The event that every store records when edges are taken over from the original's files.
    public static func takeover(of edges: [EdgeName]) -> AuditEvent {
        let named = edges.prefix(5).map(\.text).joined(separator: ", ")
        return AuditEvent(
            kind: .state,
            message: "took over \(edges.count.counted("edge")) from the "
                + "original's files: \(named)\(edges.count > 5 ? ", …" : "")")
    }
}
