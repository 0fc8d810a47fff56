-- What stands before any room: who is signed in, and what a command must not do twice.
-- Rows of the server itself, of no collective, have the collective_id '-'.

CREATE TABLE keeping (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    mail TEXT NOT NULL,
    browser TEXT NOT NULL,
    began_day BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX session_by_mail ON session (mail);

CREATE TABLE sign_in (
    link_hash TEXT NOT NULL PRIMARY KEY,
    mail TEXT NOT NULL,
    browser_hash TEXT NOT NULL,
    next TEXT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX sign_in_by_end ON sign_in (ends_at);

CREATE TABLE rate (
    what TEXT NOT NULL,
    whom TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (what, whom)
);

CREATE TABLE erased (
    mail_hash TEXT NOT NULL PRIMARY KEY,
    day BIGINT NOT NULL
);

CREATE TABLE command (
    collective_id TEXT NOT NULL,
    form_key TEXT NOT NULL,
    next TEXT NOT NULL,
    done_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, form_key)
);

CREATE TABLE audit_key (
    collective_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    key_text TEXT NOT NULL,
    PRIMARY KEY (collective_id, person_id)
);

CREATE TABLE audit (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    day BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (collective_id, id)
);

CREATE TABLE mail (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id)
);
