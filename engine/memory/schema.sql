-- The record: everything remembered. The index beside it can always be made again from here.

CREATE TABLE profiles (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'opening', 'erasing', 'erased')),
    process     INTEGER NOT NULL DEFAULT 0,     -- that set the state
    generation  INTEGER NOT NULL DEFAULT 1,     -- names the index folder that belongs to this record
    model_id    TEXT NOT NULL DEFAULT '',       -- embedder that made the vectors
    dimensions  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE turns (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,   -- an id is never given twice, even after forgetting
    profile_id     INTEGER NOT NULL REFERENCES profiles (id),
    session        TEXT NOT NULL,
    turn           INTEGER NOT NULL,            -- number within the session
    at_ms          INTEGER NOT NULL,            -- milliseconds since 1970-01-01 UTC
    text           TEXT NOT NULL,               -- words of the user
    language       TEXT NOT NULL,
    source         TEXT NOT NULL CHECK (source IN ('voice', 'typed')),
    emotion        TEXT NOT NULL,               -- heard in the user's voice
    reply          TEXT NOT NULL DEFAULT '',    -- words of the companion, as heard
    reply_emotion  TEXT NOT NULL DEFAULT '',
    outcome        TEXT CHECK (outcome IN ('done', 'cancelled', 'error')),  -- NULL until the reply is over
    extracted      INTEGER NOT NULL DEFAULT 0,
    embedded       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (profile_id, session, turn)          -- a write tried again is kept once
);
CREATE INDEX turns_of_profile ON turns (profile_id, id);
CREATE INDEX turns_to_extract ON turns (profile_id, id) WHERE extracted = 0;
CREATE INDEX turns_to_embed ON turns (profile_id, id) WHERE embedded = 0;

CREATE TABLE memories (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    profile_id     INTEGER NOT NULL REFERENCES profiles (id),
    kind           TEXT NOT NULL CHECK (kind IN ('fact', 'note')),
    text           TEXT NOT NULL,               -- a short sentence
    slot           TEXT NOT NULL DEFAULT '',
    value          TEXT NOT NULL DEFAULT '',
    folded         TEXT NOT NULL DEFAULT '',    -- value in one spelling, to find duplicates
    single         INTEGER NOT NULL DEFAULT 0,  -- a newer value supersedes it
    valid_from     INTEGER NOT NULL,            -- ms UTC of the turn (or of the note)
    superseded_by  INTEGER REFERENCES memories (id) ON DELETE SET NULL,
    closed_by      INTEGER REFERENCES turns (id) ON DELETE SET NULL,        -- the turn that took it back
    pinned         INTEGER NOT NULL DEFAULT 0,
    embedded       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX memories_of_profile ON memories (profile_id, kind, slot);
CREATE INDEX memories_to_embed ON memories (profile_id, id) WHERE embedded = 0;
CREATE INDEX memories_superseded ON memories (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX memories_closed ON memories (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE evidence (
    memory_id  INTEGER NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
    turn_id    INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    PRIMARY KEY (memory_id, turn_id)
) WITHOUT ROWID;
CREATE INDEX evidence_of_turn ON evidence (turn_id);

CREATE TABLE vectors (
    item        TEXT PRIMARY KEY,               -- turn:7, fact:12, note:3
    profile_id  INTEGER NOT NULL REFERENCES profiles (id),
    vector      BLOB NOT NULL,                  -- float32, little-endian; empty for a text without any word
    generation  INTEGER NOT NULL DEFAULT 0      -- index folder that holds it
);
CREATE INDEX vectors_of_generation ON vectors (profile_id, generation);
