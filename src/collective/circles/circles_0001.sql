-- Circles, who has which part in them, who asks to join, and the links that hosts give away.

CREATE TABLE circle (
    collective_id TEXT NOT NULL REFERENCES collective (id),
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    issue TEXT NOT NULL,
    framework TEXT NOT NULL,
    way_quarter TEXT NOT NULL,
    way_evening TEXT NOT NULL,
    way_year TEXT NOT NULL,
    charter_purpose TEXT NOT NULL,
    charter_meeting TEXT NOT NULL,
    charter_treating TEXT NOT NULL,
    charter_hosting TEXT NOT NULL,
    charter_concern TEXT NOT NULL,
    charter_ending TEXT NOT NULL,
    joining TEXT NOT NULL,
    split_size BIGINT,
    state TEXT NOT NULL,
    began_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id),
    UNIQUE (collective_id, slug)
);

CREATE TABLE circle_part (
    collective_id TEXT NOT NULL,
    circle_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    part TEXT NOT NULL,
    resting BIGINT NOT NULL,
    ask_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, circle_id, person_id),
    FOREIGN KEY (collective_id, circle_id) REFERENCES circle (collective_id, id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id)
);
CREATE INDEX circle_part_by_person ON circle_part (collective_id, person_id);

-- A line goes once it is answered, whatever the answer was.
CREATE TABLE circle_request (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    circle_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    words TEXT NOT NULL,
    asked_day BIGINT NOT NULL,
    PRIMARY KEY (collective_id, id),
    UNIQUE (collective_id, circle_id, person_id),
    FOREIGN KEY (collective_id, circle_id) REFERENCES circle (collective_id, id),
    FOREIGN KEY (collective_id, person_id) REFERENCES person (collective_id, id)
);
CREATE INDEX circle_request_by_person ON circle_request (collective_id, person_id);

-- One a circle: another one takes its place. Of the secret there is the hash.
CREATE TABLE circle_invitation (
    collective_id TEXT NOT NULL,
    circle_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (collective_id, circle_id),
    UNIQUE (collective_id, secret_hash),
    FOREIGN KEY (collective_id, circle_id) REFERENCES circle (collective_id, id)
);
