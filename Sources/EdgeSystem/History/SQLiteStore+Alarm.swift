public import EdgeCore
public import EdgeShell
internal import Foundation
internal import GRDB

extension SQLiteStore: AlarmStore {
    /// The longest state that is read, in bytes.
    static let maximumAlarmState = 16 << 20

    /// What is remembered of a network's alarms.
    public func alarms(_ network: NetworkName) throws -> AlarmState {
        try read { database in
            guard let id = try database.networkID(network) else { return AlarmState() }
            return try Self.alarms(id, from: database).state
        }
    }

    /// Changes what is remembered of a network's alarms; nothing is written when it stays as it is.
    public func updateAlarms<Value: Sendable>(
        _ network: NetworkName,
        _ body: (inout AlarmState, _ elsewhere: [String: [Moment]]) throws -> Value
    ) throws -> Value {
        try write { database in
            let id = try database.makeNetworkID(network)
            let (known, text) = try Self.alarms(id, from: database)
            var state = known
            let value = try body(&state, try Self.sentElsewhere(than: id, in: database))
            guard state != known || text == nil else { return value }
            let sent = state.receivers.mapValues(\.sent).filter { !$0.value.isEmpty }
            try database.run(
                """
                INSERT INTO alarm(network, state, sent) VALUES (?, ?, ?)
                ON CONFLICT(network) DO UPDATE SET state = excluded.state, sent = excluded.sent
                """, [id, try Self.json(state), try Self.json(sent)])
            return value
        }
    }

    /// What can't be read begins anew: at worst something is told twice.
    private static func alarms(
        _ id: Int, from database: Database
    ) throws -> (state: AlarmState, text: String?) {
        guard
            let text = try database.texts("SELECT state FROM alarm WHERE network = ?", [id]).first,
            text.utf8.count <= maximumAlarmState,
            let state = try? JSONDecoder().decode(AlarmState.self, from: Data(text.utf8))
        else { return (AlarmState(), nil) }
        return (state, text)
    }

    private static func sentElsewhere(
        than id: Int, in database: Database
    ) throws -> [String: [Moment]] {
        let texts = try database.texts(
            "SELECT sent FROM alarm WHERE network <> ? AND sent <> '{}'", [id])
        return texts.reduce(into: [:]) { all, text in
            let sent = try? JSONDecoder().decode([String: [Moment]].self, from: Data(text.utf8))
            all.merge(sent ?? [:]) { $0 + $1 }
        }
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
