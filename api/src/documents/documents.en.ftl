### The font of cards

FONT_MISSING = No Chinese font was found (looked for: { $searched }), so no card can be drawn. Install one (Debian: apt-get install fonts-wqy-microhei), or name a font file in CARD_FONT_FILE.
FONT_UNUSABLE = The font file { $file } cannot be read or has no Chinese, so no card can be drawn. Name another in CARD_FONT_FILE.
GLYPH_MISSING = The font { $font } has no character “{ $character }” ({ $codepoint }): it cannot be printed. Name a font that has it in CARD_FONT_FILE.

## Words on the card
title-ENFORCEMENT_OFFICER = Administrative Enforcement Certificate
title-SUPERVISION_OFFICER = Administrative Enforcement Supervision Certificate
