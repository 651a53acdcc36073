### Photos in one ZIP
### Of a ZIP as a whole.

FILE_NOT_A_ZIP = The file is no ZIP archive. Pack the photos into one ZIP; RAR, 7Z and other formats are not supported.
FILE_DAMAGED = The archive is damaged or incomplete. Pack it anew and upload it again.
FILE_TOO_LARGE = The archive is larger than { $limit }. Send the photos in several archives.
TOO_MANY_FILES = The archive holds more than { $limit } files. Send them in several archives.
ZIP_BOMB = The archive unpacks to far more than photos do and was refused. Pack it anew and upload it again.
FILE_ENCRYPTED = The archive is protected with a password; remove it and upload it again.
FILE_EMPTY = The archive holds no photos.
PHOTO_BATCH_NOT_FOUND = These photos were not found.
PHOTO_BATCH_NOT_STAGED = These photos are not waiting to be attached.
PHOTO_ROWS_REMOVED = The files of this ZIP were kept for 30 days and are removed; only the tallies stay. Send the ZIP again.

## Of a file in a ZIP, beside the codes of a photo by itself. FAILED: not taken.

PHOTO_READY = The photo is matched to a person and waits to be confirmed.
PHOTO_ATTACHED = The photo was attached.
PHOTO_UNCHANGED = The person has this very photo already; nothing was changed.
PHOTO_FILE_IGNORED = A file that a system wrote beside the photos; it was ignored.
PHOTO_NAME_UNSAFE = The name of the file is not valid: it holds a backslash, a parent folder, an absolute path or control characters, or is longer than 255 characters. Rename it and pack it again.
PHOTO_ENCRYPTED = This file is protected with a password; remove it and pack it again.
PHOTO_NESTED_ARCHIVE = An archive within the archive is not read; unpack it and pack the photos again.
PHOTO_NOT_MATCHED = Nobody was found for this file. Its name must hold the ID number of 18 characters or be the photo's file name in the roster, and the person must be in your part of the tree.
PHOTO_AMBIGUOUS = The name of the file means several people; name it by the person's ID number of 18 characters.
PHOTO_PERSON_TWICE = Another file of the archive is of the same person; none of them was taken. Keep one.
PHOTO_UNREADABLE = The file is damaged inside the archive, or packed in a way that is not supported. Pack it again.
