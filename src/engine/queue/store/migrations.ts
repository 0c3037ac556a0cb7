/** The schema, step by step. A step that has shipped is never changed; `user_version` counts the steps applied. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE campaigns (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    subject TEXT NOT NULL,
    newsletter TEXT NOT NULL,
    newsletter_sha256 TEXT NOT NULL,
    settings TEXT NOT NULL,
    settings_sha256 TEXT NOT NULL,
    document_path TEXT NOT NULL,
    document_text TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    document_commit TEXT NOT NULL,
    recipients_path TEXT NOT NULL,
    recipients_sha256 TEXT NOT NULL,
    hours TEXT,
    created_at INTEGER NOT NULL,
    start_at INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER NOT NULL DEFAULT 0,
    next_sequence INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    attention TEXT NOT NULL DEFAULT '[]'
  );
  CREATE TABLE assets (
    campaign INTEGER NOT NULL REFERENCES campaigns(key) ON DELETE CASCADE,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (campaign, path)
  );
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaigns(key) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    address TEXT NOT NULL,
    domain TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    position REAL NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    hop INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL DEFAULT 0,
    transport TEXT NOT NULL DEFAULT '',
    host TEXT NOT NULL DEFAULT '',
    cause TEXT NOT NULL DEFAULT '',
    code INTEGER NOT NULL DEFAULT 0,
    enhanced TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL DEFAULT ''
  );
  CREATE INDEX deliveries_of ON deliveries (campaign, id);
  CREATE INDEX deliveries_queue ON deliveries (campaign, position) WHERE state = 'queued';
  CREATE INDEX deliveries_backlog ON deliveries (campaign, domain, position) WHERE state = 'queued';
  CREATE INDEX deliveries_due ON deliveries (campaign, next_at) WHERE state = 'deferred';
  CREATE TABLE refused (
    campaign INTEGER NOT NULL REFERENCES campaigns(key) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
  );
  CREATE INDEX refused_of ON refused (campaign, line);
  CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES deliveries(id) ON DELETE CASCADE,
    transport TEXT NOT NULL,
    quota_key TEXT NOT NULL,
    host TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    committed_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER NOT NULL DEFAULT 0,
    ended TEXT,
    cause TEXT NOT NULL DEFAULT ''
  );
  CREATE INDEX attempts_of ON attempts (delivery);
  CREATE INDEX attempts_open ON attempts (id) WHERE ended_at = 0;
  CREATE INDEX attempts_quota ON attempts (quota_key, committed_at) WHERE committed_at > 0;
  CREATE TABLE suppressions (
    entry TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `ALTER TABLE deliveries ADD COLUMN first_at INTEGER NOT NULL DEFAULT 0;`,
  // A row's reason is a sentence that each front door says in its own language.
  `UPDATE refused SET detail = json_object('template', detail, 'args', json_array());`,
  // Each delivery keeps the Date of its first message, and each retry waits longer.
  `ALTER TABLE deliveries ADD COLUMN dated_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE deliveries ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;`,
  // How far each unsubscribe endpoint has been read.
  `CREATE TABLE endpoints (url TEXT PRIMARY KEY, log TEXT NOT NULL, after INTEGER NOT NULL) WITHOUT ROWID;`,
  `CREATE TABLE mailboxes (account TEXT PRIMARY KEY, validity TEXT NOT NULL, uid INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE returned (
     id INTEGER PRIMARY KEY,
     campaign INTEGER REFERENCES campaigns(key) ON DELETE CASCADE,
     delivery INTEGER,
     address TEXT NOT NULL,
     kind TEXT NOT NULL,
     hard INTEGER NOT NULL,
     cause TEXT NOT NULL,
     code INTEGER NOT NULL,
     enhanced TEXT NOT NULL,
     text TEXT NOT NULL,
     at INTEGER NOT NULL
   );
   CREATE UNIQUE INDEX returned_once ON returned (delivery, kind) WHERE delivery IS NOT NULL;
   CREATE INDEX returned_of ON returned (campaign, kind);
   CREATE INDEX returned_by ON returned (address);`,
  // Counters on pages of their own: see commitCount.ts.
  `CREATE TABLE store_commits (count INTEGER NOT NULL);
   INSERT INTO store_commits VALUES (0);
   CREATE TABLE store_checkpoints (store TEXT NOT NULL, count INTEGER NOT NULL);
   INSERT INTO store_checkpoints VALUES ('', 0);`,
  // The last limit each account was refused for.
  `CREATE TABLE learned_limits (
     account TEXT PRIMARY KEY,
     count INTEGER NOT NULL,
     per_ms INTEGER NOT NULL,
     at INTEGER NOT NULL,
     text TEXT NOT NULL
   ) WITHOUT ROWID;`,
  // Nobody gets the same letter twice; a campaign may be sent in several versions.
  `ALTER TABLE campaigns ADD COLUMN letter TEXT NOT NULL DEFAULT '';
   ALTER TABLE campaigns ADD COLUMN once TEXT NOT NULL DEFAULT '';
   ALTER TABLE campaigns ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE campaigns ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE deliveries ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX campaigns_letter ON campaigns (letter) WHERE letter <> '';
   CREATE TABLE versions (
     campaign INTEGER NOT NULL REFERENCES campaigns(key) ON DELETE CASCADE,
     version INTEGER NOT NULL,
     at INTEGER NOT NULL,
     document_sha256 TEXT NOT NULL,
     document_text TEXT NOT NULL,
     PRIMARY KEY (campaign, version)
   );`,
  // A letter may go to several lists: which of them a row is in, and the lists after the first.
  `ALTER TABLE deliveries ADD COLUMN list INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE refused ADD COLUMN list INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE campaigns ADD COLUMN more_lists TEXT NOT NULL DEFAULT '[]';
   DROP INDEX refused_of;
   CREATE INDEX refused_of ON refused (campaign);`,
  // An intent is a row of a small table, deleted when its attempt has ended; an attempt refers to the previous one, so that it
  // needs no index; in which order a list is sent is known in memory (`position` is of older versions).
  `DROP INDEX deliveries_queue;
   DROP INDEX deliveries_backlog;
   CREATE TABLE intents (
     delivery INTEGER PRIMARY KEY REFERENCES deliveries(id) ON DELETE CASCADE,
     transport TEXT NOT NULL,
     quota_key TEXT NOT NULL,
     host TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     committed_at INTEGER NOT NULL,
     message_id TEXT NOT NULL
   );
   INSERT OR IGNORE INTO intents
     SELECT delivery, attempts.transport, quota_key, attempts.host, started_at, committed_at, message_id
     FROM attempts JOIN deliveries ON deliveries.id = delivery
     WHERE ended_at = 0 AND state = 'sending' ORDER BY attempts.id DESC;
   UPDATE deliveries SET state = 'queued' WHERE state = 'sending';
   ALTER TABLE attempts RENAME TO attempts_before;
   CREATE TABLE attempts (
     id INTEGER PRIMARY KEY,
     delivery INTEGER NOT NULL,
     before INTEGER NOT NULL,
     nth INTEGER NOT NULL,
     transport TEXT NOT NULL,
     quota_key TEXT NOT NULL,
     host TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     committed_at INTEGER NOT NULL,
     ended_at INTEGER NOT NULL,
     ended TEXT,
     cause TEXT NOT NULL
   );
   INSERT INTO attempts
     SELECT id, delivery, lag(id, 1, 0) OVER (PARTITION BY delivery ORDER BY id),
       row_number() OVER (PARTITION BY delivery ORDER BY id),
       transport, quota_key, host, started_at, committed_at, max(ended_at, committed_at), ended, cause
     FROM attempts_before WHERE ended_at > 0;
   DROP TABLE attempts_before;
   CREATE INDEX attempts_time ON attempts (ended_at) WHERE id % 256 = 0;
   ALTER TABLE deliveries ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
   UPDATE deliveries SET attempt = last FROM (SELECT delivery, max(id) AS last FROM attempts GROUP BY delivery) AS a
     WHERE a.delivery = deliveries.id;`,
  // What an in-depth test found (a ServerProbe as JSON); such a row has count 0 where no limit was refused for.
  `ALTER TABLE learned_limits ADD COLUMN probe TEXT NOT NULL DEFAULT '';`,
  // Mail for a person: replies, and mail that carries no mark of ours and so changes nothing automatically.
  `CREATE TABLE returned_mail (
     id INTEGER PRIMARY KEY,
     campaign INTEGER REFERENCES campaigns(key) ON DELETE CASCADE,
     kind TEXT NOT NULL,
     about TEXT NOT NULL,
     sender TEXT NOT NULL,
     subject TEXT NOT NULL,
     message_id TEXT NOT NULL,
     account TEXT NOT NULL,
     at INTEGER NOT NULL
   );
   CREATE UNIQUE INDEX returned_mail_once ON returned_mail (account, message_id) WHERE message_id <> '';
   CREATE INDEX returned_mail_of ON returned_mail (campaign);`,
  // The key its tokens were made with, where the campaign came from another machine; "": this machine's own.
  `ALTER TABLE campaigns ADD COLUMN key_id TEXT NOT NULL DEFAULT '';`,
];
