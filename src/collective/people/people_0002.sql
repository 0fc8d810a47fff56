-- A calendar that asks says nothing but its secret.
CREATE INDEX person_by_calendar ON person (collective_id, calendar_hash);
