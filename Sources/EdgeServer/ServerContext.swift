internal import Hummingbird
internal import NIOCore

/// What belongs to one request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Who asks; nil: somebody who may only read.
    var actor: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Orders are small.
    var maxUploadSize: Int { 65_536 }
}
