-- migrate: lossy every row goes with its table
DROP TABLE posts, authors;
DROP TYPE state;
