-- Objects whose descriptions name others: what a change elsewhere can change.
CREATE TYPE stage AS ENUM ('raw', 'done');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 90);
CREATE DOMAIN shorter AS short;
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE FUNCTION slugged(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT lower(t)$$;
CREATE FUNCTION sluggish(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT upper(t)$$;
CREATE TABLE authors (id serial PRIMARY KEY, name short, stage stage DEFAULT 'raw', sorted text COLLATE plain, UNIQUE (name));
CREATE TABLE books (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author int REFERENCES authors (id) ON UPDATE CASCADE,
  author_name text REFERENCES authors (name),
  title text DEFAULT slugged('None'),
  slug text GENERATED ALWAYS AS (sluggish(title)) STORED,
  stage stage CHECK (stage <> 'done' OR true),
  CHECK (slugged(title) <> ''));
CREATE INDEX books_slug ON books (slugged(title)) WHERE stage = 'raw';
CREATE VIEW by_author AS SELECT a.name, b.title, b.stage FROM authors a JOIN books b ON b.author = a.id WHERE b.stage = 'raw';
CREATE VIEW over_view AS SELECT name, slugged(title) AS s FROM by_author;
CREATE VIEW joined AS SELECT * FROM authors JOIN refs USING (id);
CREATE FUNCTION first_author() RETURNS authors LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM authors LIMIT 1; END;
CREATE VIEW from_function AS SELECT f.name FROM first_author() f;
CREATE FUNCTION defaulted(s stage DEFAULT 'raw', t text DEFAULT slugged('A')) RETURNS SETOF books LANGUAGE sql AS 'SELECT * FROM books';
CREATE FUNCTION on_books() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_books BEFORE UPDATE ON books FOR EACH ROW WHEN (slugged(NEW.title) <> '' AND NEW.stage = 'done') EXECUTE FUNCTION on_books();
CREATE POLICY of_books ON books USING (slugged(title) <> '');
CREATE TABLE app.log (what text);
CREATE RULE log_books AS ON INSERT TO books DO ALSO INSERT INTO app.log VALUES (NEW.title);
CREATE TABLE parted (id int, stage stage) PARTITION BY LIST (stage);
CREATE TABLE parted_raw PARTITION OF parted FOR VALUES IN ('raw');
CREATE INDEX parted_id ON parted (id);
CREATE STATISTICS of_books ON (slugged(title)), stage FROM books;
CREATE PUBLICATION several FOR TABLE books WHERE (id > 3), TABLES IN SCHEMA app;
CREATE AGGREGATE joined_text(text) (SFUNC = textcat, STYPE = text);
CREATE FUNCTION staged(stage) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (stage AS int) WITH FUNCTION staged(stage);
CREATE MATERIALIZED VIEW ready AS SELECT id, slugged(title) AS s FROM books;
CREATE TABLE shapes (id int);
CREATE TABLE held (whole shapes, more shapes[]);
CREATE TYPE holder AS (of_stage stage, shape shapes);
GRANT SELECT (name) ON authors TO reader_of_tests;
GRANT USAGE ON TYPE stage TO reader_of_tests;
GRANT USAGE ON SEQUENCE authors_id_seq TO reader_of_tests;
INSERT INTO authors (name) VALUES ('A'), ('B');
INSERT INTO books (author, title) VALUES (1, 'X');
CREATE USER MAPPING FOR owner_of_tests SERVER far;
