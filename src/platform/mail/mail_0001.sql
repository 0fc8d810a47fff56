-- What becomes of mail, what people wish for, and addresses that do not take it. Mail that was there
-- before has no job: nobody sends it late.

ALTER TABLE mail ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE mail ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN good_until BIGINT;
ALTER TABLE mail ADD COLUMN ended_day BIGINT;
CREATE INDEX mail_by_message ON mail (message_id);

-- By a hash of the address: the links that end a stream hold it, and it is not to be read there.
CREATE TABLE mail_wish (
    collective_id TEXT NOT NULL,
    mail_hash TEXT NOT NULL,
    digest TEXT NOT NULL,
    reminders BIGINT NOT NULL,
    PRIMARY KEY (collective_id, mail_hash)
);

-- Of the server itself: where an address does not work, it does for no collective.
CREATE TABLE mail_refusal (
    collective_id TEXT NOT NULL,
    mail TEXT NOT NULL,
    times BIGINT NOT NULL,
    last_day BIGINT NOT NULL,
    paused_day BIGINT,
    PRIMARY KEY (collective_id, mail)
);
