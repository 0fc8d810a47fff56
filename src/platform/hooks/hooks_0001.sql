-- Hooks: places elsewhere to which a collective posts, and what each is to get. Addresses and keys
-- are secrets that have to be sent, so they stand here as they are.

CREATE TABLE hook (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    place TEXT NOT NULL,
    topic TEXT NOT NULL,
    bot TEXT NOT NULL,
    key_text TEXT NOT NULL,
    circle_id TEXT,
    hears_all BIGINT NOT NULL,
    paused BIGINT NOT NULL,
    trouble TEXT NOT NULL,
    trouble_day BIGINT,
    posted_day BIGINT,
    failures BIGINT NOT NULL,
    quiet_until BIGINT,
    PRIMARY KEY (collective_id, id)
);

-- A message on its way to one hook. When it has ended no words are left, and of its moment the day.
-- The row stays as long as its hook: what has one key is posted once.
CREATE TABLE hook_delivery (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    hook_id TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    circle_id TEXT,
    is_public BIGINT NOT NULL,
    is_test BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    links TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    good_until BIGINT,
    state TEXT NOT NULL,
    PRIMARY KEY (collective_id, id),
    UNIQUE (collective_id, hook_id, key_hash),
    FOREIGN KEY (collective_id, hook_id) REFERENCES hook (collective_id, id)
);
