-- migrate: lossy the answers of the last day are forgotten, and asking for them again has a second effect
DELETE FROM idempotency_keys WHERE subject_id IS NULL;
ALTER TABLE idempotency_keys
    ALTER COLUMN subject_id SET NOT NULL,
    DROP COLUMN body,
    DROP COLUMN etag,
    DROP COLUMN location,
    DROP COLUMN status;
