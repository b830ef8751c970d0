-- One change a line; each may be tried at any moment.
CREATE TABLE fresh (id serial PRIMARY KEY, author int REFERENCES authors, stage stage)
CREATE TABLE IF NOT EXISTS same (LIKE books INCLUDING ALL)
CREATE TABLE heirs () INHERITS (books)
DROP TABLE books CASCADE
DROP TABLE authors CASCADE
DROP TABLE posts CASCADE
DROP TABLE parted
ALTER TABLE authors RENAME TO writers
ALTER TABLE books RENAME TO volumes
ALTER TABLE authors RENAME id TO number
ALTER TABLE authors RENAME name TO called
ALTER TABLE books RENAME title TO heading
ALTER TABLE parted RENAME TO divided
ALTER TABLE refs RENAME TO referring
ALTER TABLE authors ADD post bigint
ALTER TABLE authors ADD extra int DEFAULT 3
ALTER TABLE guarded DROP owner CASCADE
ALTER TABLE authors DROP name CASCADE
ALTER TABLE books ALTER author SET NOT NULL
ALTER TABLE authors ALTER stage DROP DEFAULT
ALTER TABLE books ALTER author_name TYPE varchar(20)
ALTER TABLE authors SET SCHEMA app
ALTER TABLE authors OWNER TO owner_of_tests
ALTER TABLE authors DISABLE TRIGGER ALL
ALTER TABLE authors ENABLE ROW LEVEL SECURITY
ALTER TABLE authors DROP CONSTRAINT authors_name_key CASCADE
ALTER TABLE books RENAME CONSTRAINT books_author_fkey TO of_author
ALTER TABLE books DROP CONSTRAINT books_author_fkey
ALTER TABLE books ALTER slug DROP EXPRESSION
ALTER TABLE books ADD CONSTRAINT fresh_check CHECK (id > 0) NOT VALID
ALTER TABLE books REPLICA IDENTITY FULL
ALTER TABLE books SET (fillfactor = 70)
ALTER TABLE books CLUSTER ON books_pkey
ALTER TABLE posts VALIDATE CONSTRAINT late
ALTER TABLE posts ALTER note SET STORAGE external
ALTER TABLE posts ALTER id DROP IDENTITY
ALTER TABLE posts ALTER id SET GENERATED ALWAYS SET INCREMENT 3
ALTER TABLE empty_table SET UNLOGGED
ALTER TABLE children NO INHERIT refs
ALTER TABLE refs ADD more text DEFAULT 'x'
ALTER TABLE parted ADD more int
ALTER TABLE parted DETACH PARTITION parted_raw
CREATE TABLE parted_done PARTITION OF parted FOR VALUES IN ('done')
ALTER INDEX books_slug RENAME TO slug_of_books
ALTER INDEX books_slug SET (fillfactor = 50)
ALTER INDEX authors_pkey RENAME TO key_of_authors
ALTER INDEX parted_id RENAME TO id_of_parted
DROP INDEX books_slug
DROP INDEX posts_note
CREATE INDEX more_books ON books (title)
CREATE UNIQUE INDEX one_note ON posts (note)
REINDEX TABLE books
ALTER TYPE stage RENAME TO phase
ALTER TYPE stage RENAME VALUE 'raw' TO 'rough'
ALTER TYPE stage ADD VALUE 'late'
ALTER TYPE stage SET SCHEMA app
ALTER TYPE stage OWNER TO owner_of_tests
ALTER TYPE mood RENAME TO humour
ALTER TYPE pair ADD ATTRIBUTE c int
ALTER TYPE pair RENAME TO couple
ALTER TYPE pair RENAME ATTRIBUTE a TO b1
ALTER TYPE holder DROP ATTRIBUTE shape
ALTER TABLE shapes RENAME TO forms
ALTER TYPE span RENAME TO stretch
ALTER TYPE own_text RENAME TO our_text
DROP TYPE stage CASCADE
DROP TYPE mood CASCADE
DROP TYPE pair
CREATE TYPE fresh_enum AS ENUM ('a')
CREATE TYPE fresh_pair AS (a stage)
ALTER TYPE stage RENAME TO tmp_type; ALTER TYPE mood RENAME TO stage; ALTER TYPE tmp_type RENAME TO mood
ALTER DOMAIN short RENAME TO brief
ALTER DOMAIN short DROP CONSTRAINT short_check
ALTER DOMAIN short RENAME CONSTRAINT short_check TO below_90
ALTER DOMAIN short ADD CHECK (VALUE <> 'x') NOT VALID
ALTER DOMAIN short SET DEFAULT 'x'
ALTER DOMAIN positive SET NOT NULL
DROP DOMAIN shorter
DROP DOMAIN short CASCADE
CREATE DOMAIN fresh_domain AS stage CHECK (VALUE <> 'raw')
ALTER COLLATION plain RENAME TO simple
DROP COLLATION plain CASCADE
ALTER FUNCTION slugged(text) RENAME TO slugify
ALTER FUNCTION slugged(text) RENAME TO tmp_f; ALTER FUNCTION sluggish(text) RENAME TO slugged; ALTER FUNCTION tmp_f(text) RENAME TO sluggish
ALTER FUNCTION slugged(text) SET SCHEMA app
ALTER FUNCTION slugged(text) OWNER TO owner_of_tests
ALTER FUNCTION slugged(text) COST 77
ALTER FUNCTION on_books() RENAME TO of_books
ALTER FUNCTION watch() RENAME TO guard
ALTER FUNCTION first_author() RENAME TO some_author
CREATE OR REPLACE FUNCTION slugged(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT t$$
CREATE OR REPLACE FUNCTION on_books() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'
CREATE FUNCTION fresh_function(s stage) RETURNS stage LANGUAGE sql AS 'SELECT $1'
DROP FUNCTION slugged(text) CASCADE
DROP FUNCTION on_books() CASCADE
DROP FUNCTION twice(int)
DROP AGGREGATE total(int)
DROP PROCEDURE nothing()
ALTER AGGREGATE total(int) RENAME TO summed
ALTER SCHEMA app RENAME TO application
ALTER SCHEMA public RENAME TO common
ALTER SCHEMA app RENAME TO tmp_s; ALTER SCHEMA ext RENAME TO app; ALTER SCHEMA tmp_s RENAME TO ext
ALTER SCHEMA app OWNER TO owner_of_tests
CREATE SCHEMA fresh_schema
DROP SCHEMA app CASCADE
DROP SCHEMA ext CASCADE
GRANT USAGE ON SCHEMA app TO reader_of_tests
GRANT CREATE ON SCHEMA public TO reader_of_tests
GRANT SELECT ON books TO reader_of_tests
GRANT UPDATE (title) ON books TO reader_of_tests
REVOKE SELECT (name) ON authors FROM reader_of_tests
REVOKE ALL ON posts FROM reader_of_tests
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_of_tests
GRANT EXECUTE ON FUNCTION twice(int) TO reader_of_tests
REVOKE EXECUTE ON FUNCTION slugged(text) FROM PUBLIC
GRANT USAGE ON TYPE pair TO reader_of_tests
REVOKE USAGE ON TYPE stage FROM PUBLIC
GRANT UPDATE ON SEQUENCE authors_id_seq TO reader_of_tests
ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM reader_of_tests
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader_of_tests
REASSIGN OWNED BY owner_of_tests TO reader_of_tests
DROP OWNED BY reader_of_tests
ALTER ROLE reader_of_tests RENAME TO renamed_reader
ALTER ROLE owner_of_tests RENAME TO renamed_owner
COMMENT ON TABLE posts IS NULL
COMMENT ON TABLE books IS 'Books.'
COMMENT ON COLUMN books.title IS 'Title.'
COMMENT ON TYPE stage IS 'Stage.'
COMMENT ON TYPE pair IS 'Pair.'
COMMENT ON FUNCTION slugged(text) IS 'Slugs.'
COMMENT ON SCHEMA app IS 'App.'
COMMENT ON INDEX books_slug IS 'Index.'
COMMENT ON CONSTRAINT late ON posts IS 'Late.'
COMMENT ON CONSTRAINT short_check ON DOMAIN short IS 'Short.'
COMMENT ON TRIGGER on_books ON books IS 'Trigger.'
COMMENT ON POLICY of_books ON books IS 'Policy.'
COMMENT ON RULE quiet ON guarded IS 'Rule.'
COMMENT ON EXTENSION pg_trgm IS 'Words.'
COMMENT ON EVENT TRIGGER watch IS 'Watch.'
COMMENT ON PUBLICATION news IS 'News.'
COMMENT ON STATISTICS related IS 'Related.'
COMMENT ON SEQUENCE counter IS 'Counter.'
COMMENT ON VIEW titles IS 'Titles.'
COMMENT ON COLLATION plain IS 'Plain.'
COMMENT ON DOMAIN short IS 'Short.'
COMMENT ON COLUMN pair.a IS 'A.'
COMMENT ON CAST (stage AS int) IS 'Cast.'
COMMENT ON SERVER far IS 'Far.'
CREATE OR REPLACE VIEW titles AS SELECT id, slug FROM posts WHERE id > 0
ALTER VIEW by_author RENAME TO of_authors
ALTER VIEW by_author RENAME name TO author
ALTER VIEW by_author SET (security_barrier)
ALTER VIEW by_author ALTER name SET DEFAULT 'x'
DROP VIEW by_author CASCADE
DROP VIEW titles
CREATE VIEW fresh_view AS SELECT * FROM over_view
REFRESH MATERIALIZED VIEW ready
REFRESH MATERIALIZED VIEW counted WITH NO DATA
DROP MATERIALIZED VIEW ready
ALTER MATERIALIZED VIEW ready RENAME TO prepared
CREATE TRIGGER again BEFORE INSERT ON books FOR EACH ROW EXECUTE FUNCTION touch()
ALTER TRIGGER on_books ON books RENAME TO at_books
ALTER TABLE books DISABLE TRIGGER on_books
DROP TRIGGER on_books ON books
ALTER POLICY of_books ON books RENAME TO the_books
ALTER POLICY own ON guarded TO PUBLIC
DROP POLICY own ON guarded
CREATE POLICY fresh_policy ON authors FOR UPDATE USING (true)
ALTER RULE quiet ON guarded RENAME TO silent
DROP RULE log_books ON books
CREATE RULE fresh_rule AS ON DELETE TO authors DO INSTEAD NOTHING
ALTER STATISTICS related RENAME TO relation
ALTER STATISTICS of_books SET STATISTICS 50
DROP STATISTICS related
CREATE STATISTICS fresh_statistics ON id, note FROM posts
ALTER PUBLICATION news ADD TABLE refs
ALTER PUBLICATION news DROP TABLE posts
ALTER PUBLICATION news SET (publish = 'insert')
ALTER PUBLICATION several RENAME TO few
DROP PUBLICATION several
ALTER EVENT TRIGGER watch DISABLE
ALTER EVENT TRIGGER watch RENAME TO guard
DROP EVENT TRIGGER watch
ALTER EXTENSION pg_trgm SET SCHEMA app
ALTER EXTENSION pg_trgm ADD TABLE empty_table
ALTER EXTENSION pg_trgm ADD FUNCTION twice(int)
ALTER EXTENSION pg_trgm ADD TYPE pair
ALTER EXTENSION pg_trgm DROP FUNCTION ext.similarity(text, text)
ALTER EXTENSION pg_trgm ADD DOMAIN positive
DROP EXTENSION pg_trgm
CREATE EXTENSION citext SCHEMA app
ALTER SERVER far RENAME TO near
ALTER FOREIGN TABLE distant ADD more text
ALTER FOREIGN TABLE distant OPTIONS (ADD a 'b')
DROP SERVER far CASCADE
ALTER OPERATOR === (int, int) OWNER TO owner_of_tests
DROP OPERATOR === (int, int)
CREATE CAST (mood AS int) WITH INOUT
DROP CAST (stage AS int)
ALTER SEQUENCE counter INCREMENT 5
ALTER SEQUENCE counter OWNED BY NONE
ALTER SEQUENCE counter RENAME TO numbers
ALTER SEQUENCE authors_id_seq OWNED BY books.id
ALTER SEQUENCE authors_id_seq RESTART
ALTER SEQUENCE authors_id_seq AS smallint
SELECT setval('authors_id_seq', 1, false)
SELECT setval('authors_id_seq', 900)
SELECT nextval('posts_id_seq')
DROP SEQUENCE authors_id_seq CASCADE
CREATE SEQUENCE fresh_sequence OWNED BY books.id
INSERT INTO posts (id) VALUES (500)
INSERT INTO authors (id, name) VALUES (77, 'C')
INSERT INTO authors (name) VALUES ('D')
UPDATE authors SET id = id + 50
DELETE FROM books
DELETE FROM posts
TRUNCATE posts CASCADE
TRUNCATE authors RESTART IDENTITY CASCADE
CREATE TEMP TABLE passing (id serial)
CREATE TEMP VIEW passing_view AS SELECT 1 AS one
ANALYZE books
LOCK TABLE books
DO $$ BEGIN EXECUTE 'ALTER TABLE refs ADD within int'; EXECUTE 'INSERT INTO posts (id) VALUES (900)'; END $$
DO $$ BEGIN BEGIN ALTER TABLE posts ADD undone int; RAISE 'x'; EXCEPTION WHEN OTHERS THEN ALTER TABLE posts ADD caught int; END; END $$
CREATE USER MAPPING FOR reader_of_tests SERVER far
DROP USER MAPPING FOR owner_of_tests SERVER far
