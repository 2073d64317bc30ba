internal import AsyncHTTPClient
internal import EdgeCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// One POST: certificates are checked, redirects are not followed, and of the answer a little is read.
struct WebhookClient {
    let webhook: AlarmWebhook
    let secret: ReceiverSecret

    /// The most bytes of an answer that are looked at.
    static let mostAnswer = 1024
    /// No body is larger.
    static let mostBody = 4 << 20

    /// Sends the body; returns why it did not arrive, nil when it did.
    ///
    /// - Parameter path: what is added to the URL.
    func post(
        _ body: [UInt8], path: String = "", id: String?, within patience: Duration
    ) async -> String? {
        guard body.count <= Self.mostBody else {
            return "the body has \(body.count) bytes, more than \(Self.mostBody)"
        }
        let client: HTTPClient
        do {
            client = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: try configuration(patience))
        } catch {
            return "\(error)"
        }
        let failure = await bounded(by: patience) {
            await send(body, path: path, id: id, by: client, within: patience)
        }
        try? await client.shutdown()
        return failure.map { secret.hidden(in: $0) }
    }

    private func configuration(
        _ patience: Duration
    ) throws(ReceiverFault) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = try Self.roots(of: webhook)
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(patience.inNanoseconds)))
        // One request a connection: nothing to gain, and HTTP/2 need not be spoken.
        configuration.httpVersion = .http1Only
        // One attempt: the next round makes another, and the reason is not lost in a timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Which authorities are trusted.
    static func roots(of webhook: AlarmWebhook) throws(ReceiverFault) -> NIOSSLTrustRoots {
        guard let path = webhook.authorities else { return .default }
        do {
            return .certificates(try NIOSSLCertificate.fromPEMFile(path))
        } catch {
            throw ReceiverFault(description: "the certificates in \(path) can't be read: \(error)")
        }
    }

    private func send(
        _ body: [UInt8], path: String, id: String?, by client: HTTPClient, within patience: Duration
    ) async -> String? {
        var url = secret.filled(into: webhook.url)
        if !path.isEmpty {
            while url.hasSuffix("/") { url.removeLast() }
            url += path
        }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for (name, value) in webhook.headers {
            request.headers.add(name: name, value: secret.filled(into: value))
        }
        if let authorization = secret.authorization(of: webhook) {
            request.headers.replaceOrAdd(name: "Authorization", value: authorization)
        }
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.headers.replaceOrAdd(name: "User-Agent", value: "Edgemanage/3")
        request.headers.replaceOrAdd(name: "Connection", value: "close")
        if let id { request.headers.replaceOrAdd(name: "Idempotency-Key", value: id) }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(
                request, timeout: .nanoseconds(patience.inNanoseconds))
            return await verdict(on: response)
        } catch {
            return Self.words(of: error, within: patience)
        }
    }

    private func verdict(on response: HTTPClientResponse) async -> String? {
        let status = response.status.code
        switch status {
        case 200..<300: return nil
        case 300..<400:
            return "it redirects (\(status)), which is not followed: correct its URL"
        default:
            var text: [UInt8] = []
            do {
                for try await buffer in response.body {
                    text += buffer.readableBytesView.prefix(Self.mostAnswer - text.count)
                    if text.count >= Self.mostAnswer { break }
                }
            } catch {
                // What was read of it says enough.
            }
            let said = NetworkText.printable(text)
            return "it answered \(status)" + (said.isEmpty ? "" : ": \(said)")
        }
    }

    /// Runs the body until the time is over, whatever it waits for.
    private func bounded(
        by patience: Duration, _ body: @escaping @Sendable () async -> String?
    ) async -> String? {
        await withTaskGroup(of: String??.self) { group in
            group.addTask { .some(await body()) }
            group.addTask {
                try? await Task.sleep(for: patience)
                return String??.none
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? Self.late(patience)
        }
    }

    private static func late(_ patience: Duration) -> String {
        "it did not take it within \(patience.shortSeconds)"
    }

    private static func words(of error: any Error, within patience: Duration) -> String {
        if let error = error as? HTTPClientError {
            let late: [HTTPClientError] = [
                .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout,
                .tlsHandshakeTimeout,
                .cancelled,
            ]
            if late.contains(error) { return Self.late(patience) }
        }
        if error is CancellationError { return Self.late(patience) }
        let text = "\(error)"
        let distrust = [
            "CERTIFICATE_VERIFY_FAILED", "unableToValidateCertificate", "failedToValidateHostname",
        ]
        if distrust.contains(where: text.contains) {
            return "its certificate is not valid for its name, or not trusted"
        }
        if text.contains("Connection refused") { return "it refused the connection" }
        return "it could not be reached: \(NetworkText.printable(text))"
    }
}
