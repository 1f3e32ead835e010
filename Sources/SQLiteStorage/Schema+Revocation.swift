internal import GRDB

extension Schema {
    /// Revocations, CRLs, OCSP responders, and certificates signed elsewhere.
    static func registerRevocation(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("11 revocations and CRLs") { db in
            try db.execute(
                sql: """
                    ALTER TABLE certificateAuthority ADD COLUMN revocation TEXT NOT NULL DEFAULT '{}';

                    CREATE TABLE revocation (
                        place INTEGER PRIMARY KEY,
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        serialNumber BLOB NOT NULL,
                        revokedAt INTEGER NOT NULL,
                        reason TEXT NOT NULL,
                        notAfter INTEGER NOT NULL
                    ) STRICT;

                    CREATE UNIQUE INDEX revocationBySerialNumber ON revocation
                        (certificateAuthority, serialNumber);

                    CREATE INDEX revocationByPlace ON revocation (certificateAuthority, place);

                    CREATE TRIGGER revocationIsFinal BEFORE DELETE ON revocation
                    BEGIN SELECT RAISE(ABORT, 'a revocation is final'); END;

                    CREATE TRIGGER revocationIsNeverChanged BEFORE UPDATE ON revocation
                    BEGIN SELECT RAISE(ABORT, 'a revocation is final'); END;

                    CREATE TABLE certificateListNumber (
                        certificateAuthority TEXT PRIMARY KEY REFERENCES certificateAuthority (id),
                        number INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE certificateList (
                        certificateAuthority TEXT PRIMARY KEY REFERENCES certificateAuthority (id),
                        number INTEGER NOT NULL,
                        thisUpdate INTEGER NOT NULL,
                        nextUpdate INTEGER NOT NULL,
                        entries INTEGER NOT NULL,
                        lastRevocation INTEGER NOT NULL,
                        digest BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("12 OCSP responders, and certificates and CRLs signed elsewhere") { db in
            try db.execute(
                sql: """
                    ALTER TABLE intent ADD COLUMN maximumSignatures INTEGER;

                    CREATE TABLE responder (
                        certificateAuthority TEXT PRIMARY KEY REFERENCES certificateAuthority (id),
                        keyAlgorithm TEXT NOT NULL,
                        keyIdentifier BLOB NOT NULL,
                        keyStorageSecurityStandard TEXT,
                        subjectPublicKeyInfo BLOB NOT NULL,
                        certificate BLOB
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE importedCertificate (
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        serialNumber BLOB NOT NULL,
                        certificate BLOB NOT NULL,
                        requester TEXT NOT NULL,
                        importedAt REAL NOT NULL,
                        notAfter INTEGER NOT NULL,
                        PRIMARY KEY (certificateAuthority, serialNumber)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE importedList (
                        id TEXT PRIMARY KEY,
                        issuer TEXT NOT NULL,
                        number BLOB NOT NULL,
                        thisUpdate INTEGER NOT NULL,
                        nextUpdate INTEGER NOT NULL,
                        digest BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("13 partitions of CRLs") { db in
            try db.execute(
                sql: """
                    CREATE TABLE partitionList (
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        partition INTEGER NOT NULL,
                        urls TEXT NOT NULL,
                        number INTEGER NOT NULL,
                        thisUpdate INTEGER NOT NULL,
                        nextUpdate INTEGER NOT NULL,
                        entries INTEGER NOT NULL,
                        lastRevocation INTEGER NOT NULL,
                        digest BLOB NOT NULL,
                        PRIMARY KEY (certificateAuthority, partition)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
    }
}
