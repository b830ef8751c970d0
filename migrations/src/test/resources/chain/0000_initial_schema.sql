-- What a small blog begins with.
CREATE TYPE state AS ENUM ('draft', 'published');

CREATE TABLE authors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE posts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author bigint NOT NULL REFERENCES authors,
  title text NOT NULL,
  state state NOT NULL DEFAULT 'draft'
);

INSERT INTO authors (name) VALUES ('ada'), ('grace');
INSERT INTO posts (author, title) SELECT 1 + n % 2, 'Post ' || n FROM generate_series(1, 50) n;
