internal import Foundation
internal import GRDB
internal import TransparencyLog

/// The migrations of the tables. A released step is never changed; a new step is added at the end.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 authorities, certificates, intents, events") { db in
            try db.execute(
                sql: """
                    CREATE TABLE certificateAuthority (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        revision INTEGER NOT NULL,
                        kind TEXT NOT NULL,
                        status TEXT NOT NULL,
                        createdAt REAL NOT NULL,
                        lastStateChangeAt REAL NOT NULL,
                        keyAlgorithm TEXT NOT NULL,
                        signingAlgorithm TEXT NOT NULL,
                        subject TEXT NOT NULL,
                        usageMode TEXT NOT NULL,
                        keyStorageSecurityStandard TEXT,
                        keyIdentifier BLOB NOT NULL UNIQUE,
                        subjectPublicKeyInfo BLOB,
                        certificateSigningRequest BLOB,
                        certificate BLOB,
                        chain TEXT NOT NULL
                    ) STRICT;

                    CREATE TABLE certificate (
                        serialNumber TEXT PRIMARY KEY,
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        certificate BLOB,
                        failure TEXT,
                        templateARN TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        requestedAt REAL NOT NULL,
                        notAfter REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE intent (
                        id TEXT PRIMARY KEY,
                        purpose TEXT NOT NULL,
                        digest BLOB NOT NULL,
                        keyIdentifier BLOB NOT NULL,
                        certificateAuthority TEXT NOT NULL,
                        serialNumber TEXT,
                        requestID TEXT NOT NULL,
                        recordedAt REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE idempotencyClaim (
                        key TEXT PRIMARY KEY,
                        requestDigest TEXT NOT NULL,
                        answer TEXT NOT NULL,
                        madeAt REAL NOT NULL,
                        expiresAt REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE event (
                        position INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        body BLOB NOT NULL
                    ) STRICT;

                    CREATE TRIGGER eventIsNeverChanged BEFORE UPDATE ON event
                    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

                    CREATE TRIGGER eventIsNeverRemoved BEFORE DELETE ON event
                    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
                    """)
        }
        migrator.registerMigration("2 tags, policies and permissions of authorities") { db in
            try db.execute(
                sql: """
                    ALTER TABLE certificateAuthority ADD COLUMN tags TEXT NOT NULL DEFAULT '{}';
                    ALTER TABLE certificateAuthority ADD COLUMN policy TEXT;
                    ALTER TABLE certificateAuthority ADD COLUMN permissions TEXT NOT NULL DEFAULT '[]';
                    """)
        }
        migrator.registerMigration("3 approvals") { db in
            try db.execute(
                sql: """
                    CREATE TABLE approval (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        revision INTEGER NOT NULL,
                        target TEXT NOT NULL,
                        body BLOB NOT NULL,
                        resource TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        peer BLOB NOT NULL,
                        content BLOB NOT NULL,
                        digest TEXT NOT NULL,
                        serialNumber TEXT UNIQUE,
                        needed INTEGER NOT NULL,
                        approvals TEXT NOT NULL,
                        status TEXT NOT NULL,
                        outcome TEXT,
                        createdAt REAL NOT NULL,
                        expiresAt REAL NOT NULL
                    ) STRICT;

                    CREATE INDEX approvalByStatus ON approval (status);
                    """)
        }
        migrator.registerMigration("4 the tree of the log") { db in
            try db.execute(
                sql: """
                    CREATE TABLE tile (
                        level INTEGER NOT NULL,
                        position INTEGER NOT NULL,
                        nodes BLOB NOT NULL,
                        PRIMARY KEY (level, position)
                    ) STRICT, WITHOUT ROWID;

                    CREATE TRIGGER tileIsNeverChanged BEFORE UPDATE ON tile
                    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

                    CREATE TRIGGER tileIsNeverRemoved BEFORE DELETE ON tile
                    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

                    CREATE TABLE checkpoint (
                        size INTEGER PRIMARY KEY,
                        note TEXT NOT NULL
                    ) STRICT;

                    CREATE TABLE logKey (
                        single INTEGER PRIMARY KEY CHECK (single = 0),
                        identifier BLOB NOT NULL,
                        subjectPublicKeyInfo BLOB NOT NULL
                    ) STRICT;

                    ALTER TABLE certificate ADD COLUMN outcomeIndex INTEGER;
                    """)
            // Events from before the tree existed become its first leaves.
            var tree = GrowingTree()
            let bodies = try Data.fetchCursor(db, sql: "SELECT body FROM event ORDER BY position")
            while let body = try bodies.next() {
                for complete in tree.append(TreeHash(leaf: body)) { try complete.insert(db) }
            }
        }
        migrator.registerMigration("5 certificates in the order they were concluded") { db in
            // A row is written once, at the end of its table, regardless of the table's size. Certificates
            // without an outcome are few and have a table of their own.
            try db.execute(
                sql: """
                    CREATE TABLE reservation (
                        serialNumber TEXT PRIMARY KEY,
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        templateARN TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        requestedAt REAL NOT NULL,
                        notAfter REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    INSERT INTO reservation
                    SELECT serialNumber, certificateAuthority, templateARN, requester, requestedAt, notAfter
                    FROM certificate WHERE certificate IS NULL AND failure IS NULL;

                    CREATE TABLE concluded (
                        sequence INTEGER PRIMARY KEY,
                        serialNumber TEXT NOT NULL UNIQUE,
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        certificate BLOB,
                        failure TEXT,
                        templateARN TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        requestedAt REAL NOT NULL,
                        notAfter REAL NOT NULL,
                        outcomeIndex INTEGER,
                        CHECK ((certificate IS NULL) <> (failure IS NULL))
                    ) STRICT;

                    INSERT INTO concluded (serialNumber, certificateAuthority, certificate, failure, templateARN,
                        requester, requestedAt, notAfter, outcomeIndex)
                    SELECT serialNumber, certificateAuthority, certificate, failure, templateARN, requester,
                        requestedAt, notAfter, outcomeIndex
                    FROM certificate WHERE certificate IS NOT NULL OR failure IS NOT NULL
                    ORDER BY requestedAt;

                    DROP TABLE certificate;
                    ALTER TABLE concluded RENAME TO certificate;
                    """)
        }
        migrator.registerMigration("6 audit reports, and when certificates were issued") { db in
            // The log has the time of certificates that were issued before.
            try db.execute(
                sql: """
                    ALTER TABLE certificate ADD COLUMN issuedAt REAL;

                    UPDATE certificate SET issuedAt = COALESCE(
                        (SELECT unixepoch(json_extract(CAST(body AS TEXT), '$.eventTime')) FROM event
                            WHERE position = outcomeIndex + 1), requestedAt)
                    WHERE certificate IS NOT NULL;

                    CREATE INDEX certificateByAuthority ON certificate
                        (certificateAuthority, issuedAt, serialNumber) WHERE issuedAt IS NOT NULL;

                    CREATE TABLE auditReport (
                        id TEXT PRIMARY KEY,
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        bucket TEXT NOT NULL,
                        key TEXT NOT NULL,
                        status TEXT NOT NULL,
                        createdAt REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE INDEX auditReportByAuthority ON auditReport (certificateAuthority, createdAt);

                    CREATE INDEX auditReportUnfinished ON auditReport (createdAt) WHERE status = 'CREATING';
                    """)
        }
        migrator.registerMigration("7 serial numbers that are filed together") { db in
            // Without an index on the random serial numbers; `SerialNumberIndex` replaces it.
            try db.execute(
                sql: """
                    CREATE TABLE concluded (
                        sequence INTEGER PRIMARY KEY,
                        serialNumber TEXT NOT NULL,
                        certificateAuthority TEXT NOT NULL REFERENCES certificateAuthority (id),
                        certificate BLOB,
                        failure TEXT,
                        templateARN TEXT NOT NULL,
                        requester TEXT NOT NULL,
                        requestedAt REAL NOT NULL,
                        notAfter REAL NOT NULL,
                        outcomeIndex INTEGER,
                        issuedAt REAL,
                        CHECK ((certificate IS NULL) <> (failure IS NULL))
                    ) STRICT;

                    INSERT INTO concluded (sequence, serialNumber, certificateAuthority, certificate, failure,
                        templateARN, requester, requestedAt, notAfter, outcomeIndex, issuedAt)
                    SELECT sequence, serialNumber, certificateAuthority, certificate, failure,
                        templateARN, requester, requestedAt, notAfter, outcomeIndex, issuedAt
                    FROM certificate ORDER BY sequence;

                    DROP TABLE certificate;
                    ALTER TABLE concluded RENAME TO certificate;

                    CREATE INDEX certificateByAuthority ON certificate
                        (certificateAuthority, issuedAt, serialNumber) WHERE issuedAt IS NOT NULL;

                    CREATE TABLE filedSerialNumber (
                        serialNumber TEXT PRIMARY KEY,
                        sequence INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE filing (
                        drawer INTEGER PRIMARY KEY,
                        through INTEGER NOT NULL
                    ) STRICT;

                    WITH RECURSIVE drawers (drawer) AS (
                        SELECT 0 UNION ALL SELECT drawer + 1 FROM drawers WHERE drawer < 255)
                    INSERT INTO filing (drawer, through) SELECT drawer, 0 FROM drawers;
                    """)
        }
        migrator.registerMigration("9 approvals by requester, and events by request") { db in
            try db.execute(
                sql: """
                    ALTER TABLE approval ADD COLUMN octets INTEGER NOT NULL DEFAULT 0;
                    UPDATE approval SET octets = length(body) + length(content);
                    CREATE INDEX approvalByRequester ON approval (status, requester, digest, octets);
                    CREATE INDEX approvalByExpiry ON approval (status, expiresAt);
                    DROP INDEX approvalByStatus;

                    -- Later events have an eventID that follows from their requestID. A request's own event goes
                    -- before others that name it, and of these the newest.
                    CREATE TABLE earlierRequest (
                        id TEXT PRIMARY KEY,
                        position INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    INSERT OR IGNORE INTO earlierRequest (id, position)
                    SELECT json_extract(CAST(body AS TEXT), '$.requestID'), position FROM event
                    WHERE json_extract(CAST(body AS TEXT), '$.requestID') IS NOT NULL ORDER BY position;

                    INSERT OR IGNORE INTO earlierRequest (id, position)
                    SELECT json_extract(CAST(body AS TEXT), '$.serviceEventDetails.requestID'), position FROM event
                    WHERE json_extract(CAST(body AS TEXT), '$.serviceEventDetails.requestID') IS NOT NULL
                    ORDER BY position DESC;
                    """)
        }
        migrator.registerMigration("10 approvals keep operations in a form of their own") { db in
            // Older rows have the X-Amz-Target and the body of the call. The members of the body are those of
            // version 1.
            try db.execute(
                sql: """
                    ALTER TABLE approval RENAME COLUMN target TO operation;
                    ALTER TABLE approval RENAME COLUMN body TO input;
                    ALTER TABLE approval ADD COLUMN inputVersion INTEGER NOT NULL DEFAULT 1;
                    UPDATE approval SET operation = substr(operation, instr(operation, '.') + 1);
                    """)
        }
        registerRevocation(&migrator)
        migrator.registerMigration("14 the partitions of the index of serial numbers") { db in
            try db.execute(
                sql: """
                    ALTER TABLE filing RENAME TO flushedPartition;
                    ALTER TABLE flushedPartition RENAME COLUMN drawer TO partition;
                    """)
        }
        return migrator
    }
}
