-- A row while this database is half of a move: it may be gone on with, and nothing else.
-- Who was erased is known by the row that remains of a person; hashes of addresses are not needed.

DROP TABLE erased;

CREATE TABLE moving (
    source TEXT NOT NULL PRIMARY KEY,
    began_day BIGINT NOT NULL
);
