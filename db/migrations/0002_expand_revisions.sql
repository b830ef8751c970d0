-- What was written (revisions), exactly what would be sent (renditions), and what was said about it (comments).
-- Revisions and renditions are immutable, and the database hashes them itself.

CREATE TABLE revisions (
    content_id uuid NOT NULL REFERENCES content (id),
    number     integer NOT NULL CHECK (number >= 1),
    canonical  text NOT NULL,
    sha256     bytea NOT NULL,
    editor     uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (content_id, number)
);
COMMENT ON COLUMN revisions.canonical IS 'title, body, link, language and variants in one canonical JSON text';

CREATE TABLE renditions (
    content_id uuid NOT NULL,
    revision   integer NOT NULL,
    outlet     text NOT NULL,
    payload    text NOT NULL,
    sha256     bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (content_id, revision, outlet),
    FOREIGN KEY (content_id, revision) REFERENCES revisions (content_id, number)
);
COMMENT ON COLUMN renditions.payload IS 'the exact bytes, as UTF-8 text, that the outlet will get';
COMMENT ON COLUMN renditions.sha256 IS 'of the outlet''s name, a line feed, and the payload, in UTF-8: this is what people approve';

-- Everybody who ever handed a revision in; the content's own submitter is the last of them.
CREATE TABLE submissions (
    content_id uuid NOT NULL,
    revision   integer NOT NULL,
    submitter  uuid NOT NULL REFERENCES people (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (content_id, revision, submitter),
    FOREIGN KEY (content_id, revision) REFERENCES revisions (content_id, number)
);

CREATE TABLE comments (
    id         uuid PRIMARY KEY,
    content_id uuid NOT NULL,
    revision   integer NOT NULL,
    author     uuid NOT NULL REFERENCES people (id),
    body       text NOT NULL CHECK (body <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (content_id, revision) REFERENCES revisions (content_id, number)
);
CREATE INDEX comments_of_content ON comments (content_id, created_at, id);

CREATE FUNCTION revisions_hash() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    NEW.sha256 := sha256(convert_to(NEW.canonical, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER revisions_hash BEFORE INSERT ON revisions FOR EACH ROW EXECUTE FUNCTION revisions_hash();
CREATE TRIGGER revisions_immutable BEFORE UPDATE OR DELETE ON revisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER revisions_never_truncated BEFORE TRUNCATE ON revisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION renditions_hash() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    -- With the outlet's name, so that a yes for one outlet is never a yes for another that happens to get the same bytes.
    NEW.sha256 := sha256(convert_to(NEW.outlet || E'\n' || NEW.payload, 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER renditions_hash BEFORE INSERT ON renditions FOR EACH ROW EXECUTE FUNCTION renditions_hash();
CREATE TRIGGER renditions_immutable BEFORE UPDATE OR DELETE ON renditions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER renditions_never_truncated BEFORE TRUNCATE ON renditions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER submissions_immutable BEFORE UPDATE OR DELETE ON submissions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER submissions_never_truncated BEFORE TRUNCATE ON submissions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
