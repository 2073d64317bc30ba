import EdgeCore
import EdgeTesting
import EdgeSystemConfiguration
import Foundation
import Testing

/// Files that were mutated at random: read or refused, never a crash, never an endless wait.
@Suite struct FuzzTests {
    /// A small generator, so that a failure names its seed.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let pieces: [String] = [
        ":", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: *a", "\"", "'", "|", ">", "#", "? ",
        "!!str ",
        "!", "%", "@", "`", "\t", "\r\n", "\u{FEFF}", "\u{0}", "\u{7}", "\n---\n", "\n...\n", "~",
        "-1",
        "99999999999999999999", "1e999", ".nan", "0x10", "é", "\u{2028}", "{dnet}", "../x", "10s",
        "\n",
    ]

    private func mutated(_ text: [UInt8], _ random: inout Generator) -> [UInt8] {
        var bytes = text
        for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: at)
            case 2:
                let piece = Self.pieces.randomElement(using: &random) ?? ""
                bytes.insert(contentsOf: piece.utf8, at: at)
            case 3:
                let end = min(bytes.count, at + Int.random(in: 1...80, using: &random))
                bytes.insert(
                    contentsOf: Array(bytes[at..<end]),
                    at: Int.random(in: 0...bytes.count, using: &random))
            default:
                bytes.removeSubrange(
                    at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
            }
        }
        return bytes
    }

    @Test(arguments: ["valid/full.yaml", "valid/small.yaml", "original"])
    func mutationsAreReadOrRefused(_ name: String) throws {
        let text =
            name == "original"
            ? Array(try Data(contentsOf: Fixtures.root.appending(path: "examples/original.yaml")))
            : try Fixtures.bytes(name)
        var refused = 0
        for seed in 0..<1500 {
            var random = Generator(state: UInt64(seed))
            let bytes = mutated(text, &random)
            let loaded = ConfigurationLoader().load(bytes, file: "/f.yaml")
            for problem in loaded.problems { #expect(!problem.description.isEmpty) }
            #expect((loaded.configuration == nil) == loaded.problems.hasErrors, "seed \(seed)")
            refused += loaded.configuration == nil ? 1 : 0
            let network = NetworkName("mynet")
            if let settings = try? loaded.configuration?.settings(for: network) {
                #expect(settings.selection.liveCount >= 1, "seed \(seed)")
                #expect(settings.probe.timeout <= ProbeSettings.maximumTimeout, "seed \(seed)")
                #expect(settings.object.path.hasPrefix("/"), "seed \(seed)")
            }
        }
        #expect(refused > 100)
        #expect(refused < 1500)
    }

    @Test func repeatedKeysAndAliasesTakeNoTime() {
        let repeated = (0..<300).map { "a\($0 % 3): 1\n" }.joined()
        let keys = Fixtures.load(repeated)
        #expect(keys.problems.hasErrors)
        let wide = "a: [" + String(repeating: "x,", count: 3_000_000) + "]"
        #expect(Fixtures.load(wide).problems.hasErrors)
        var bomb = "a0: &a0 x\n"
        for level in 1..<200 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(Fixtures.load(bomb).problems.hasErrors)
        for key in [
            "? *a90\n: 1\n", "[*a90, *a90]: 1\n", "{*a90 : 1, *a91 : 2}\n", "*a90 : 1\n",
            "z: {*a90}\n", "z: {x: y,\n  [*a90]}\n",
            "- *a90 : x\n",
        ] {
            #expect(Fixtures.load(bomb + key).problems.hasErrors)
        }
    }
}
