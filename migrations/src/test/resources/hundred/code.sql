== expand mood
CREATE TYPE lib.mood AS ENUM ('sad', 'glad');
ALTER TABLE members ADD COLUMN mood lib.mood;
== down
ALTER TABLE members DROP COLUMN mood;
DROP TYPE lib.mood;
== expand mood_calm
ALTER TYPE lib.mood ADD VALUE 'calm' BEFORE 'glad';
== down | lossy who was calm is glad
ALTER TYPE lib.mood RENAME TO mood_with_calm;
CREATE TYPE lib.mood AS ENUM ('sad', 'glad');
ALTER TABLE members ALTER COLUMN mood TYPE lib.mood
  USING (CASE mood::text WHEN 'calm' THEN 'glad' ELSE mood::text END)::lib.mood;
DROP TYPE lib.mood_with_calm;
== contract mood_renamed
ALTER TYPE lib.mood RENAME VALUE 'glad' TO 'happy';
== down
ALTER TYPE lib.mood RENAME VALUE 'happy' TO 'glad';
== expand percent
CREATE DOMAIN lib.percent AS int CHECK (VALUE BETWEEN 0 AND 100);
ALTER TABLE books ADD COLUMN read lib.percent;
== down
ALTER TABLE books DROP COLUMN read;
DROP DOMAIN lib.percent;
== constrain percent_sure
ALTER DOMAIN lib.percent ADD CONSTRAINT not_101 CHECK (VALUE <> 101) NOT VALID;
== down
ALTER DOMAIN lib.percent DROP CONSTRAINT not_101;
== constrain percent_sure
ALTER DOMAIN lib.percent VALIDATE CONSTRAINT not_101;
== down
ALTER DOMAIN lib.percent DROP CONSTRAINT not_101;
ALTER DOMAIN lib.percent ADD CONSTRAINT not_101 CHECK (VALUE <> 101) NOT VALID;
== expand percent_default
ALTER DOMAIN lib.percent SET DEFAULT 0;
== down
ALTER DOMAIN lib.percent DROP DEFAULT;
== expand place
CREATE TYPE lib.place AS (shelf int, position text);
ALTER TABLE books ADD COLUMN place lib.place;
== down
ALTER TABLE books DROP COLUMN place;
DROP TYPE lib.place;
== expand spot
CREATE TYPE lib.spot AS (x int, y int);
== down
DROP TYPE lib.spot;
== expand timespan
CREATE TYPE lib.timespan AS RANGE (subtype = time, multirange_type_name = lib.timespans);
ALTER TABLE branches ADD COLUMN open lib.timespan;
== down
ALTER TABLE branches DROP COLUMN open;
DROP TYPE lib.timespan;
== expand names
CREATE VIEW lib.names AS SELECT id, name FROM members;
== down
DROP VIEW lib.names;
== expand names_checked
CREATE OR REPLACE VIEW lib.names WITH (security_barrier = true) AS SELECT id, name, nick FROM members;
== down
DROP VIEW lib.names;
CREATE VIEW lib.names AS SELECT id, name FROM members;
== expand busy
CREATE MATERIALIZED VIEW lib.busy AS SELECT branch, count(*) AS days FROM lib.visits GROUP BY branch;
== down
DROP MATERIALIZED VIEW lib.busy;
== expand busy_index
CREATE INDEX busy_branch ON lib.busy (branch);
== down
DROP INDEX lib.busy_branch;
== contract busy_emptied
REFRESH MATERIALIZED VIEW lib.busy WITH NO DATA;
== down
REFRESH MATERIALIZED VIEW lib.busy;
== expand twice
CREATE FUNCTION lib.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 RETURN n * 2;
== down
DROP FUNCTION lib.twice(int);
== expand twice_better
CREATE OR REPLACE FUNCTION lib.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 RETURN n + n;
== down
CREATE OR REPLACE FUNCTION lib.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 RETURN n * 2;
== constrain twice_definer
ALTER FUNCTION lib.twice(int) SECURITY DEFINER SET work_mem = '8MB';
== down
ALTER FUNCTION lib.twice(int) SECURITY INVOKER RESET work_mem;
== expand tidy
CREATE PROCEDURE lib.tidy(older_than date) LANGUAGE plpgsql AS $tidy$
BEGIN
  DELETE FROM loans WHERE lent < older_than;
END;
$tidy$;
== down
DROP PROCEDURE lib.tidy(date);
== expand product
CREATE AGGREGATE lib.product(int) (SFUNC = int4mul, STYPE = int, INITCOND = '1');
== down
DROP AGGREGATE lib.product(int);
== expand trim_name
CREATE FUNCTION lib.trim_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.name := btrim(NEW.name);
  RETURN NEW;
END;
$$;
CREATE TRIGGER trim_name BEFORE INSERT OR UPDATE OF name ON members FOR EACH ROW
  WHEN (NEW.name IS NOT NULL) EXECUTE FUNCTION lib.trim_name();
== down
DROP TRIGGER trim_name ON members;
DROP FUNCTION lib.trim_name();
== contract trim_name_off
ALTER TABLE members DISABLE TRIGGER trim_name;
== down
ALTER TABLE members ENABLE TRIGGER trim_name;
== expand trim_name_always
ALTER TABLE members ENABLE ALWAYS TRIGGER trim_name;
== down
ALTER TABLE members DISABLE TRIGGER trim_name;
== constrain count_changes
CREATE FUNCTION lib.after_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON books DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION lib.after_change();
CREATE TRIGGER all_rows AFTER DELETE ON books REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION lib.after_change();
== down
DROP TRIGGER all_rows ON books;
DROP TRIGGER late ON books;
DROP FUNCTION lib.after_change();
== constrain keep_branches
CREATE RULE keep_branches AS ON DELETE TO branches DO INSTEAD NOTHING;
== down
DROP RULE keep_branches ON branches;
== contract keep_branches_off
ALTER TABLE branches DISABLE RULE keep_branches;
== down
ALTER TABLE branches ENABLE RULE keep_branches;
== expand comments
COMMENT ON TABLE books IS 'What is lent';
COMMENT ON COLUMN books.title IS 'As on its cover; it''s not unique';
COMMENT ON SCHEMA lib IS 'Behind the desk';
COMMENT ON FUNCTION lib.twice(int) IS 'n and n';
COMMENT ON TYPE lib.mood IS 'As told';
COMMENT ON CONSTRAINT due_after_lent ON loans IS 'Nobody brings back before';
COMMENT ON INDEX books_title IS 'For the search';
== down
COMMENT ON TABLE books IS NULL;
COMMENT ON COLUMN books.title IS NULL;
COMMENT ON SCHEMA lib IS NULL;
COMMENT ON FUNCTION lib.twice(int) IS NULL;
COMMENT ON TYPE lib.mood IS NULL;
COMMENT ON CONSTRAINT due_after_lent ON loans IS NULL;
COMMENT ON INDEX books_title IS NULL;
== expand citext
CREATE EXTENSION citext;
ALTER TABLE members ADD COLUMN handle citext;
== down
ALTER TABLE members DROP COLUMN handle;
DROP EXTENSION citext;
== expand trigrams
CREATE EXTENSION pg_trgm SCHEMA lib;
CREATE INDEX members_name ON members USING gin (name lib.gin_trgm_ops);
== down
DROP INDEX members_name;
DROP EXTENSION pg_trgm;
== expand publication
CREATE PUBLICATION catalogue FOR TABLE books (id, title) WHERE (id > 0) WITH (publish = 'insert, update');
== down
DROP PUBLICATION catalogue;
== expand publication_more
ALTER PUBLICATION catalogue ADD TABLE branches;
== down
ALTER PUBLICATION catalogue DROP TABLE branches;
== expand statistics
CREATE STATISTICS lib.books_related (dependencies, mcv) ON title, pages FROM books;
== down
DROP STATISTICS lib.books_related;
== expand statistics_target
ALTER STATISTICS lib.books_related SET STATISTICS 300;
== down
ALTER STATISTICS lib.books_related SET STATISTICS -1;
== expand watch_ddl
CREATE FUNCTION lib.seen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE VIEW', 'DROP VIEW') EXECUTE FUNCTION lib.seen();
== down
DROP EVENT TRIGGER watch;
DROP FUNCTION lib.seen();
== contract watch_off
ALTER EVENT TRIGGER watch DISABLE;
== down
ALTER EVENT TRIGGER watch ENABLE;
== expand digits
CREATE TABLE lib.codes (code text PRIMARY KEY, sparse bigint UNIQUE NOT NULL);
== down
DROP TABLE lib.codes;
== expand digits
ALTER TABLE lib.codes ADD COLUMN done boolean;
== down
ALTER TABLE lib.codes DROP COLUMN done;
== backfill digits
INSERT INTO lib.codes (code, sparse) SELECT 'code ' || n, n * n * n * 1000003::bigint FROM generate_series(1, 30) n
  ON CONFLICT DO NOTHING;
== down
DELETE FROM lib.codes WHERE code IN (SELECT 'code ' || n FROM generate_series(1, 30) n);
== backfill digits | batch lib.codes by sparse size 7
UPDATE lib.codes SET done = true WHERE sparse BETWEEN :first AND :last AND done IS DISTINCT FROM true;
== down
UPDATE lib.codes SET done = NULL;
== constrain digits
ALTER TABLE lib.codes ALTER COLUMN done SET NOT NULL;
== down
ALTER TABLE lib.codes ALTER COLUMN done DROP NOT NULL;
== contract names_view
DROP VIEW lib.names;
== down
CREATE VIEW lib.names WITH (security_barrier = true) AS SELECT id, name, nick FROM members;
== contract spot_type
DROP TYPE lib.spot;
== down
CREATE TYPE lib.spot AS (x int, y int);
== contract tidy_procedure
DROP PROCEDURE lib.tidy(date);
== down
CREATE PROCEDURE lib.tidy(older_than date) LANGUAGE plpgsql AS $tidy$
BEGIN
  DELETE FROM loans WHERE lent < older_than;
END;
$tidy$;
== expand isbn
CREATE TYPE lib.isbn;
CREATE FUNCTION lib.isbn_in(cstring) RETURNS lib.isbn LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION lib.isbn_out(lib.isbn) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE lib.isbn (INPUT = lib.isbn_in, OUTPUT = lib.isbn_out, LIKE = text);
ALTER TABLE books ADD COLUMN isbn lib.isbn;
== down
ALTER TABLE books DROP COLUMN isbn;
DROP TYPE lib.isbn CASCADE;
== expand partner
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER partner FOREIGN DATA WRAPPER elsewhere OPTIONS (host 'partner.example');
CREATE USER MAPPING FOR PUBLIC SERVER partner OPTIONS (name 'reader');
CREATE FOREIGN TABLE lib.partner_books (id int NOT NULL, title text OPTIONS (field 'name')) SERVER partner;
== down
DROP FOREIGN TABLE lib.partner_books;
DROP USER MAPPING FOR PUBLIC SERVER partner;
DROP SERVER partner;
DROP FOREIGN DATA WRAPPER elsewhere;
== expand partner_pages
ALTER FOREIGN TABLE lib.partner_books ADD COLUMN pages int;
== down
ALTER FOREIGN TABLE lib.partner_books DROP COLUMN pages;
== expand room_plan
ALTER TABLE lib.rooms ADD COLUMN plan oid;
== down
ALTER TABLE lib.rooms DROP COLUMN plan;
== backfill room_plan
SELECT lo_from_bytea(4711, 'blank') WHERE NOT EXISTS (SELECT FROM pg_largeobject_metadata WHERE oid = 4711);
UPDATE lib.rooms SET plan = 4711 WHERE plan IS NULL;
== down
UPDATE lib.rooms SET plan = NULL;
SELECT lo_unlink(4711);
