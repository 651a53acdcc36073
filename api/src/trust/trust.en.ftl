### Keys and the root
### Of `liangzheng keys`: the first word of the line on standard error.

KEY_UNKNOWN = This deployment has no key { $key }. `liangzheng keys list` shows them.
KEY_AMBIGUOUS = Several keys are called { $key }: name the public key whole, 64 hexadecimal digits (`liangzheng keys publish`).
COMPROMISED_IN_FUTURE = That time has not come: say since when others may have had the key.
COMPROMISED_ALREADY = The key is marked already, since { $since }. Only an earlier time can still be entered.
ROOT_MISSING = There is no root yet: pin one with `liangzheng keys root pin`, or start the server, which makes one beside itself.
ROOT_PINNED = This deployment has the root { $root } already, which apps have pinned; it cannot be given another. To take it offline, move root.key from the data folder to where it is safe.
ROOT_INVALID = That is no public key: 64 hexadecimal digits, as `liangzheng keys root new` prints them.
NOTHING_TO_SIGN = The root has signed the keys as they stand; there is nothing to do.
KEY_FILE_UNREADABLE = The file is none of this ceremony, or it is broken. Export, sign or copy it anew.
OTHER_ROOT_KEY = That private key is not the root { $root } that these keys are to be signed by; nothing was signed.
KEYS_OF_OTHER_ROOT = These keys are not signed by the root { $root } of this deployment; nothing was taken in.
KEYS_ALTERED = The root did not sign this: it was changed after it was signed. Nothing was taken in.
KEYS_OF_OTHER_ISSUER = These are keys of { $issuer }, another deployment; nothing was taken in.
KEYS_OLDER = Version { $version } is no newer than version { $known }, which is known; nothing was taken in.
KEYS_FOREIGN = It tells the key { $key }, which is none of this deployment or has other dates here. Somebody may have changed the file before it was signed: find out who, and sign a new export.
KEYS_OUTDATED = Keys have changed since this was exported: it lacks one that apps know, or that one was compromised. Export and sign anew.
