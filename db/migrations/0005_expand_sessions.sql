-- How people come in: passwords, sessions, throttled logins, one-time links, identities elsewhere, passkeys; and tokens
-- that are named, narrowed to outlets, and tell when they were last used. Whatever a bearer holds is kept as its SHA-256.

CREATE TABLE passwords (
    person     uuid PRIMARY KEY REFERENCES people (id),
    phc        text NOT NULL CHECK (phc ~ '^\$argon2id\$v=19\$m=[1-9][0-9]*,t=[1-9][0-9]*,p=[1-9][0-9]*\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$'),
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    sha256       bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
    person       uuid REFERENCES people (id),
    methods      text[] NOT NULL DEFAULT '{}' CHECK (methods <@ ARRAY['password', 'passkey', 'oidc', 'link']),
    login_at     timestamptz,
    attributes   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
    user_agent   text CHECK (length(user_agent) <= 200),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    CONSTRAINT sessions_know_how CHECK ((person IS NULL) = (login_at IS NULL) AND (person IS NULL) = (methods = '{}'))
);
CREATE INDEX sessions_of_person ON sessions (person);
CREATE INDEX sessions_oldest ON sessions (expires_at);
COMMENT ON COLUMN sessions.sha256 IS 'of the id in the cookie, which holds 256 random bits and changes at each login';
COMMENT ON COLUMN sessions.id IS 'by which people see and end a session; it opens nothing';
COMMENT ON COLUMN sessions.person IS 'null before a login: such a session only carries the login through';

-- Guesses, counted by what was asked for, whether or not it exists.
CREATE TABLE login_failures (
    counted       text NOT NULL CHECK (counted IN ('account', 'address', 'device')),
    sha256        bytea NOT NULL CHECK (octet_length(sha256) = 32),
    failures      integer NOT NULL CHECK (failures > 0),
    last_at       timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    PRIMARY KEY (counted, sha256)
);
CREATE INDEX login_failures_oldest ON login_failures (last_at);

-- A browser that a person has logged in with is counted by itself, so that strangers' guesses do not lock its owner out.
CREATE TABLE known_devices (
    sha256       bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    person       uuid NOT NULL REFERENCES people (id),
    last_seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX known_devices_of_person ON known_devices (person);

CREATE TABLE one_time_links (
    sha256     bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    person     uuid REFERENCES people (id),
    created_by uuid REFERENCES people (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON COLUMN one_time_links.person IS 'whose password it sets; null makes the first account, while there is nobody';
COMMENT ON COLUMN one_time_links.created_by IS 'null where it was made at the host''s command line';

CREATE TABLE identities (
    id            uuid PRIMARY KEY,
    issuer        text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 1000),
    subject       text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    hint          text CHECK (length(hint) <= 200),
    person        uuid REFERENCES people (id),
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    linked_at     timestamptz,
    UNIQUE (issuer, subject),
    CONSTRAINT identities_linked CHECK ((person IS NULL) = (linked_at IS NULL))
);
CREATE INDEX identities_of_person ON identities (person);
COMMENT ON COLUMN identities.person IS 'null until it is linked: knowing somebody elsewhere gives no role here';
COMMENT ON COLUMN identities.hint IS 'what the provider calls them, for whoever links; it proves nothing';

-- What takes a second pair of eyes: a person's roles, credentials and identities.
CREATE TABLE people_changes (
    id           uuid PRIMARY KEY,
    person       uuid NOT NULL REFERENCES people (id),
    change       text NOT NULL CHECK (change IN ('link_identity', 'reset_credentials', 'set_roles')),
    details      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    proposed_by  uuid NOT NULL REFERENCES people (id),
    proposed_at  timestamptz NOT NULL DEFAULT now(),
    confirmed_by uuid REFERENCES people (id),
    confirmed_at timestamptz,
    CONSTRAINT people_changes_whole CHECK (num_nulls(confirmed_by, confirmed_at) IN (0, 2)),
    CONSTRAINT people_changes_four_eyes CHECK (confirmed_by <> proposed_by AND confirmed_by <> person)
);
CREATE INDEX people_changes_open ON people_changes (proposed_at) WHERE confirmed_at IS NULL;

CREATE TABLE passkeys (
    credential_id      bytea PRIMARY KEY CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    id                 uuid NOT NULL UNIQUE,
    person             uuid NOT NULL REFERENCES people (id),
    public_key         bytea NOT NULL,
    signature_count    bigint NOT NULL CHECK (signature_count >= 0),
    user_verified      boolean NOT NULL,
    transports         text[] NOT NULL,
    backup_eligible    boolean NOT NULL,
    backed_up          boolean NOT NULL,
    attestation_object bytea,
    attestation_client bytea,
    label              text NOT NULL CHECK (length(label) BETWEEN 1 AND 100),
    created_at         timestamptz NOT NULL DEFAULT now(),
    last_used_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkeys_of_person ON passkeys (person);
COMMENT ON COLUMN passkeys.id IS 'by which people see and remove it; credential_id is the authenticator''s';

ALTER TABLE api_tokens
    ADD COLUMN name         text CHECK (length(name) BETWEEN 1 AND 100),
    ADD COLUMN outlets      text[] CHECK (cardinality(outlets) BETWEEN 1 AND 100),
    ADD COLUMN last_used_at timestamptz;
COMMENT ON COLUMN api_tokens.outlets IS 'null for all; what names any other outlet does not exist for this token';
COMMENT ON COLUMN api_tokens.last_used_at IS 'to the minute: it is not written at each request';
