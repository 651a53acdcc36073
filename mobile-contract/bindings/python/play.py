"""Plays the vectors through the Python bindings.

    python3 play.py FOLDER_OF_THE_BINDINGS

Whole answers are compared. Prints how many there were, and ends with the first that is another.
"""

import sys

sys.path.insert(0, sys.argv[1])

import play_challenges  # noqa: E402
import play_codes  # noqa: E402
import play_enrolments  # noqa: E402
import play_photo_packs  # noqa: E402
import play_records  # noqa: E402
import play_scenarios  # noqa: E402

PARTS = (
    play_scenarios, play_codes, play_enrolments, play_challenges, play_records, play_photo_packs,
)
for part in PARTS:
    print(part.play())
