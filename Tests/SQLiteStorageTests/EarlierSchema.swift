/// SQL that reverts steps of the schema, for tests of the migration of earlier databases.
enum EarlierSchema {
    /// Reverts the changes to approvals and to the IDs of requests.
    static let undoing9And10And14 = """
        ALTER TABLE flushedPartition RENAME TO filing; ALTER TABLE filing RENAME COLUMN partition TO drawer;
        ALTER TABLE approval DROP COLUMN inputVersion; ALTER TABLE approval RENAME COLUMN input TO body;
        ALTER TABLE approval RENAME COLUMN operation TO target;
        DROP INDEX approvalByRequester; DROP INDEX approvalByExpiry; ALTER TABLE approval DROP COLUMN octets;
        CREATE INDEX approvalByStatus ON approval (status); DROP TABLE earlierRequest;
        DELETE FROM grdb_migrations WHERE identifier LIKE '10 %' OR identifier LIKE '9 %'
            OR identifier LIKE '14 %';
        """
}
