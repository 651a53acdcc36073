### Doctor
### Of `liangzheng doctor`. FAIL: it does not work, or must not be used so. WARN: somebody should look. OK: as it should be.

DATA_DIR_OK = The data folder { $path } can be used, by its owner only.
DATA_DIR_MISSING = The data folder { $path } is not there yet; the first start makes it. If it should be there, check DATA_DIR.
DATA_DIR_UNUSABLE = The data folder { $path } cannot be used ({ $reason }). Correct DATA_DIR, or the folder's permissions.
DATA_DIR_EXPOSED = Other users can enter the data folder { $path }. Run: chmod 700 '{ $path }'
SEAL_KEY_OK = The seal key can be read, by its owner only, and belongs to the database.
SEAL_KEY_NOT_YET = The seal key file { $path } is not there yet; the first start makes it. Keep a copy in a safe place then.
SEAL_KEY_MISSING = The database is sealed, but the seal key file { $path } is not there. Put it back from a backup, or say where it is with SEAL_KEY_FILE; do not make a new one.
SEAL_KEY_UNREADABLE = The seal key file { $path } cannot be read ({ $reason }). It holds one line of 64 hexadecimal digits: put it back from a backup, or correct its permissions.
SEAL_KEY_EXPOSED = Other users can read the seal key file { $path }. Run: chmod 600 '{ $path }'
SEAL_KEY_WRONG = The seal key file { $path } does not belong to this database. Give the one it was made with in SEAL_KEY_FILE.
PUBLIC_URL_OK = The public address { $url } fits into a printed code.
PUBLIC_URL_INVALID = The public address { $url } cannot be printed into a code. PUBLIC_URL is https:// and a host without a path; the host, with its port, has { $limit } characters at most.
PUBLIC_URL_INSECURE = The public address { $url } uses http: answers to a scan could be forged on their way. Put HTTPS in front and let PUBLIC_URL begin with https://
PUBLIC_URL_LOCAL = The public address { $url } opens on this machine only, for trying out. Set PUBLIC_URL to the official host before cards are printed.
PROXY_NOT_TRUSTED = The public address uses https, so a proxy stands in front, but TRUSTED_PROXIES is 0: all users count as one place, and failed sign-ins of one make others wait. Set TRUSTED_PROXIES to the number of proxies (usually 1).
CARD_FONT_OK = Cards are drawn with the font { $font }.
CARD_FONT_MISSING = No Chinese font was found (looked for: { $searched }), so no card can be drawn. Install one (Debian: apt-get install fonts-wqy-microhei), or name a font file in CARD_FONT_FILE.
CARD_FONT_UNUSABLE = The font file { $file } cannot be read or has no Chinese, so no card can be drawn. Name another in CARD_FONT_FILE.
DATABASE_OK = The database answers and is up to date.
DATABASE_MISSING = The database file { $path } is not there. Run liangzheng migrate or make run; if it should be there, check DATA_DIR and DATABASE_URL.
DATABASE_UNREACHABLE = The database does not open ({ $reason }). Check DATABASE_URL and whether the database server runs.
DATABASE_NOT_MIGRATED = The database lacks { $count } step(s). Run, with the same settings: liangzheng migrate
DATABASE_NEWER = A newer version of the program has changed the database. Use that version or a later one.
DATABASE_EMPTY = The database holds no agency yet. Enter the first agency and administrator: liangzheng init; or load the demo province: liangzheng serve --demo
DATABASE_UNREADABLE = What the database holds cannot be read ({ $reason }). Restore it from a backup, or make sure that program and database are of one version.
KEYS_OK = There is a signing key for every use, and none ends soon.
KEY_MISSING = No key signs for { $use } now. Run: liangzheng keys rotate { $command }
KEY_ENDS_SOON = The key for { $use } ceases to sign in { $days } days. A running server renews it by itself; if one is running, look into its log.
JOBS_OK = No job has failed or is stuck.
JOBS_FAILED = { $count } job(s) failed within 7 days. Look for the cause in the server's log, mend it and ask for them again.
JOBS_STUCK = { $count } job(s) have been overdue for 10 minutes. Make sure that liangzheng serve is running.
AUDIT_CHECKPOINT_OK = The checkpoint of the audit log is recent.
AUDIT_CHECKPOINT_OLD = The audit log has grown for more than a day without a checkpoint. Make sure that liangzheng serve is running, or run: liangzheng audit checkpoint
CLOCK_OK = The clock is not behind the newest record.
CLOCK_BEHIND = The clock ({ $now }) is behind the newest record ({ $newest }). Set the system time and turn on its synchronisation; do not start the server before.
REDIS_OK = Redis answers.
REDIS_URL_INVALID = REDIS_URL has another form ({ $reason }). It is redis://HOST:PORT.
REDIS_UNREACHABLE = Redis does not answer ({ $reason }). The server works without it, each node counting for itself; check REDIS_URL and whether Redis runs.
PORT_FREE = Port { $port } is free.
PORT_TAKEN = Port { $port } is in use. Unless this very server is running, choose another, for example: make run PORT=18080
PORT_REFUSED = Port { $port } cannot be listened on ({ $reason }). Choose one above 1023.
