ALTER TABLE members ADD COLUMN name text;
