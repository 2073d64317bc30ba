/// How an edge on loopback behaves; the first is the only healthy one.
public enum LoopbackBehaviour: Hashable, Sendable {
    /// Answers at once with the object.
    case serve
    /// Answers with the object after exactly this time.
    case delay(Duration)
    /// Has nobody listening.
    case refuse
    /// Lets connection attempts vanish: not even the handshake is answered.
    case blackHole
    /// Accepts and says nothing, ever.
    case silent
    /// Accepts and never answers TLS's first message.
    case stallInHandshake
    /// Resets the connection in the middle of the body.
    case resetMidBody
    /// Sends the header one byte at a time, this time apart.
    case dripHeaders(Duration)
    /// Sends the body one byte at a time, this time apart.
    case dripBody(Duration)
    /// Sends header fields without end.
    case endlessHeaders
    /// Sends a body without end, its length unsaid.
    case endlessBody
    /// Says `Content-Encoding: gzip` and sends what unpacks to far more.
    case gzip
    /// Sends other bytes of the right length.
    case wrongContent
    /// Sends this instead: an older object.
    case olderObject([UInt8])
    /// Says 200 and sends an error page.
    case errorPage
    /// Answers with this status at once.
    case status(Int)
    /// Redirects there.
    case redirect(String)
    /// Redirects to itself.
    case redirectLoop
    /// Sends interim (1xx) answers without end.
    case interimStorm
    /// Says two different lengths.
    case conflictingLength
    /// Answers in the manner of HTTP/1.0: the connection's end is the body's.
    case closeDelimited
    /// Sends the object in chunks.
    case chunked
    /// Sends bytes that are no HTTP.
    case garbage
    /// Closes without an answer.
    case closeWithoutAnswer
    /// Answers each request as the next of these says, and the last one again and again.
    case inTurn([LoopbackBehaviour])
}
