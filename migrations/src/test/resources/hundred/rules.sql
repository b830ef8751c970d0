== expand loans_book
ALTER TABLE loans ADD COLUMN book_id int;
== down
ALTER TABLE loans DROP COLUMN book_id;
== backfill loans_book
UPDATE loans SET book_id = (SELECT min(books.id) FROM books WHERE books.id >= loans.book) WHERE book_id IS NULL;
== down
UPDATE loans SET book_id = NULL;
== constrain loans_book
ALTER TABLE loans ADD CONSTRAINT loans_book FOREIGN KEY (book_id) REFERENCES books ON DELETE SET NULL NOT VALID;
== down
ALTER TABLE loans DROP CONSTRAINT loans_book;
== constrain loans_book
ALTER TABLE loans VALIDATE CONSTRAINT loans_book;
== down
ALTER TABLE loans DROP CONSTRAINT loans_book;
ALTER TABLE loans ADD CONSTRAINT loans_book FOREIGN KEY (book_id) REFERENCES books ON DELETE SET NULL NOT VALID;
== expand loans_member
ALTER TABLE loans ADD COLUMN member_id bigint;
== down
ALTER TABLE loans DROP COLUMN member_id;
== backfill loans_member
UPDATE loans SET member_id = (SELECT min(members.id) FROM members WHERE members.id >= loans.member)
  WHERE member_id IS NULL;
== down
UPDATE loans SET member_id = NULL;
== constrain loans_member
ALTER TABLE loans ADD CONSTRAINT loans_member FOREIGN KEY (member_id) REFERENCES members
  DEFERRABLE INITIALLY DEFERRED;
== down
ALTER TABLE loans DROP CONSTRAINT loans_member;
== constrain loans_member
ALTER TABLE loans ALTER CONSTRAINT loans_member DEFERRABLE INITIALLY IMMEDIATE;
== down
ALTER TABLE loans ALTER CONSTRAINT loans_member DEFERRABLE INITIALLY DEFERRED;
== expand last_day
ALTER TABLE loans ADD COLUMN last_day date;
== down
ALTER TABLE loans DROP COLUMN last_day;
== backfill last_day
UPDATE loans SET last_day = greatest(due_on, lent) WHERE last_day IS NULL;
== down
UPDATE loans SET last_day = NULL;
== constrain last_day
ALTER TABLE loans ADD CONSTRAINT due_after_lent CHECK (last_day >= lent);
== down
ALTER TABLE loans DROP CONSTRAINT due_after_lent;
== expand rooms
CREATE TABLE lib.rooms (id int PRIMARY KEY, during daterange NOT NULL, floor int);
== down
DROP TABLE lib.rooms;
== expand room_code
ALTER TABLE lib.rooms ADD COLUMN code text;
== down
ALTER TABLE lib.rooms DROP COLUMN code;
== backfill room_code
UPDATE lib.rooms SET code = 'room ' || id WHERE code IS DISTINCT FROM 'room ' || id;
== down
UPDATE lib.rooms SET code = NULL;
== constrain room_code
ALTER TABLE lib.rooms ADD CONSTRAINT room_code UNIQUE (code) DEFERRABLE INITIALLY DEFERRED;
== down
ALTER TABLE lib.rooms DROP CONSTRAINT room_code;
== constrain room_during
ALTER TABLE lib.rooms ADD CONSTRAINT room_during EXCLUDE USING gist (during WITH &&, int4range(id, id, '[]') WITH &&);
== down
ALTER TABLE lib.rooms DROP CONSTRAINT room_during;
== expand seats
CREATE TABLE lib.seats (id int PRIMARY KEY, row_number int, seat int, UNIQUE NULLS NOT DISTINCT (row_number, seat));
== down
DROP TABLE lib.seats;
== expand seats_room
ALTER TABLE lib.seats ADD COLUMN room int, ADD COLUMN twin_row int, ADD COLUMN twin_seat int;
== down
ALTER TABLE lib.seats DROP COLUMN room, DROP COLUMN twin_row, DROP COLUMN twin_seat;
== backfill seats_room
UPDATE lib.seats SET room = (SELECT min(id) FROM lib.rooms) WHERE room IS NULL;
== down
UPDATE lib.seats SET room = NULL;
== constrain seats_room
ALTER TABLE lib.seats ADD CONSTRAINT seats_room FOREIGN KEY (room) REFERENCES lib.rooms MATCH FULL;
== down
ALTER TABLE lib.seats DROP CONSTRAINT seats_room;
== constrain seats_twin
ALTER TABLE lib.seats ADD CONSTRAINT seats_twin CHECK (num_nonnulls(twin_row, twin_seat) IN (0, 2));
== down
ALTER TABLE lib.seats DROP CONSTRAINT seats_twin;
== expand title_index
CREATE INDEX books_title ON books (lower(title)) INCLUDE (pages) WHERE pages > 0;
== down
DROP INDEX books_title;
== expand price_index | no-transaction
CREATE INDEX CONCURRENTLY books_price ON books (price DESC NULLS LAST);
== down | no-transaction
DROP INDEX CONCURRENTLY books_price;
== contract price_index_gone | no-transaction
DROP INDEX CONCURRENTLY books_price;
== down | no-transaction
CREATE INDEX CONCURRENTLY books_price ON books (price DESC NULLS LAST);
== expand visits_index
CREATE INDEX visits_branch ON lib.visits (branch);
== down
DROP INDEX lib.visits_branch;
== expand what_index
CREATE INDEX events_what ON lib.events USING gin (what);
== down
DROP INDEX lib.events_what;
== expand cluster
ALTER TABLE books CLUSTER ON books_pkey;
== down
ALTER TABLE books SET WITHOUT CLUSTER;
== expand ticket_numbers
CREATE SEQUENCE lib.tickets AS int INCREMENT BY 5 MINVALUE 10 MAXVALUE 100000 CACHE 3 CYCLE;
== down
DROP SEQUENCE lib.tickets;
== constrain ticket_limits
ALTER SEQUENCE lib.tickets MAXVALUE 90000 NO CYCLE;
== down
ALTER SEQUENCE lib.tickets MAXVALUE 100000 CYCLE;
== expand ticket_column
ALTER TABLE loans ADD COLUMN ticket int DEFAULT nextval('lib.tickets');
== down
ALTER TABLE loans DROP COLUMN ticket;
== expand ticket_owner
CREATE SEQUENCE public.slips;
ALTER TABLE loans ADD COLUMN slip bigint DEFAULT nextval('public.slips');
ALTER SEQUENCE public.slips OWNED BY loans.slip;
== down
ALTER TABLE loans DROP COLUMN slip;
== expand loan_policy
CREATE POLICY own_loans ON loans FOR SELECT TO PUBLIC USING (member IS NOT NULL);
== down
DROP POLICY own_loans ON loans;
== constrain loan_security
ALTER TABLE loans ENABLE ROW LEVEL SECURITY;
== down
ALTER TABLE loans DISABLE ROW LEVEL SECURITY;
== constrain loan_forced
ALTER TABLE loans FORCE ROW LEVEL SECURITY;
== down
ALTER TABLE loans NO FORCE ROW LEVEL SECURITY;
== constrain loan_restrictive
CREATE POLICY never_before ON loans AS RESTRICTIVE FOR INSERT TO pg_monitor WITH CHECK (lent > '2000-01-01');
== down
DROP POLICY never_before ON loans;
== constrain policy_changed
ALTER POLICY own_loans ON loans USING (member > 0);
== down
ALTER POLICY own_loans ON loans USING (member IS NOT NULL);
== expand grants
GRANT SELECT, INSERT (title) ON books TO pg_monitor;
GRANT USAGE ON SCHEMA lib TO pg_monitor WITH GRANT OPTION;
== down
REVOKE SELECT, INSERT (title) ON books FROM pg_monitor;
REVOKE USAGE ON SCHEMA lib FROM pg_monitor;
== contract grants_fewer
REVOKE SELECT ON books FROM pg_monitor;
== down
GRANT SELECT ON books TO pg_monitor;
== expand default_grants
ALTER DEFAULT PRIVILEGES IN SCHEMA lib GRANT SELECT ON TABLES TO pg_monitor;
== down
ALTER DEFAULT PRIVILEGES IN SCHEMA lib REVOKE SELECT ON TABLES FROM pg_monitor;
== expand after_default_grants
CREATE TABLE lib.granted (id int PRIMARY KEY);
== down
DROP TABLE lib.granted;
