-- The way out: leases on publications, the attempts, the global stop, the feed's own store, idempotency keys, and who
-- we are: feeds need an id that never changes.

ALTER TABLE publications
    ADD COLUMN fence bigint NOT NULL DEFAULT 0,
    ADD COLUMN lease_until timestamptz,
    ADD COLUMN retry_at timestamptz;
CREATE INDEX publications_leased ON publications (lease_until) WHERE state = 'sending';
COMMENT ON COLUMN publications.fence IS 'counts the claims; an attempt with an older number has lost its lease';
COMMENT ON COLUMN publications.retry_at IS 'not tried again before; due_at stays what people approved';

CREATE TABLE attempts (
    publication_id uuid NOT NULL REFERENCES publications (id),
    fence          bigint NOT NULL,
    claimed_by     text NOT NULL,
    claimed_at     timestamptz NOT NULL DEFAULT now(),
    wire_at        timestamptz,
    finished_at    timestamptz,
    outcome        text CHECK (outcome IN ('accepted', 'deferred', 'refused', 'unknown', 'dry_run', 'stopped', 'lost')),
    detail         text,
    PRIMARY KEY (publication_id, fence),
    CONSTRAINT attempts_outcome_is_whole CHECK (num_nulls(finished_at, outcome) IN (0, 2)),
    CONSTRAINT attempts_accepted_was_sent CHECK (outcome IS DISTINCT FROM 'accepted' OR wire_at IS NOT NULL)
);
COMMENT ON COLUMN attempts.wire_at IS 'set right before the first creating request: from here on the outlet may have it';

CREATE TABLE global_stop (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    stopped    boolean NOT NULL,
    reason     text,
    changed_by uuid REFERENCES people (id),
    changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO global_stop (stopped) VALUES (false);

-- The server writes its one row when it first starts.
CREATE TABLE installation (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id         uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feed_entries (
    subject      uuid PRIMARY KEY,
    key          uuid NOT NULL UNIQUE,
    revision     integer NOT NULL,
    payload      text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX feed_entries_newest ON feed_entries (published_at DESC, subject DESC);
COMMENT ON TABLE feed_entries IS 'what the outlet feed was given; the outlet knows posts, not publications';

CREATE TABLE idempotency_keys (
    principal   uuid NOT NULL REFERENCES people (id),
    route       text NOT NULL,
    key         text NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 255),
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    subject_id  uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);
