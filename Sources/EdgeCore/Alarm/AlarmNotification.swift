/// What a receiver is told at once: everything of one kind that is new in a network.
public struct AlarmNotification: Hashable, Sendable, Codable {
    /// Where it stands.
    public enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
        /// Something holds that was not told yet.
        case firing
        /// What was told still holds.
        case reminder
        /// Nothing of what was told holds any more.
        case resolved
        /// What happened in the quiet hours.
        case digest
        /// Sent by hand, to see whether it arrives.
        case test
    }

    /// The version of this shape.
    public var schema = 1
    /// The same in every attempt at it, so that a receiver can tell that it had it before.
    public var id: String
    public var phase: Phase
    public var network: String
    /// nil: a digest, or a test.
    public var kind: AlarmKind?
    public var severity: AlarmSeverity
    /// One clear sentence.
    public var sentence: String
    /// How many subjects there are: edges, name servers, held plans.
    public var count: Int
    /// The first of them by name, at most `mostSubjects`.
    public var subjects: [Subject]
    /// The first of those that are well again.
    public var ended: [String]
    /// Whether one of them comes and goes.
    public var isFlapping: Bool
    /// A digest's sentences, oldest first.
    public var lines: [String]
    /// Unix time since when the first of them holds.
    public var since: Int64?
    /// Unix time of this notification.
    public var time: Int64

    /// One edge, name server or held plan.
    public struct Subject: Hashable, Sendable, Codable {
        /// Empty: the network as a whole.
        public var name: String
        public var severity: AlarmSeverity
        public var words: String
        /// Unix time.
        public var since: Int64

        public init(name: String, severity: AlarmSeverity, words: String, since: Int64) {
            self.name = name
            self.severity = severity
            self.words = words
            self.since = since
        }
    }

    /// The most subjects that are listed.
    public static let mostSubjects = 50
    /// The longest sentence, in characters.
    public static let mostCharacters = 1000

    public init(
        id: String, phase: Phase, network: NetworkName, kind: AlarmKind?, severity: AlarmSeverity,
        sentence: String, count: Int = 0, subjects: [Subject] = [], ended: [String] = [],
        isFlapping: Bool = false, lines: [String] = [], since: UnixTime? = nil, time: UnixTime
    ) {
        self.id = id
        self.phase = phase
        self.network = network.text
        self.kind = kind
        self.severity = severity
        self.sentence = AlarmWords.plain(sentence)
        self.count = count
        self.subjects = subjects
        self.ended = ended
        self.isFlapping = isFlapping
        self.lines = lines
        self.since = since?.seconds
        self.time = time.seconds
    }

    /// What `edgemanage alarms --test` sends.
    public static func test(
        _ network: NetworkName, to receiver: ReceiverName, now: UnixTime
    ) -> AlarmNotification {
        AlarmNotification(
            id: "\(network)-test-\(now.nanoseconds)", phase: .test, network: network, kind: nil,
            severity: .info,
            sentence: "network \(network): this is a test of edgemanage's receiver \(receiver)",
            time: now)
    }

    /// Why a body is no JSON, with its place in bytes; nil when it is some.
    public static func problem(ofBody body: [UInt8]) -> String? {
        do throws(JSONError) {
            _ = try JSONReader.read(body)
            return nil
        } catch {
            return "\(error.problem) at byte \(error.offset + 1)"
        }
    }
}
