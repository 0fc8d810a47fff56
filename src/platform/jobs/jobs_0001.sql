-- Work that is due. due_at is when it may begin; while a process is at it, when its lease ends; NULL
-- once it was given up. first_due stays: of what is taken together, the oldest is done first.

CREATE TABLE job (
    collective_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    first_due BIGINT NOT NULL,
    due_at BIGINT,
    holder TEXT NOT NULL,
    tries BIGINT NOT NULL,
    trouble TEXT NOT NULL,
    given_up_day BIGINT,
    PRIMARY KEY (collective_id, id)
);
CREATE INDEX job_by_due ON job (kind, due_at);
