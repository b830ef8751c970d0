CREATE FUNCTION posts_slug() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.slug := coalesce(NEW.slug, lower(replace(NEW.title, ' ', '-')));
  RETURN NEW;
END;
$body$;

CREATE TRIGGER posts_slug BEFORE INSERT OR UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION posts_slug();
