-- People and the tokens that act for them. Four eyes compares persons, so a token always belongs to one.

CREATE TABLE people (
    id             uuid PRIMARY KEY,
    name           text NOT NULL UNIQUE CHECK (name ~ '^[^[:space:][:cntrl:]]([^[:cntrl:]]{0,98}[^[:space:][:cntrl:]])?$'),
    roles          text[] NOT NULL CHECK (roles <@ ARRAY['operator', 'approver', 'viewer']),
    manages_people boolean NOT NULL DEFAULT false,
    disabled_at    timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_tokens (
    id           uuid PRIMARY KEY,
    owner        uuid NOT NULL REFERENCES people (id),
    kind         text NOT NULL CHECK (kind IN ('personal', 'agent')),
    sha256       bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_tokens_of_owner ON api_tokens (owner);
COMMENT ON COLUMN api_tokens.sha256 IS 'of the token, which holds 256 random bits: nothing to guess, so nothing to slow down';
