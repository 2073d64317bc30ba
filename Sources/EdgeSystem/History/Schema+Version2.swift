extension Schema {
    /// Generations, name servers, held rotations.
    ///
    /// - `generation_zone` holds a zone's content at the generations that changed it; what a pruned
    ///   generation said is moved to the oldest kept one, with `is_baseline`, so that each kept
    ///   generation can be put together whole.
    /// - `include_text` holds the texts that kept generations and zones refer to.
    /// - `owed` holds the zones that a name server is not known to serve as published.
    static let version2 = """
        ALTER TABLE network ADD COLUMN hold_wall INTEGER;
        ALTER TABLE network ADD COLUMN hold_boot INTEGER;
        ALTER TABLE network ADD COLUMN hold_boot_id TEXT;
        ALTER TABLE network ADD COLUMN hold_ns INTEGER;
        ALTER TABLE network ADD COLUMN hold_actor TEXT;
        ALTER TABLE network ADD COLUMN hold_reason TEXT;
        CREATE TABLE generation(
            network INTEGER NOT NULL REFERENCES network(id), number INTEGER NOT NULL,
            wall INTEGER NOT NULL, actor TEXT NOT NULL, cause TEXT NOT NULL, dns TEXT NOT NULL,
            PRIMARY KEY(network, number)) WITHOUT ROWID;
        CREATE TABLE generation_edge(
            network INTEGER NOT NULL, generation INTEGER NOT NULL, position INTEGER NOT NULL,
            edge TEXT NOT NULL, ipv4 TEXT, ipv6 TEXT, change TEXT, reason TEXT,
            PRIMARY KEY(network, generation, position)) WITHOUT ROWID;
        CREATE TABLE generation_zone(
            network INTEGER NOT NULL, zone TEXT NOT NULL, generation INTEGER NOT NULL,
            is_baseline INTEGER NOT NULL DEFAULT 0, serial INTEGER NOT NULL,
            content INTEGER NOT NULL REFERENCES content(id), include_revision INTEGER NOT NULL,
            canary TEXT, canary_replaces TEXT, causes TEXT NOT NULL,
            PRIMARY KEY(network, generation, zone)) WITHOUT ROWID;
        CREATE INDEX generation_zone_zone ON generation_zone(network, zone, generation);
        CREATE TABLE include_text(
            network INTEGER NOT NULL, zone TEXT NOT NULL, revision INTEGER NOT NULL,
            text BLOB NOT NULL, UNIQUE(network, zone, revision));
        CREATE TABLE server(
            network INTEGER NOT NULL REFERENCES network(id), name TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, try_wall INTEGER, try_boot INTEGER,
            try_boot_id TEXT, silent_since INTEGER, told INTEGER, command TEXT, ending TEXT,
            output TEXT, duration INTEGER, failure TEXT, raise_wall INTEGER, raise_boot INTEGER,
            raise_boot_id TEXT,
            PRIMARY KEY(network, name)) WITHOUT ROWID;
        CREATE TABLE owed(
            network INTEGER NOT NULL, server TEXT NOT NULL, zone TEXT NOT NULL,
            generation INTEGER NOT NULL, since INTEGER NOT NULL, is_told INTEGER NOT NULL,
            is_rewritten INTEGER NOT NULL, difference TEXT,
            PRIMARY KEY(network, server, zone)) WITHOUT ROWID;
        """
}
