-- What was answered under an idempotency key, so that asking again gives the same bytes. Creating content needs none of
-- it: its first answer follows from the revision and the hour of the key.

ALTER TABLE idempotency_keys
    ADD COLUMN status   smallint,
    ADD COLUMN location text,
    ADD COLUMN etag     text,
    ADD COLUMN body     text,
    ALTER COLUMN subject_id DROP NOT NULL;
COMMENT ON COLUMN idempotency_keys.status IS 'null where the answer follows from subject_id, which is null where it is kept';
