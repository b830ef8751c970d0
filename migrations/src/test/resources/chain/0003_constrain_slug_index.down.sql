-- migrate: no-transaction
DROP INDEX CONCURRENTLY posts_slug_key;
