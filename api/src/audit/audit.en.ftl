### Audit log
### Findings of `liangzheng audit verify`, each with its chain and row.

AUDIT_ROW_EDITED = the row does not match its hash
AUDIT_ROW_MISSING = the row is not there
AUDIT_ROW_REORDERED = the row does not follow the one before it
AUDIT_TRUNCATED = rows after this one are gone; there were { $known }
AUDIT_REWRITTEN = the chain differs from its head or a checkpoint
AUDIT_HEAD_BEHIND = the chain goes on to this row, its head stands at { $head }
AUDIT_CHECKPOINT_INVALID = a checkpoint is wrong in itself: { $why }
