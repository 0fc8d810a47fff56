-- Series of gatherings, and what people add to each gathering. Walls are seconds since 1970 on the
-- clock of the rhythm's zone, whatever UTC says then; `original` names a gathering for ever.

CREATE TABLE series (
    collective_id TEXT NOT NULL REFERENCES collective (id),
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    circle_id TEXT,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    audience TEXT NOT NULL,
    agenda TEXT NOT NULL,
    lighter TEXT NOT NULL,
    place TEXT NOT NULL,
    link TEXT NOT NULL,
    link_for TEXT NOT NULL,
    access TEXT NOT NULL,
    seats BIGINT,
    turns TEXT NOT NULL,
    guests TEXT NOT NULL,
    calendar_mail TEXT NOT NULL,
    state TEXT NOT NULL,
    renew_day BIGINT NOT NULL,
    began_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id),
    UNIQUE (collective_id, slug),
    FOREIGN KEY (collective_id, circle_id) REFERENCES circle (collective_id, id)
);

-- When a series meets. A change from some day on ends one and begins the next.
CREATE TABLE rhythm (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    uid TEXT NOT NULL,
    zone TEXT NOT NULL,
    start_wall BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    rule TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    changed_day BIGINT NOT NULL,
    change_of_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, number),
    UNIQUE (collective_id, uid),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

CREATE TABLE series_host (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (collective_id, series_id, person_id),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id)
);
CREATE INDEX series_host_by_person ON series_host (collective_id, person_id);

-- A link that makes one person host. One a series: another one takes its place. Of the secret there
-- is the hash.
CREATE TABLE series_host_link (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id),
    UNIQUE (collective_id, secret_hash),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

-- Of a gathering there is a row once something about it differs from its series, or is written.
CREATE TABLE gathering (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    original BIGINT NOT NULL,
    moved_wall BIGINT,
    moved_minutes BIGINT,
    cancelled BIGINT NOT NULL,
    why TEXT NOT NULL,
    title TEXT NOT NULL,
    agenda TEXT NOT NULL,
    lighter BIGINT NOT NULL,
    paper_title TEXT NOT NULL,
    paper_link TEXT NOT NULL,
    notes TEXT NOT NULL,
    learned TEXT NOT NULL,
    decided TEXT NOT NULL,
    first_plot TEXT,
    recording_link TEXT NOT NULL,
    recording_until BIGINT,
    recording_refused BIGINT NOT NULL,
    held TEXT NOT NULL,
    closed_to_guests BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, original),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

CREATE TABLE picture (
    collective_id TEXT NOT NULL REFERENCES collective (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id)
);

-- The bytes of a picture as base64url, some at a time: what reads a thousand rows stays small.
CREATE TABLE picture_part (
    collective_id TEXT NOT NULL,
    picture_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    bytes TEXT NOT NULL,
    PRIMARY KEY (collective_id, picture_id, number),
    FOREIGN KEY (collective_id, picture_id) REFERENCES picture (collective_id, id)
);

-- What people write into the thread of a gathering: questions, ideas, plots, answers. `number` is
-- their order, since no hour is kept; `guest_hash` lets a guest find her own again.
CREATE TABLE addition (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    original BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    picture_id TEXT,
    picture_words TEXT NOT NULL,
    person_id TEXT,
    guest_name TEXT NOT NULL,
    guest_hash TEXT NOT NULL,
    answers TEXT,
    state TEXT NOT NULL,
    written_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id),
    FOREIGN KEY (collective_id, picture_id) REFERENCES picture (collective_id, id)
);
CREATE INDEX addition_by_gathering ON addition (collective_id, series_id, original);
CREATE INDEX addition_by_person ON addition (collective_id, person_id);
CREATE INDEX addition_by_picture ON addition (collective_id, picture_id);

-- Who plans to come. `who` is a person, or a hash that stands for a guest; seen by nobody else.
CREATE TABLE presence (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    original BIGINT NOT NULL,
    who TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (collective_id, series_id, original, who),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);
CREATE INDEX presence_by_who ON presence (collective_id, who);

CREATE TABLE turn (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    original BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person_id TEXT,
    confirmed BIGINT NOT NULL,
    asked_id TEXT,
    standby_id TEXT,
    PRIMARY KEY (collective_id, series_id, original, kind),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id),
    FOREIGN KEY (collective_id, asked_id) REFERENCES person (collective_id, id),
    FOREIGN KEY (collective_id, standby_id) REFERENCES person (collective_id, id)
);

CREATE INDEX turn_by_person ON turn (collective_id, person_id);

-- Whoever has the turn of `original` asks whoever has that of `other_original` to swap.
CREATE TABLE turn_swap (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    original BIGINT NOT NULL,
    other_original BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, kind, original),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

-- What the server has done for a gathering, so that it is not done twice.
CREATE TABLE gathering_step (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    original BIGINT NOT NULL,
    name TEXT NOT NULL,
    who TEXT NOT NULL,
    done_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, original, name, who),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

-- When people were last told that a gathering begins; another moment is to be told, a while after
-- it was first seen, so that what is undone at once is told to nobody.
CREATE TABLE gathering_told (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    original BIGINT NOT NULL,
    begins_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    differs_since BIGINT,
    PRIMARY KEY (collective_id, series_id, original),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

-- Who gets mail about a series, with or without an account. `state` is asked until the address has
-- said yes.
CREATE TABLE subscriber (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    mail_hash TEXT NOT NULL,
    mail TEXT NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    state TEXT NOT NULL,
    invited BIGINT NOT NULL,
    since_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, mail_hash),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);
CREATE INDEX subscriber_by_mail ON subscriber (collective_id, mail_hash);

-- Letters to the hosts of a circle or of a series. They go a while after they were answered.
CREATE TABLE letter_to_hosts (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    circle_id TEXT NOT NULL,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    words TEXT NOT NULL,
    answer TEXT NOT NULL,
    state TEXT NOT NULL,
    written_day BIGINT NOT NULL,
    closed_day BIGINT,
    PRIMARY KEY (collective_id, id),
    FOREIGN KEY (collective_id, circle_id) REFERENCES circle (collective_id, id)
);

-- What the calendar of an address was last told about a rhythm. `whole`: the SEQUENCE of the last
-- invitation to all of it; `sequence` may have come later, with one gathering. Who answers to the whole
-- answers to `whole`.
CREATE TABLE invited (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    mail_hash TEXT NOT NULL,
    number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id, mail_hash, number),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

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

-- What answers by mail are answers to: the part of an address behind "+".
CREATE TABLE answer_tag (
    collective_id TEXT NOT NULL REFERENCES collective (id),
    tag TEXT NOT NULL,
    about TEXT NOT NULL,
    original BIGINT NOT NULL,
    mail_hash TEXT NOT NULL,
    until_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, tag)
);
CREATE INDEX answer_tag_by_tag ON answer_tag (tag);

-- The last week for which somebody's weekly letter was written, or had nothing to say.
CREATE TABLE digest_done (
    collective_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    monday BIGINT NOT NULL,
    PRIMARY KEY (collective_id, person_id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id)
);

-- A calendar elsewhere that a series follows: its times come from there.
CREATE TABLE followed_calendar (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    url TEXT NOT NULL,
    uid TEXT NOT NULL,
    bytes_hash TEXT NOT NULL,
    etag TEXT NOT NULL,
    trouble TEXT NOT NULL,
    looked_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, series_id),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);

-- Rises with each change that a feed of the collective could show: what was made of an older
-- number is stale.
CREATE TABLE gathering_change (
    collective_id TEXT NOT NULL REFERENCES collective (id),
    number BIGINT NOT NULL,
    PRIMARY KEY (collective_id)
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
