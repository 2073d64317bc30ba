public import EdgeCore

/// Asks name servers what they serve.
public protocol NameServerAsker: Sendable {
    /// Asks one name server for the SOA and the rotated names of every zone, many at once, over UDP and
    /// over TCP when an answer is truncated, until `patience` has passed; one answer a zone.
    func ask(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: Result<ServedZone, ServedFault>]
    /// Asks the same over TCP alone: an answer that nobody off the path can forge (RFC 5452 §3).
    func confirm(
        _ questions: [ZoneQuestion], of server: NameServerSettings, within patience: Duration
    ) async -> [ZoneName: Result<ServedZone, ServedFault>]
}

/// Updates zones on name servers dynamically (RFC 2136), signed by TSIG (RFC 8945).
public protocol ZoneUpdater: Sendable {
    /// Sends every update to one name server, several at once and in this order, until `patience` has
    /// passed; nil is success, and a zone that is not answered for by then is `.silent`.
    ///
    /// - Parameter isCurrent: asked right before each message is sent; once it says no, nothing more is
    ///   sent, and the rest is `.superseded` (I5); when it throws, nothing more either, and the rest is
    ///   `.unconfirmed`.
    func update(
        _ updates: [ZoneUpdate], on server: NameServerSettings, within patience: Duration,
        while isCurrent: @escaping @Sendable () throws -> Bool
    ) async -> [ZoneName: UpdateFault?]
}

/// Tells name servers of changed zone files through their own control commands.
public protocol NameServerControl: Sendable {
    /// Has the server read these zones' files anew: one by one, or all together when they are many.
    ///
    /// - Parameter known: zones that it was just found to serve: it need not be told to add them.
    func reload(
        _ zones: [ZoneName], of server: NameServerSettings, directory: String,
        serving known: Set<ZoneName>
    ) async -> ControlReport
    /// How the server keeps each zone.
    func keeping(
        of zones: [ZoneName], by server: NameServerSettings
    ) async -> [ZoneName: ZoneKeeping]
    /// Has the server notify its secondaries of these zones again (RFC 1996), 200 at most: what a secondary
    /// missed while it was down it would only find at its next refresh.
    func notify(_ zones: [ZoneName], by server: NameServerSettings) async -> ControlReport
    /// Has the server give zones up that it was once told to add.
    func remove(_ zones: [ZoneName], from server: NameServerSettings) async -> ControlReport
}

/// Renders zones by an operator's own template.
public protocol ZoneTemplate: Sendable {
    /// Tells the template's text from others: a changed one makes every zone be published anew.
    var key: String { get }
    /// The whole text of a zone, and what it took.
    func rendering(
        of content: ZoneContent, serial: SOASerial, include: [UInt8]
    ) -> TemplateRendering
}

extension ZoneTemplate {
    /// The whole text of a zone; a problem names the template's file, and its line where it is known.
    public func render(
        _ content: ZoneContent, serial: SOASerial, include: [UInt8]
    ) throws(TemplateProblem) -> [UInt8] {
        try rendering(of: content, serial: serial, include: include).text.get()
    }
}

/// What came of rendering one zone by a template.
public struct TemplateRendering: Hashable, Sendable {
    /// The zone's text; a problem names the template's file, and its line where it is known.
    public var text: Result<[UInt8], TemplateProblem>
    /// What it took, counted and not timed, so that it is the same each time (I20).
    public var steps: Int
    /// Whether it was ended for taking too much.
    public var passesLimit: Bool

    public init(text: Result<[UInt8], TemplateProblem>, steps: Int, passesLimit: Bool = false) {
        self.text = text
        self.steps = steps
        self.passesLimit = passesLimit
    }
}

/// Reads operators' zone templates.
public protocol TemplateReader: Sendable {
    /// Reads and checks a template; what it can't read of the original's language is refused by line and
    /// construct.
    func template(at path: String) throws(TemplateProblem) -> any ZoneTemplate
}

/// A problem in a zone template: where, and what to do.
public struct TemplateProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public var file: String
    /// Counted from 1; 0 when it is not known.
    public var line: Int
    /// One sentence without the position.
    public var message: String

    public init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    public var description: String {
        line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)"
    }
}

/// The effects on name servers, together.
public struct NameServerEffects: Sendable {
    public var asker: any NameServerAsker
    public var updater: any ZoneUpdater
    public var control: any NameServerControl

    public init(
        asker: any NameServerAsker, updater: any ZoneUpdater, control: any NameServerControl
    ) {
        self.asker = asker
        self.updater = updater
        self.control = control
    }
}
