-- What one run works with until it commits.
CREATE TEMPORARY TABLE run_scopes (
    stream text COLLATE "C" NOT NULL,
    scope_urn text COLLATE "C" NOT NULL,
    complete boolean NOT NULL,
    extracted bigint NOT NULL,
    filter_hash text,
    unread_fields jsonb,
    reason text,
    sent bigint NOT NULL DEFAULT 0,
    arrived bigint NOT NULL DEFAULT 0,
    settles boolean NOT NULL DEFAULT false,
    is_first boolean NOT NULL DEFAULT false,
    PRIMARY KEY (stream, scope_urn)
) ON COMMIT DROP;

-- Objects that were only said to be there.
CREATE TEMPORARY TABLE alive (
    stream text COLLATE "C" NOT NULL,
    urn text COLLATE "C" NOT NULL,
    PRIMARY KEY (stream, urn)
) ON COMMIT DROP;

-- Wholes that the catalog has and that were not sent: their parts were not sent either.
CREATE TEMPORARY TABLE unsent (urn text COLLATE "C" PRIMARY KEY) ON COMMIT DROP;

-- Rows that come (in), go (out), or leave and re-enter the scope (left, back).
CREATE TEMPORARY TABLE moved (
    direction text NOT NULL,
    kind text NOT NULL,
    stream text COLLATE "C" NOT NULL,
    urn text COLLATE "C" NOT NULL,
    object_key text COLLATE "C" NOT NULL,
    parent_urn text COLLATE "C",
    is_object boolean NOT NULL,
    breaking boolean NOT NULL DEFAULT false,
    in_scope_hash text,
    PRIMARY KEY (stream, object_key)
) ON COMMIT DROP;
CREATE INDEX ON moved (urn) WHERE is_object;

CREATE TEMPORARY TABLE first_loads (
    scope_urn text COLLATE "C" NOT NULL,
    stream text NOT NULL,
    rows bigint NOT NULL
) ON COMMIT DROP;
