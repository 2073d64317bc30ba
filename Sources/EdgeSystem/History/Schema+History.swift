extension Schema {
    /// What rounds came to, kept for long.
    ///
    /// - `sample.evidence` is what the sample came of (`ProbeEvidence`); NULL: nothing more is known.
    /// - `rollup` holds sums over 5 minutes, an hour and a day (`HistorySpan`, `FetchSummary`), clustered by time, so
    ///   that those of all targets are added, read and dropped side by side. `start` is in seconds.
    /// - `network.rolled_round` is the last round that is in the sums over 5 minutes.
    /// - `live_span` says when edges were live; `ended` NULL: still. Those of before are live since they came in last.
    static let history = """
        ALTER TABLE sample ADD COLUMN evidence BLOB;
        ALTER TABLE network ADD COLUMN rolled_round INTEGER NOT NULL DEFAULT 0;
        UPDATE network SET rolled_round = last_round;
        CREATE TABLE rollup(
            network INTEGER NOT NULL, span INTEGER NOT NULL, start INTEGER NOT NULL,
            target INTEGER NOT NULL, summary BLOB NOT NULL,
            PRIMARY KEY(network, span, start, target)) WITHOUT ROWID;
        CREATE TABLE live_span(
            network INTEGER NOT NULL REFERENCES network(id), edge TEXT NOT NULL,
            began INTEGER NOT NULL, ended INTEGER,
            PRIMARY KEY(network, edge, began)) WITHOUT ROWID;
        INSERT INTO live_span(network, edge, began)
            SELECT live.network, live.edge, coalesce((
                    SELECT max(wall) FROM edge_rotation
                    WHERE edge_rotation.network = live.network
                    AND edge_rotation.edge = live.edge), last_run_wall, 0)
            FROM live JOIN network ON network.id = live.network;
        """
}
