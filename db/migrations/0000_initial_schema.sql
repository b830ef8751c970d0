-- The seven first tables. Everything else the product needs arrives by later migrations.
-- Persons are uuids here; the table of people arrives with 0001, the text of content (immutable revisions) with 0002.

CREATE TABLE content (
    id          uuid PRIMARY KEY,
    state       text NOT NULL DEFAULT 'draft'
                CHECK (state IN ('draft', 'in_review', 'approved', 'changes_requested')),
    revision    integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
    outlets     text[] NOT NULL,
    due_at      timestamptz,
    due_local   timestamp,
    due_zone    text,
    author      uuid NOT NULL,
    submitter   uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT content_due_is_whole CHECK (num_nulls(due_at, due_local, due_zone) IN (0, 3)),
    CONSTRAINT content_review_has_submitter CHECK (state = 'draft' OR submitter IS NOT NULL)
);
CREATE INDEX content_newest ON content (created_at DESC, id DESC);

CREATE TABLE approvals (
    id                uuid PRIMARY KEY,
    content_id        uuid NOT NULL REFERENCES content (id),
    revision          integer NOT NULL,
    decision          text NOT NULL CHECK (decision IN ('approved', 'changes_requested')),
    approver          uuid NOT NULL,
    rendition_sha256s bytea[] NOT NULL,
    not_before        timestamptz NOT NULL,
    not_after         timestamptz NOT NULL,
    comment           text,
    decided_at        timestamptz NOT NULL DEFAULT now(),
    withdrawn_at      timestamptz,
    withdrawn_by      uuid,
    CONSTRAINT approvals_window CHECK (not_before < not_after),
    CONSTRAINT approvals_names_bytes CHECK (decision = 'changes_requested' OR cardinality(rendition_sha256s) > 0),
    CONSTRAINT approvals_withdrawal_is_whole CHECK (num_nulls(withdrawn_at, withdrawn_by) IN (0, 2))
);
CREATE INDEX approvals_of_content ON approvals (content_id, decided_at);
-- One yes a person and revision, until it is taken back.
CREATE UNIQUE INDEX approvals_one_voice ON approvals (content_id, revision, approver)
    WHERE decision = 'approved' AND withdrawn_at IS NULL;

CREATE TABLE publications (
    id               uuid PRIMARY KEY,
    content_id       uuid NOT NULL REFERENCES content (id),
    revision         integer NOT NULL,
    outlet           text NOT NULL,
    rendition_sha256 bytea NOT NULL CHECK (octet_length(rendition_sha256) = 32),
    state            text NOT NULL
                     CHECK (state IN ('scheduled', 'sending', 'published', 'failed', 'uncertain', 'cancelled', 'held')),
    held_reason      text,
    due_at           timestamptz NOT NULL,
    due_local        timestamp NOT NULL,
    due_zone         text NOT NULL,
    scheduled_by     uuid NOT NULL,
    external_id      text,
    url              text,
    published_at     timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT publications_held_says_why CHECK ((state = 'held') = (held_reason IS NOT NULL)),
    CONSTRAINT publications_published_says_when CHECK ((state = 'published') = (published_at IS NOT NULL))
);
CREATE INDEX publications_of_content ON publications (content_id);
CREATE INDEX publications_newest ON publications (created_at DESC, id DESC);
CREATE INDEX publications_due ON publications (due_at) WHERE state = 'scheduled';
-- Once: a revision is on its way to an outlet, or out, at most one time.
CREATE UNIQUE INDEX publications_once ON publications (content_id, revision, outlet)
    WHERE state NOT IN ('cancelled', 'failed');

CREATE TABLE metrics (
    publication_id uuid NOT NULL REFERENCES publications (id),
    metric         text NOT NULL,
    observed_at    timestamptz NOT NULL,
    value          bigint NOT NULL CHECK (value >= 0),
    PRIMARY KEY (publication_id, metric, observed_at)
);

CREATE TABLE linkedin_tokens (
    id                 uuid PRIMARY KEY,
    author_urn         text NOT NULL UNIQUE CHECK (author_urn LIKE 'urn:li:%'),
    access_token       bytea NOT NULL,
    refresh_token      bytea,
    scopes             text[] NOT NULL,
    expires_at         timestamptz NOT NULL,
    refresh_expires_at timestamptz,
    connected_by       uuid NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT linkedin_tokens_refresh_is_whole CHECK (num_nulls(refresh_token, refresh_expires_at) IN (0, 2))
);
COMMENT ON COLUMN linkedin_tokens.access_token IS 'AES-256-GCM ciphertext, never the token itself';
COMMENT ON COLUMN linkedin_tokens.refresh_token IS 'AES-256-GCM ciphertext, never the token itself';

CREATE TABLE outlet_feature_flags (
    outlet             text PRIMARY KEY,
    mode               text NOT NULL CHECK (mode IN ('off', 'dry_run', 'live')),
    required_approvals integer NOT NULL DEFAULT 1 CHECK (required_approvals BETWEEN 1 AND 9),
    reason             text,
    changed_by         uuid,
    changed_at         timestamptz NOT NULL DEFAULT now()
);
-- An outlet without a row is off. The feed is served by ourselves and needs no account: it starts live.
INSERT INTO outlet_feature_flags (outlet, mode, reason) VALUES ('feed', 'live', 'served by this installation');

CREATE TABLE audit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid          xid8 NOT NULL,
    at           timestamptz NOT NULL,
    actor        uuid,
    token        uuid,
    action       text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text NOT NULL,
    details      jsonb NOT NULL DEFAULT '{}',
    canonical    text NOT NULL
);
CREATE INDEX audit_of_subject ON audit (subject_kind, subject_id, id);
COMMENT ON COLUMN audit.xid IS 'the writing transaction: a sealer takes entries only below the oldest one still running';
COMMENT ON COLUMN audit.canonical IS 'the entry as it will be hashed, kept as text because jsonb is rendered anew each time';

-- The time, the transaction and the canonical text are the database's own word, whatever the writer says.
CREATE FUNCTION audit_canonical() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    NEW.xid := pg_current_xact_id();
    NEW.at := clock_timestamp();
    NEW.canonical := jsonb_build_object(
        'id', NEW.id, 'xid', NEW.xid::text,
        'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'actor', NEW.actor, 'token', NEW.token, 'action', NEW.action,
        'subject', jsonb_build_object('kind', NEW.subject_kind, 'id', NEW.subject_id),
        'details', NEW.details)::text;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_canonical BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_canonical();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'IM307',
        MESSAGE = format('%s of %s is refused: its rows are never changed, removed or truncated', TG_OP, TG_TABLE_NAME);
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_never_truncated BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
