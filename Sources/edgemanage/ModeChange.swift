import EdgeCore
import EdgeShell

/// A mode that an edge is to have.
struct ModeChange: Hashable, Sendable {
    /// As given: whether there is such an edge is found out later.
    var edge: String
    var mode: Mode
    /// Why; required for every mode but available.
    var comment: String?
    /// How long the mode is meant to last; nil: until it is changed.
    var length: Duration?
    /// Set the mode even if too few edges could then be live.
    var insists = false

    /// What was done, in words.
    var done: String { "Set mode for \(edge) to \(mode.rawValue)" }
}

/// Why a mode was not set; nothing was changed.
enum ModeRefusal: Error, Hashable {
    case noComment
    /// The comment can't be kept: a sentence.
    case badComment(String)
    /// There is no such edge: a sentence.
    case unknownEdge(String)
    /// Too few edges could then be live: a sentence.
    case tooFew(String)
    /// Somebody has the lock file.
    case busy(LockBusy)
    /// It could not be done: a sentence.
    case failed(String)

    /// What edge_conf says when the comment is missing; scripts look for it.
    static let commentRequired =
        "Comment required for mode to be changed to anything but available."

    /// One sentence.
    var message: String {
        switch self {
        case .noComment: Self.commentRequired
        case .badComment(let words), .unknownEdge(let words), .tooFew(let words),
            .failed(let words):
            words
        case .busy(let busy): "\(busy); try again"
        }
    }
}
