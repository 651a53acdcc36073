### Errors of a request
### Top-level `errors` with `extensions.code`, over REST in the same shape. HTTP is the status of an answer that is nothing but the error; what an operation of `/graphql` meets comes with 200.

UNAUTHENTICATED = Sign in first.
FORBIDDEN = You do not have this permission.
TOTP_REQUIRED = This operation needs a second factor: enrol an authenticator app first.
REAUTHENTICATION_REQUIRED = Give your password again for this operation.
TOKEN_INVALID = The token does not hold. Sign in again.
JSON_REQUIRED = The body has to be application/json.
JSON_INVALID = This is not one GraphQL request; batches are not taken.
BODY_TOO_LARGE = The body is over 256 KiB.
BODY_UNREADABLE = The body did not arrive whole.
GRAPHQL_PARSE_FAILED = The document cannot be parsed.
PERSISTED_QUERY_NOT_FOUND = No operation of the manifest has this id. Update the app.
OPERATION_NOT_ALLOWED = Only operations of the manifest are run here. Update the app.
GRAPHQL_VALIDATION_FAILED = The document does not fit the schema.
DOCUMENT_TOO_LARGE = The document is too long.
QUERY_TOO_DEEP = The query is nested too deep.
QUERY_TOO_COMPLEX = The query asks for too much.
TOO_MANY_ALIASES = There are too many aliases.
TOO_MANY_ROOT_FIELDS = There are too many fields at the root.
TOO_MANY_DIRECTIVES = There are too many directives.
FIRST_OUT_OF_RANGE = first is 1–100.
CURSOR_INVALID = after is no cursor of this list.
MODE_UNKNOWN = The mode of an import is ATOMIC_ROW or ALL_OR_NOTHING.
FILTER_INVALID = What the export is to be narrowed by is not of the form of this list; send it as a JSON object.
SELECTION_INVALID = Give ids, or issuedSince and perhaps agencyId, as JSON.
TOO_MANY_LOOK_UPS = This account has looked up too many certificates; wait ten minutes.
SUBSCRIPTIONS_ONLY = Only subscriptions go over this connection. Send queries and mutations by POST to /graphql.
TOO_MANY_SUBSCRIPTIONS = This connection carries no more subscriptions. End one first.
ORIGIN_REFUSED = This connection may not be opened from another site.
PROTOCOL_UNKNOWN = Over WebSocket only the protocol graphql-transport-ws is spoken.
BUSY = Busy, try again later.
INTERNAL = A fault on our side, try again later.
