-- Invitations for calendars, answers that come back by mail, and mail about one thing that can be
-- ended by itself.

ALTER TABLE mail ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN answer_tag TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN calendar_method TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN calendar TEXT NOT NULL DEFAULT '';

-- Who wants no more mail about one thing, by a hash of the address.
CREATE TABLE mail_end (
    collective_id TEXT NOT NULL,
    mail_hash TEXT NOT NULL,
    topic TEXT NOT NULL,
    PRIMARY KEY (collective_id, mail_hash, topic)
);
