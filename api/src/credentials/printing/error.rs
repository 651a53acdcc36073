//! Why cards are not printed, with stable codes.

use entities::enums::CertificateState;

use super::super::qr::QrError;
use super::TEXTS;
use crate::documents::FontRefusal;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// Why a card is not printed. No card of the call is, and nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardRefusal {
    /// Nothing was named, or nothing was issued since that day.
    NothingSelected,
    /// More cards than one file holds.
    TooMany {
        /// Most at once.
        most: usize,
    },
    /// No such certificate, or outside the scope.
    NotFound {
        /// The id that was named.
        id: String,
    },
    /// The certificate has ended, was lost or is suspended.
    StateNotAllowed {
        /// Its number.
        number: String,
        /// Its state.
        state: CertificateState,
    },
    /// There is no photo.
    PhotoMissing {
        /// Its number.
        number: String,
    },
    /// No code was signed for it: it was issued elsewhere.
    CodeMissing {
        /// Its number.
        number: String,
    },
    /// A character of its words is missing in the font.
    Words {
        /// Its number.
        number: String,
        /// Which.
        why: FontRefusal,
    },
    /// There is no font.
    Font(FontRefusal),
    /// The code cannot be drawn.
    Code(QrError),
}

impl Refusal for CardRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingSelected => "NOTHING_SELECTED",
            Self::TooMany { .. } => "TOO_MANY",
            Self::NotFound { .. } => "CERTIFICATE_NOT_FOUND",
            Self::StateNotAllowed { state: CertificateState::Suspended, .. } => {
                "CERTIFICATE_SUSPENDED"
            }
            Self::StateNotAllowed { .. } => "CERTIFICATE_ENDED",
            Self::PhotoMissing { .. } => "PHOTO_MISSING",
            Self::CodeMissing { .. } => "CODE_MISSING",
            Self::Words { why, .. } | Self::Font(why) => why.code(),
            Self::Code(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Font(_) | Self::Code(_) => None,
            _ => Some("ids"),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooMany { most } => vec![("most", most.to_string())],
            Self::NotFound { id } => vec![("id", id.clone())],
            Self::StateNotAllowed { number, .. }
            | Self::PhotoMissing { number }
            | Self::CodeMissing { number }
            | Self::Words { number, .. } => vec![("number", number.clone())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let text = |id: &str, args: &[(&'static str, String)]| {
            let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
            TEXTS.text(locale, id, &args)
        };
        match self {
            Self::Font(why) => why.message(locale),
            Self::Code(error) => error.message(locale),
            Self::Words { why, .. } => {
                let why = ("why", why.message(locale));
                text("words", &[self.args(), vec![why]].concat())
            }
            Self::StateNotAllowed { state, .. } => {
                let state = text(&format!("state-{}", state.code()), &[]);
                text(self.code(), &[self.args(), vec![("state", state)]].concat())
            }
            _ => text(self.code(), &self.args()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        let number = || "62000000001".to_owned();
        let glyph = FontRefusal::Glyph { character: '𠮷', font: "〔font〕".into() };
        let states = CertificateState::all()
            .filter(|s| !matches!(s, CertificateState::Issued | CertificateState::Active));
        let mut all: Vec<(CardRefusal, &str)> = states
            .map(|state| (CardRefusal::StateNotAllowed { number: number(), state }, "62000000001"))
            .collect();
        all.extend([
            (CardRefusal::NothingSelected, ""),
            (CardRefusal::TooMany { most: 2_000 }, "2000"),
            (CardRefusal::NotFound { id: "cert_1".into() }, "cert_1"),
            (CardRefusal::PhotoMissing { number: number() }, "62000000001"),
            (CardRefusal::CodeMissing { number: number() }, "62000000001"),
            (CardRefusal::Words { number: number(), why: glyph.clone() }, "62000000001"),
            (CardRefusal::Words { number: number(), why: glyph.clone() }, "〔font〕"),
            (CardRefusal::Font(glyph), "〔font〕"),
            (CardRefusal::Code(QrError::TooLong(10)), "PUBLIC_URL"),
        ]);
        for (refusal, shown) in all {
            for locale in Locale::ALL {
                let text = refusal.message(locale);
                assert!(text.contains(shown), "{refusal:?} {locale:?}: {text}");
                assert!(text != refusal.code(), "{refusal:?} {locale:?}");
            }
        }
    }
}
