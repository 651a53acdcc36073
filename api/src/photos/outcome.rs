//! What became of a file of a ZIP: one code each, with its text in both languages.

use entities::enums::PhotoRowState;

use super::TEXTS;
use crate::officers::photo::PhotoError;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is one person's photo and waits to be attached.
    Ready,
    /// The person was given it.
    Attached,
    /// The person has this very photo.
    Unchanged,
    /// A system wrote it beside the photos.
    FileIgnored,
    /// Its name leads elsewhere than into a folder of the ZIP.
    NameUnsafe,
    /// A password is needed.
    Encrypted,
    /// An archive in the archive.
    NestedArchive,
    /// Nobody in the sender's part of the tree is meant by its name. Whether anybody elsewhere is,
    /// is not told.
    NotMatched,
    /// Its name means several people.
    Ambiguous,
    /// Another file of the ZIP is of the same person.
    PersonTwice,
    /// The ZIP gives its bytes damaged, or packed in a way that is not supported.
    Unreadable,
    /// It is no picture that can be taken.
    Picture(PhotoError),
}

impl Outcome {
    /// Every outcome but those of a picture, which are [`PhotoError::ALL`].
    const OWN: [Self; 11] = [
        Self::Ready,
        Self::Attached,
        Self::Unchanged,
        Self::FileIgnored,
        Self::NameUnsafe,
        Self::Encrypted,
        Self::NestedArchive,
        Self::NotMatched,
        Self::Ambiguous,
        Self::PersonTwice,
        Self::Unreadable,
    ];

    /// Every outcome.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::OWN.into_iter().chain(PhotoError::ALL.map(Self::Picture))
    }

    /// The stable word, which is also the id of its text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ready => "PHOTO_READY",
            Self::Attached => "PHOTO_ATTACHED",
            Self::Unchanged => "PHOTO_UNCHANGED",
            Self::FileIgnored => "PHOTO_FILE_IGNORED",
            Self::NameUnsafe => "PHOTO_NAME_UNSAFE",
            Self::Encrypted => "PHOTO_ENCRYPTED",
            Self::NestedArchive => "PHOTO_NESTED_ARCHIVE",
            Self::NotMatched => "PHOTO_NOT_MATCHED",
            Self::Ambiguous => "PHOTO_AMBIGUOUS",
            Self::PersonTwice => "PHOTO_PERSON_TWICE",
            Self::Unreadable => "PHOTO_UNREADABLE",
            Self::Picture(error) => error.code(),
        }
    }

    /// The outcome a stored word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|outcome| outcome.code() == code)
    }

    /// The state of a row with this outcome.
    pub const fn state(self) -> PhotoRowState {
        match self {
            Self::Ready => PhotoRowState::Ready,
            Self::Attached => PhotoRowState::Attached,
            Self::Unchanged => PhotoRowState::Unchanged,
            Self::FileIgnored => PhotoRowState::Ignored,
            _ => PhotoRowState::Failed,
        }
    }

    /// The text.
    pub fn text(self, locale: Locale) -> String {
        match self {
            Self::Picture(error) => error.message(locale),
            own => TEXTS.text(locale, own.code(), &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_outcome_has_a_word_of_its_own_and_a_text_in_every_language() {
        let codes: HashSet<&str> = Outcome::all().map(Outcome::code).collect();
        assert_eq!(codes.len(), Outcome::all().count());
        for outcome in Outcome::all() {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
            for locale in Locale::ALL {
                assert_ne!(outcome.text(locale), outcome.code(), "{locale:?}");
            }
        }
        assert_eq!(Outcome::from_code("PHOTO_NONE"), None);
    }
}
