-- migrate: no-transaction
CREATE UNIQUE INDEX CONCURRENTLY posts_slug_key ON posts (slug);
