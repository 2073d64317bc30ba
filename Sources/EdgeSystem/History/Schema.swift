internal import GRDB

/// The database's tables.
///
/// `PRAGMA user_version` counts the migrations that were applied. Numbers are whole, nanoseconds
/// for times and durations, so that sums are exact.
enum Schema {
    /// One step from a version to the next.
    private enum Migration {
        case statements(String)
        case steps((Database) throws -> Void)

        func apply(to database: Database) throws {
            switch self {
            case .statements(let sql): try database.execute(sql: sql)
            case .steps(let body): try body(database)
            }
        }
    }

    /// The migrations in order; one that was released is never changed.
    private static var migrations: [Migration] {
        [
            .statements(version1), .statements(version2), .steps(migrateToVersion3),
            .statements(version4), .statements(version5), .statements(version6),
            .statements(alarms), .statements(history), .statements(auditIndices),
        ]
    }

    /// The version that this program writes.
    static let version = 9

    /// What `PRAGMA application_id` says of our files: "EdMg".
    static let applicationID: Int32 = 0x4564_4D67

    /// Brings a database up to date, in the transaction that `database` is in.
    static func migrate(_ database: Database, path: String) throws {
        let found = try writtenVersion(database, path: path)
        guard found < version else { return }
        for migration in migrations[max(found, 0)...] { try migration.apply(to: database) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// The version that wrote a database; 0 for one that is empty. Throws when it is another
    /// program's or a newer one's.
    static func writtenVersion(_ database: Database, path: String) throws -> Int {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard application == applicationID || application == 0 else {
            throw StoreError.foreign(path: path)
        }
        if application == 0 {
            let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
            guard tables == 0, found == 0 else { throw StoreError.foreign(path: path) }
        }
        guard found <= version else {
            throw StoreError.newerSchema(path: path, found: found, known: version)
        }
        return found
    }

    /// How long a mode is meant to last, and since when; NULL: until it is changed.
    private static let version6 = """
        ALTER TABLE mode ADD COLUMN limit_wall INTEGER;
        ALTER TABLE mode ADD COLUMN limit_boot INTEGER;
        ALTER TABLE mode ADD COLUMN limit_boot_id TEXT;
        ALTER TABLE mode ADD COLUMN limit_ns INTEGER;
        """

    /// What the steady judge remembers of a target (`SteadyMemory.text`); NULL: nothing.
    private static let version5 = "ALTER TABLE target ADD COLUMN steady TEXT;"

    /// `owed.since` is from here on the time since which nothing is known to be served as published, and
    /// `published` that of the owed generation; NULL: the same. `gone` has labels that rotate no more
    /// (`WithdrawnLabel.text`).
    private static let version4 = """
        ALTER TABLE owed ADD COLUMN published INTEGER;
        ALTER TABLE owed ADD COLUMN gone TEXT;
        """

    /// - `sample` is clustered by round, so that a round's samples are added side by side, the
    ///   oldest deleted side by side, and the window read in one sweep. Rounds below zero hold what
    ///   was taken over from the original's files, counted back from each target's newest, with
    ///   their own times.
    /// - `target` holds the exact running sums over a target's samples, and its oldest and newest
    ///   round. From one of its rounds to the next it is one, unless `gap` says otherwise.
    /// - `content` holds each distinct content key once: thousands of zones share one.
    private static let version1 = """
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
        """
}
