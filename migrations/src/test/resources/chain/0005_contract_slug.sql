DROP TRIGGER posts_slug ON posts;
DROP FUNCTION posts_slug();
