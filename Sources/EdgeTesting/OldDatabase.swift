/// Databases as older programs wrote them, as statements for sqlite3(1): what such a file looked like
/// never changes, whatever the program's own migrations say.
public enum OldDatabase {
    /// The tables of version 1.
    public static let version1 = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE network(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
            generation INTEGER NOT NULL DEFAULT 0, last_round INTEGER NOT NULL DEFAULT 0,
            sick_rounds_left INTEGER NOT NULL DEFAULT 0,
            after_changes_pending INTEGER NOT NULL DEFAULT 0,
            has_adopted_state INTEGER NOT NULL DEFAULT 0, published_dns TEXT,
            last_run_wall INTEGER, last_run_boot INTEGER, last_run_boot_id TEXT);
        CREATE TABLE adoption(
            id INTEGER PRIMARY KEY, network INTEGER NOT NULL REFERENCES network(id),
            round INTEGER NOT NULL, wall INTEGER NOT NULL, boot INTEGER NOT NULL,
            boot_id TEXT NOT NULL);
        CREATE INDEX adoption_network ON adoption(network);
        CREATE TABLE target(
            id INTEGER PRIMARY KEY, network INTEGER NOT NULL REFERENCES network(id),
            role TEXT NOT NULL, name TEXT NOT NULL, family TEXT NOT NULL,
            address TEXT, health TEXT, outcome TEXT, detail TEXT, probed INTEGER,
            last_round INTEGER NOT NULL DEFAULT 0, last_ns INTEGER,
            kept_count INTEGER NOT NULL DEFAULT 0, kept_ns INTEGER NOT NULL DEFAULT 0,
            oldest INTEGER, newest INTEGER, adoption INTEGER,
            UNIQUE(network, role, name, family));
        CREATE TABLE round(
            network INTEGER NOT NULL REFERENCES network(id), number INTEGER NOT NULL,
            wall INTEGER NOT NULL, boot INTEGER NOT NULL, boot_id TEXT NOT NULL,
            PRIMARY KEY(network, number)) WITHOUT ROWID;
        CREATE TABLE sample(
            network INTEGER NOT NULL, round INTEGER NOT NULL, target INTEGER NOT NULL,
            ns INTEGER NOT NULL, wall INTEGER,
            PRIMARY KEY(network, round, target)) WITHOUT ROWID;
        CREATE TABLE gap(
            target INTEGER NOT NULL, after INTEGER NOT NULL, next INTEGER NOT NULL,
            PRIMARY KEY(target, after)) WITHOUT ROWID;
        CREATE TABLE mode(
            network INTEGER NOT NULL REFERENCES network(id), edge TEXT NOT NULL,
            mode TEXT NOT NULL, comment TEXT NOT NULL, changed INTEGER,
            PRIMARY KEY(network, edge)) WITHOUT ROWID;
        CREATE TABLE live(
            network INTEGER NOT NULL REFERENCES network(id), position INTEGER NOT NULL,
            edge TEXT NOT NULL, ipv4 TEXT, ipv6 TEXT,
            PRIMARY KEY(network, position)) WITHOUT ROWID;
        CREATE TABLE substitution(
            network INTEGER NOT NULL REFERENCES network(id), position INTEGER NOT NULL,
            wall INTEGER NOT NULL, boot INTEGER NOT NULL, boot_id TEXT NOT NULL,
            edge TEXT NOT NULL, by_operator INTEGER NOT NULL,
            PRIMARY KEY(network, position)) WITHOUT ROWID;
        CREATE TABLE rotation(
            network INTEGER NOT NULL REFERENCES network(id), number INTEGER NOT NULL,
            wall INTEGER NOT NULL, PRIMARY KEY(network, number)) WITHOUT ROWID;
        CREATE TABLE edge_rotation(
            network INTEGER NOT NULL REFERENCES network(id), edge TEXT NOT NULL,
            number INTEGER NOT NULL, wall INTEGER NOT NULL,
            PRIMARY KEY(network, edge, number)) WITHOUT ROWID;
        CREATE TABLE content(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
        CREATE TABLE zone(
            network INTEGER NOT NULL REFERENCES network(id), name TEXT NOT NULL,
            serial INTEGER NOT NULL, content INTEGER NOT NULL REFERENCES content(id),
            include_revision INTEGER NOT NULL, canary TEXT, canary_replaces TEXT,
            include_inode INTEGER, include_size INTEGER, include_modified INTEGER,
            include_changed INTEGER, file_inode INTEGER, file_size INTEGER,
            file_modified INTEGER, file_changed INTEGER,
            PRIMARY KEY(network, name)) WITHOUT ROWID;
        CREATE TABLE include(
            network INTEGER NOT NULL REFERENCES network(id), zone TEXT NOT NULL,
            revision INTEGER NOT NULL, text BLOB NOT NULL, UNIQUE(network, zone));
        CREATE TABLE hold(
            network INTEGER NOT NULL REFERENCES network(id), position INTEGER NOT NULL,
            identity TEXT NOT NULL, approval_key TEXT, zone TEXT, message TEXT NOT NULL,
            since INTEGER NOT NULL, PRIMARY KEY(network, position)) WITHOUT ROWID;
        CREATE TABLE approval(
            network INTEGER NOT NULL REFERENCES network(id), key TEXT NOT NULL,
            PRIMARY KEY(network, key)) WITHOUT ROWID;
        CREATE TABLE audit(
            id INTEGER PRIMARY KEY, network INTEGER NOT NULL REFERENCES network(id),
            wall INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT, actor TEXT NOT NULL,
            message TEXT NOT NULL);
        CREATE INDEX audit_network ON audit(network, id);
        PRAGMA application_id = 1164201319;
        PRAGMA user_version = 1;

        """

    /// What version 2 added to them.
    public static let version2 = """
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
        PRAGMA user_version = 2;

        """

    /// Takes away from a database of today what version 9 has and version 8 had not.
    public static let from9To8 = """
        DROP INDEX audit_kind;
        DROP INDEX audit_subject;
        PRAGMA user_version = 8;

        """

    /// Takes away from a database of today what versions from the eighth on have.
    public static let withoutHistory =
        from9To8 + """
            ALTER TABLE sample DROP COLUMN evidence;
            ALTER TABLE network DROP COLUMN rolled_round;
            DROP TABLE rollup;
            DROP TABLE live_span;
            PRAGMA user_version = 7;

            """

    private static let networkColumns = """
        id, name, generation, last_round, sick_rounds_left, after_changes_pending,
        has_adopted_state, published_dns, last_run_wall, last_run_boot, last_run_boot_id
        """

    private static let targetColumns = """
        id, network, role, name, family, address, health, outcome, detail, probed, last_round,
        last_ns, kept_count, kept_ns, oldest, newest, adoption
        """

    private static let modeColumns = "network, edge, mode, comment, changed"

    private static let tables1 = [
        "adoption", "target", "round", "sample", "gap", "mode", "live", "substitution", "rotation",
        "edge_rotation", "content", "zone", "include", "hold", "approval", "audit",
    ]

    /// Makes a database of today one of version 4.
    public static let from7To4 = """
        ALTER TABLE target DROP COLUMN steady;
        ALTER TABLE mode DROP COLUMN limit_wall;
        ALTER TABLE mode DROP COLUMN limit_boot;
        ALTER TABLE mode DROP COLUMN limit_boot_id;
        ALTER TABLE mode DROP COLUMN limit_ns;
        DROP TABLE alarm;
        PRAGMA user_version = 4;

        """

    /// Fills the tables of version 1 with what a database of today says.
    public static func copy1(of path: String) -> String {
        copy(of: path, network: networkColumns, tables: tables1)
    }

    /// Fills the tables of version 2 with what a database of today says, what generations say of zones
    /// left out.
    public static func copy2(of path: String) -> String {
        copy(
            of: path,
            network: networkColumns
                + ", hold_wall, hold_boot, hold_boot_id, hold_ns, hold_actor, hold_reason",
            tables: tables1 + ["generation", "generation_edge", "server"])
                + """
                ATTACH '\(path)' AS now;
                INSERT INTO owed
                    SELECT network, server, zone, generation, coalesce(published, since), is_told,
                        is_rewritten, difference
                    FROM now.owed;
                INSERT INTO include_text SELECT network, zone, revision, text FROM now.include_text;
                DETACH now;

                """
    }

    private static func copy(of path: String, network: String, tables: [String]) -> String {
        let copies = tables.map { table in
            // Later versions have more columns.
            let columns =
                switch table {
                case "target": targetColumns
                case "mode": modeColumns
                case "sample": "network, round, target, ns, wall"
                default: "*"
                }
            return "INSERT INTO main.\(table) SELECT \(columns) FROM now.\(table);\n"
        }
        return "ATTACH '\(path)' AS now;\n"
            + "INSERT INTO main.network(\(network)) SELECT \(network) FROM now.network;\n"
            + copies.joined() + "DETACH now;\n"
    }
}
