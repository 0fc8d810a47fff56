-- Collectives and the people of each. Of a person who was erased there remain the id and the day.

CREATE TABLE collective (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    zone TEXT NOT NULL,
    is_demo BIGINT NOT NULL,
    began_day BIGINT NOT NULL
);

CREATE TABLE person (
    collective_id TEXT NOT NULL REFERENCES collective (id),
    id TEXT NOT NULL,
    mail TEXT,
    name TEXT NOT NULL,
    said TEXT NOT NULL,
    own_words TEXT NOT NULL,
    how_i_work TEXT NOT NULL,
    languages TEXT NOT NULL,
    access_needs TEXT NOT NULL,
    shows_access BIGINT NOT NULL,
    here_for TEXT NOT NULL,
    here_for_words TEXT NOT NULL,
    zone TEXT NOT NULL,
    page_language TEXT NOT NULL,
    hours_free TEXT NOT NULL,
    hours_maybe TEXT NOT NULL,
    role TEXT NOT NULL,
    role_ask_day BIGINT NOT NULL,
    resting BIGINT NOT NULL,
    calendar_hash TEXT,
    joined_day BIGINT NOT NULL,
    erased BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id),
    UNIQUE (collective_id, mail)
);
