import EdgeCore
import Testing

struct CommandLineTests {
    @Test(arguments: [
        ("rndc reload", ["rndc", "reload"]), ("  a \t b  ", ["a", "b"]), ("", []), ("   ", []),
        ("sh -c 'echo x'", ["sh", "-c", "'echo", "x'"]), ("a;b $(c)", ["a;b", "$(c)"]),
    ])
    func `Spaces divide, nothing else does`(_ text: String, _ words: [String]) {
        #expect(CommandLine.split(text) == words)
    }
}
