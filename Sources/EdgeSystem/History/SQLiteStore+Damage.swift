internal import EdgeCore
internal import GRDB

/// What becomes of a database in which damage was found.
extension SQLiteStore {
    /// Sets it aside and begins a new one, once a second look has found the damage too; who only reads gets an
    /// empty one in memory.
    ///
    /// - Parameter isSure: nobody needs to look again.
    static func replaceDamaged(
        _ path: String, _ access: Access, of network: NetworkName?,
        identity: StoreConnection.Identity?, because error: DatabaseError, isSure: Bool,
        at wall: UnixTime
    ) throws(StoreError) -> State {
        do {
            guard access == .readWrite else {
                let look = SecondLook(path: path)
                guard try look.damage(lacksSomething: error.lacksSomething) != nil else {
                    return try openForReading(path, of: network)
                }
                return State(
                    connection: try StoreConnection(), wasReset: true,
                    warnings: [StoreError.words(damaged: path, reason: error.words)])
            }
            let (connection, loss) = try Replacement(path: path, network: network).replace(
                identity, because: error, isSure: isSure, at: wall)
            let told =
                loss.map { words(of: $0, network: network, in: connection) }
                ?? salvageWords(network, in: connection)
                ?? "the database \(path) was damaged (\(error.words)): another process has set it aside meanwhile"
            return State(connection: connection, wasReset: true, warnings: [told])
        } catch is SecondLook.Whole {
            return try reopened(path, after: error)
        } catch let error as DatabaseError where error.isCorruption {
            throw StoreError.unreadable(path: path, reason: error.words)
        } catch {
            throw StoreError.named(error, path: path)
        }
    }

    private static func reopened(
        _ path: String, after error: DatabaseError
    ) throws(StoreError) -> State {
        do {
            let connection = try StoreConnection(path: path, readOnly: false)
            let note =
                "the database \(path) seemed damaged (\(error.words)) and was found whole when all of it was "
                + "read again: nothing is lost; look at its disk"
            return State(connection: connection, notes: [note])
        } catch let error as DatabaseError where error.isCorruption {
            throw StoreError.unreadable(path: path, reason: error.words)
        } catch {
            throw StoreError.named(error, path: path)
        }
    }
}
