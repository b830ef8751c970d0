ALTER TABLE posts DROP CONSTRAINT posts_slug_key;
CREATE UNIQUE INDEX posts_slug_key ON posts (slug);
ALTER TABLE posts ALTER COLUMN slug DROP NOT NULL;
