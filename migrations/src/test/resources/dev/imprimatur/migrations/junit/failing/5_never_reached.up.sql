ALTER TABLE members ADD COLUMN born date;
