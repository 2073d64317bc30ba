import Foundation
import Testing

/// Every input that fuzzing once found worth keeping is read again by its target; script/fuzz looks for more.
@Suite struct CorpusTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "corpus")

    @Test(arguments: FuzzTarget.all.map(\.name))
    func propertiesHold(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let inputs = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: name), includingPropertiesForKeys: nil)
        #expect(inputs.count > 3, "\(name) has no corpus")
        for input in inputs {
            let bytes = [UInt8](try Data(contentsOf: input))
            if let violation = target.violation(bytes) {
                Issue.record("\(name)/\(input.lastPathComponent): \(violation)")
            }
        }
    }

    /// A folder without a target is a corpus that nobody reads.
    @Test func everyFolderHasATarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.folder.path(percentEncoded: false))
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }
}
