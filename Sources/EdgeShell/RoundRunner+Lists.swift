import EdgeCore

/// A list that somebody may be in the middle of writing.
public struct UnfinishedList: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence naming the file.
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}

extension RoundRunner {
    /// How long a round waits for a list that is being written: a little longer than one that nobody goes on
    /// with is taken for that.
    static let listPatience: Duration = .seconds(12)

    /// Reads a list, once nobody is in the middle of writing it: half of it would take edges out.
    ///
    /// - Throws: what `read` throws; `UnfinishedList` when it is being written all the time.
    func awaiting<List>(_ read: () throws -> List) async throws -> List {
        let begun = effects.clock.now()
        var isSaid = false
        while true {
            do {
                return try read()
            } catch let unfinished as UnfinishedList {
                guard effects.clock.now().elapsed(since: begun) < Self.listPatience,
                    !Task.isCancelled
                else { throw unfinished }
                if !isSaid { effects.log.write(.notice, "\(unfinished); the round waits for it") }
                isSaid = true
                await effects.clock.pause(.milliseconds(200))
            }
        }
    }

    /// The canaries; none when they can't be read, which is a warning.
    func readCanaries(
        _ settings: NetworkSettings
    ) async -> (map: [ZoneName: IPAddress], warnings: [String]) {
        do {
            return try await awaiting {
                try effects.inventory.canaries(from: settings.canaries)
            }
        } catch {
            return ([:], ["\(error); no canary is used"])
        }
    }
}
