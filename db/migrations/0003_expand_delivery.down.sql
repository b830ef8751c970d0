DROP TABLE idempotency_keys, feed_entries, installation, global_stop, attempts;
DROP INDEX publications_leased;
ALTER TABLE publications
    DROP COLUMN retry_at,
    DROP COLUMN lease_until,
    DROP COLUMN fence;
