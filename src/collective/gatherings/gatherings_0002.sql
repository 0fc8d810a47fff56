-- `whole`: the SEQUENCE of the last invitation to the whole rhythm. `sequence` may have come later,
-- with one gathering; who answers to the whole answers to `whole`.
ALTER TABLE invited ADD COLUMN whole BIGINT NOT NULL DEFAULT 0;
UPDATE invited SET whole = sequence;

-- One gathering and the calendar of one address: the SEQUENCE that it was sent by itself, and the
-- SEQUENCE and DTSTAMP of the answer that counts, so that of two that overtake each other the newer
-- one does. Shown to nobody; goes some days after the gathering.
CREATE TABLE invited_one (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    mail_hash TEXT NOT NULL,
    number BIGINT NOT NULL,
    original BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    answered_sequence BIGINT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, mail_hash, number, original),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

-- Of which words that wait a host was told by mail, and on which day.
CREATE TABLE waiting_told (
    collective_id TEXT NOT NULL,
    addition_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    told_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, addition_id, person_id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id)
);
CREATE INDEX waiting_told_by_person ON waiting_told (collective_id, person_id);
