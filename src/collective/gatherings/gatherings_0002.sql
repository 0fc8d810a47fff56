-- Names of gatherings that a change "from here on" took away. What was called `original` before the
-- change of that number is called `became` now, whatever changed since; NULL: nothing took its
-- place. A name that was given out before can so be followed.
CREATE TABLE gathering_renamed (
    collective_id TEXT NOT NULL,
    series_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    original BIGINT NOT NULL,
    became BIGINT,
    PRIMARY KEY (collective_id, series_id, number, original),
    FOREIGN KEY (collective_id, series_id) REFERENCES series (collective_id, id)
);
CREATE INDEX gathering_renamed_by_original
    ON gathering_renamed (collective_id, series_id, original, number);
-- A change asks for each name that lies ahead what leads to it.
CREATE INDEX gathering_renamed_by_became ON gathering_renamed (collective_id, series_id, became);
