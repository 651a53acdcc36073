### Work lists: why work of a nearer office is in one's own

NEARER_MAY_NOT = Those of the nearer office may not do this: it is about themselves, or they had another part in it.
NOBODY_NEARER = Nobody of the nearer office has the role for this.
