internal import GRDB
internal import Storage

/// Compares the schema of a database with the schema that Signet's own steps make.
enum SchemaCheck {
    private struct Entry: Hashable {
        let type: String
        let name: String
        let table: String
        let sql: String?
    }

    /// Throws when a table, index, trigger or view is missing, added or changed. Triggers keep the log from
    /// changing, and one that was added could change anything at the next commit.
    static func run(_ db: Database) throws {
        let found = try entries(db)
        let migrator = Schema.migrator
        let made = try DatabaseQueue()
        // The table of the steps itself, before it is read.
        try migrator.migrate(made, upTo: migrator.migrations[0])
        let own = try made.read { try entries($0) }.filter { $0.name == "grdb_migrations" }
        guard !own.isEmpty, own.isSubset(of: found) else { throw StorageError.corrupt("no tables of Signet") }
        if try migrator.hasBeenSuperseded(db) {
            throw StorageError.unavailable(reason: "it was made by a newer Signet")
        }
        guard let last = try migrator.appliedMigrations(db).last else {
            throw StorageError.corrupt("no tables of Signet")
        }
        try migrator.migrate(made, upTo: last)
        let expected = try made.read { try entries($0) }
        guard let difference = expected.symmetricDifference(found).map(\.name).min() else { return }
        throw StorageError.corrupt("a schema that is not Signet's: `\(difference)`")
    }

    /// Leaves out SQLite's own tables (Database File Format, section 2.6), when their SQL is SQLite's.
    private static func entries(_ db: Database) throws -> Set<Entry> {
        Set(
            try Row.fetchAll(
                db,
                sql: """
                    SELECT type, name, tbl_name, sql FROM sqlite_schema
                    WHERE NOT (type = 'table' AND sql IN (
                        'CREATE TABLE sqlite_sequence(name,seq)', 'CREATE TABLE sqlite_stat1(tbl,idx,stat)',
                        'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)'))
                    """
            ).map { Entry(type: $0["type"], name: $0["name"], table: $0["tbl_name"], sql: $0["sql"]) })
    }
}
