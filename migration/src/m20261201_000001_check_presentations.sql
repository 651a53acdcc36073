-- A digest of the showing of a phone's code that a record holds; none for a printed code, which says
-- no time, and for what holds no code. It is not worked out for records from before: they have none,
-- so that of their showings nothing is told.
ALTER TABLE check_records ADD COLUMN presentation {bytes};

CREATE INDEX check_records_presentation ON check_records (presentation, device_id, record_id) WHERE presentation IS NOT NULL;

-- What stands beside a record is found by single rows, however many a phone sends under one sequence.
CREATE INDEX check_records_chain ON check_records (device_id, sequence, hash);

DROP INDEX check_records_device;
