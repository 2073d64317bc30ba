internal import Crypto
internal import EdgeCore
internal import Mustache

/// Makes HTML of what is known.
struct PageRenderer: Sendable {
    /// One element of a page that is exchanged alone.
    struct Part: Hashable, Sendable, Encodable {
        /// The element's `id`.
        var id: String
        var html: String
    }

    private let library: MustacheLibrary
    let assets: PageAssets
    /// The daemon's version.
    let program: String
    /// What a command needs to find the configuration; empty: nothing.
    let option: String

    /// - Parameter configuration: the daemon's configuration file.
    /// - Throws: when a template is none.
    init(program: String, configuration: String) throws {
        MustacheContentTypes.register(PageContentType(), named: PageContentType.name)
        library = MustacheLibrary(
            templates: try PageTemplates.all.mapValues { try MustacheTemplate(string: $0) })
        assets = PageAssets()
        self.program = program
        option =
            configuration == "/etc/edgemanage/edgemanage.yaml"
            ? "" : " -c \(PageText.shell(configuration))"
    }

    func html(_ template: String, _ view: Any) -> String {
        library.render(view, withTemplate: template) ?? ""
    }

    func part(_ id: String, _ template: String, _ view: Any) -> Part {
        Part(id: id, html: html(template, view))
    }

    /// A whole page.
    ///
    /// - Parameters:
    ///   - parts: where its parts are asked for anew; empty: nowhere.
    ///   - version: which parts it has.
    func page(
        title: String, main: String, networks: [NetworkName], now: UnixTime, parts: String = "",
        version: String = ""
    ) -> String {
        html(
            "layout",
            [
                "title": title, "main": main, "networks": networks.map(\.text),
                "asOf": PageText.stamp(now.seconds), "style": assets.style.path,
                "script": assets.script.path, "parts": parts, "version": version,
                "release": assets.release, "program": program,
            ] as [String: Any])
    }
}

/// The page's style and script, each under a name of its content, so that it may be kept for ever.
struct PageAssets: Sendable {
    struct Asset: Sendable {
        var path: String
        var type: String
        var text: String

        init(_ text: String, named name: String, type: String) {
            let digest = SHA256.hash(data: Array(text.utf8)).prefix(8)
                .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let parts = name.split(separator: ".")
            path = "/assets/\(parts[0])-\(digest).\(parts[1])"
            self.type = type
            self.text = text
        }
    }

    let style = Asset(PageStyle.text, named: "page.css", type: "text/css; charset=utf-8")
    let script = Asset(
        PageScript.text, named: "page.js", type: "text/javascript; charset=utf-8")

    /// Changes with style and script: a page of another release loads itself anew.
    var release: String { style.path + script.path }
}
