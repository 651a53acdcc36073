### Start
### Of every command that opens a deployment: the first word of the line on standard error.

DATA_DIR_UNUSABLE = The data folder { $path } cannot be used: { $reason }.
DATABASE_UNREACHABLE = The database does not open: { $reason }.
DATABASE_NOT_MIGRATED = { $count } step(s) of the database are missing; run `liangzheng migrate` with the same settings, then start again.
SEAL_KEY_UNREADABLE = The seal key file { $path } cannot be read: { $reason }.
SEAL_KEY_WRONG = The seal key file { $path } does not belong to this database; give the one it was made with (SEAL_KEY_FILE). Nothing was changed.
SEAL_KEY_MISSING = This database is sealed, but the seal key file { $path } is not there; put it back (SEAL_KEY_FILE). No new one is made.
REDIS_URL_INVALID = REDIS_URL is no address of a Redis (redis://HOST:PORT): { $reason }.
START_FAILED = The start failed: { $reason }.
