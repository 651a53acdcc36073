### Command line
### The first word of the line on standard error.

DATABASE_MISSING = There is no database in { $path }; give its DATA_DIR or DATABASE_URL, or run `liangzheng migrate` to make one.
PUBLIC_URL_INVALID = The public address cannot be printed into a code: { $reason }.
PORT_TAKEN = Port { $port } is in use; choose another, for example `make run PORT={ $other }`.
LISTEN_FAILED = The address { $address } cannot be listened on: { $reason }.
INIT_NOT_EMPTY = This deployment has accounts already; an administrator invites others.
DEMO_SIZE_INVALID = `--officers` takes 1 to 200000.
DEMO_NOT_EMPTY = This deployment holds agencies already; choose another DATA_DIR or database for the demo.
DEMO_INCOMPLETE = An earlier loading of the demo was stopped half-way; empty this database and start again.
FILE_MISSING = Name the roster.
FILE_UNREADABLE = The file { $path } cannot be read.
ANCHOR_UNREADABLE = The file { $path } is no checkpoint that can be read.
CONFIRMATION_MISSING = Nothing was done: read what stands above, and repeat the command with --yes.
