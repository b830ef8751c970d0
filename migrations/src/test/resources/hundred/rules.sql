== backfill loans_book
UPDATE loans SET book = NULL WHERE NOT EXISTS (SELECT FROM books WHERE books.id = loans.book);
== down
-- What it emptied meant no book.
== constrain loans_book
ALTER TABLE loans ADD CONSTRAINT loans_book FOREIGN KEY (book) REFERENCES books ON DELETE SET NULL NOT VALID;
== down
ALTER TABLE loans DROP CONSTRAINT loans_book;
== constrain loans_book_valid
ALTER TABLE loans VALIDATE CONSTRAINT loans_book;
== down
ALTER TABLE loans DROP CONSTRAINT loans_book;
ALTER TABLE loans ADD CONSTRAINT loans_book FOREIGN KEY (book) REFERENCES books ON DELETE SET NULL NOT VALID;
== backfill loans_member
UPDATE loans SET member = NULL WHERE NOT EXISTS (SELECT FROM members WHERE members.id = loans.member);
== down
-- What it emptied meant no member.
== constrain loans_member
ALTER TABLE loans ADD CONSTRAINT loans_member FOREIGN KEY (member) REFERENCES members DEFERRABLE INITIALLY DEFERRED;
== down
ALTER TABLE loans DROP CONSTRAINT loans_member;
== constrain loans_member_now
ALTER TABLE loans ALTER CONSTRAINT loans_member DEFERRABLE INITIALLY IMMEDIATE;
== down
ALTER TABLE loans ALTER CONSTRAINT loans_member DEFERRABLE INITIALLY DEFERRED;
== backfill due
UPDATE loans SET due_on = lent + 28 WHERE due_on IS NULL OR due_on < lent;
== down
-- Old code may read a date that it did not write.
== constrain due_after_lent
ALTER TABLE loans ADD CONSTRAINT due_after_lent CHECK (due_on >= lent);
== down
ALTER TABLE loans DROP CONSTRAINT due_after_lent;
== expand rooms
CREATE TABLE lib.rooms (id int PRIMARY KEY, code text NOT NULL, during daterange NOT NULL, floor int);
== down
DROP TABLE lib.rooms;
== backfill rooms
UPDATE lib.rooms SET code = 'room ' || id WHERE code <> 'room ' || id;
== down
-- Every room had a code before, and has one now.
== constrain room_code
ALTER TABLE lib.rooms ADD CONSTRAINT room_code UNIQUE (code) DEFERRABLE INITIALLY DEFERRED;
== down
ALTER TABLE lib.rooms DROP CONSTRAINT room_code;
== constrain room_during
ALTER TABLE lib.rooms ADD CONSTRAINT room_during EXCLUDE USING gist (during WITH &&, int4range(id, id, '[]') WITH &&);
== down
ALTER TABLE lib.rooms DROP CONSTRAINT room_during;
== expand seats
CREATE TABLE lib.seats (id int PRIMARY KEY, room int, row_number int, seat int, twin_row int, twin_seat int,
  UNIQUE NULLS NOT DISTINCT (room, row_number, seat));
== down
DROP TABLE lib.seats;
== backfill seats
UPDATE lib.seats SET twin_row = NULL, twin_seat = NULL, room = NULL, row_number = id;
== down
-- Nothing is known of how the seats were paired.
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
