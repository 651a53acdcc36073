//! Why a document cannot be drawn, with stable codes.

use super::TEXTS;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// What is wrong with the font. Nothing was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FontRefusal {
    /// There is no font that can be used.
    Missing {
        /// The file or the families that were looked for.
        searched: String,
    },
    /// The file is no font, or one without Chinese.
    Unusable {
        /// The file.
        file: String,
    },
    /// The font lacks a character.
    Glyph {
        /// The character.
        character: char,
        /// The font's family.
        font: String,
    },
}

impl Refusal for FontRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "FONT_MISSING",
            Self::Unusable { .. } => "FONT_UNUSABLE",
            Self::Glyph { .. } => "GLYPH_MISSING",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Missing { searched } => vec![("searched", searched.clone())],
            Self::Unusable { file } => vec![("file", file.clone())],
            Self::Glyph { character, font } => vec![
                ("character", character.to_string()),
                ("codepoint", format!("U+{:04X}", u32::from(*character))),
                ("font", font.clone()),
            ],
        }
    }

    fn message(&self, locale: Locale) -> String {
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        let all = [
            FontRefusal::Missing { searched: "〔value〕".into() },
            FontRefusal::Unusable { file: "〔value〕".into() },
            FontRefusal::Glyph { character: '𠮷', font: "〔value〕".into() },
        ];
        for refusal in all {
            for locale in Locale::ALL {
                let text = refusal.message(locale);
                assert!(text.contains("〔value〕"), "{refusal:?} {locale:?}: {text}");
            }
        }
        let glyph = FontRefusal::Glyph { character: '𠮷', font: "X".into() };
        assert_eq!(
            glyph.message(Locale::En),
            "The font X has no character “𠮷” (U+20BB7): it cannot be printed. Name a font that has it in CARD_FONT_FILE."
        );
    }
}
