//! Finds a Chinese font and measures with it. `CARD_FONT_FILE` names one; otherwise the folders of
//! the system's fonts are looked through.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fontdb::{Database, FaceInfo, Family, Query, Source, Style, Weight};
use krilla::text::{GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

use super::card;
use super::error::FontRefusal;
use super::fit::Measured;

/// Families in order of preference. Where none of them is there, any upright face does that has
/// all the words of a card.
const FAMILIES: [&str; 12] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
];

/// The font of a deployment: looked for when it is first needed, then kept. What was not found is
/// looked for again, so that a font installed meanwhile needs no restart.
pub struct Fonts {
    file: Option<PathBuf>,
    found: Mutex<Option<Font>>,
}

impl Fonts {
    /// The font of this file, or of the system where none is given.
    pub fn new(file: Option<PathBuf>) -> Self {
        Self { file, found: Mutex::new(None) }
    }

    /// The font. Reads files: call it off the async threads.
    pub fn get(&self) -> Result<Font, FontRefusal> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(font) = &*found {
            return Ok(font.clone());
        }
        let font = Font::find(self.file.as_deref())?;
        *found = Some(font.clone());
        Ok(font)
    }
}

/// A face of a font file. Cloning is cheap.
#[derive(Clone)]
pub struct Font {
    data: Arc<Vec<u8>>,
    index: u32,
    family: String,
}

impl std::fmt::Debug for Font {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Font").field("family", &self.family).finish_non_exhaustive()
    }
}

impl Font {
    /// The font of a file, or the best of the system's where none is named.
    pub fn find(file: Option<&Path>) -> Result<Self, FontRefusal> {
        let mut database = Database::new();
        let Some(file) = file else {
            database.load_system_fonts();
            let searched = FAMILIES.join(", ");
            return best(&database).ok_or(FontRefusal::Missing { searched });
        };
        let name = file.display().to_string();
        if database.load_font_file(file).is_err() {
            return Err(FontRefusal::Missing { searched: name });
        }
        best(&database).ok_or(FontRefusal::Unusable { file: name })
    }

    /// The family's name.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// Whether it has every character of a text. Far cheaper than opening the face.
    pub(super) fn has(&self, text: &str) -> Result<(), FontRefusal> {
        let charmap = self.reference()?.charmap();
        match text.chars().find(|c| glyph(&charmap, *c).is_none()) {
            None => Ok(()),
            Some(character) => Err(FontRefusal::Glyph { character, font: self.family.clone() }),
        }
    }

    fn reference(&self) -> Result<FontRef<'_>, FontRefusal> {
        FontRef::from_index(&self.data, self.index).map_err(|_| self.unusable())
    }

    fn unusable(&self) -> FontRefusal {
        FontRefusal::Unusable { file: self.family.clone() }
    }

    /// Opens the face for measuring and drawing.
    pub(super) fn face(&self) -> Result<Face<'_>, FontRefusal> {
        let reference = self.reference()?;
        let krilla = krilla::text::Font::new(self.data.clone().into(), self.index);
        Ok(Face {
            charmap: reference.charmap(),
            metrics: reference.glyph_metrics(Size::new(1.0), LocationRef::default()),
            krilla: krilla.ok_or_else(|| self.unusable())?,
            family: &self.family,
        })
    }
}

/// The best face of those loaded that has the words of a card.
fn best(database: &Database) -> Option<Font> {
    let preferred = FAMILIES.iter().filter_map(|family| {
        let families = &[Family::Name(family)];
        let query = Query { families, weight: Weight::NORMAL, ..Query::default() };
        database.face(database.query(&query)?)
    });
    let mut others: Vec<&FaceInfo> =
        database.faces().filter(|face| face.style == Style::Normal).collect();
    others.sort_by_key(|face| (face.monospaced, face.weight.0.abs_diff(Weight::NORMAL.0)));
    let words = card::words();
    preferred.chain(others).find_map(|face| loaded(database, face, &words))
}

fn loaded(database: &Database, face: &FaceInfo, words: &str) -> Option<Font> {
    let has_words = |data: &[u8], index: u32| {
        FontRef::from_index(data, index).is_ok_and(|font| {
            let charmap = font.charmap();
            words.chars().all(|c| glyph(&charmap, c).is_some())
        })
    };
    if !database.with_face_data(face.id, has_words)? {
        return None;
    }
    let data = match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => std::fs::read(path).ok()?,
        Source::Binary(data) => data.as_ref().as_ref().to_vec(),
    };
    let family = face.families.first().map(|(name, _)| name.clone()).unwrap_or_default();
    Some(Font { data: Arc::new(data), index: face.index, family })
}

/// The glyph of a character; `None` where it would be the empty box.
fn glyph(charmap: &Charmap<'_>, character: char) -> Option<skrifa::GlyphId> {
    charmap.map(character).filter(|glyph| glyph.to_u32() != 0)
}

/// A face opened for one document.
pub(super) struct Face<'a> {
    charmap: Charmap<'a>,
    metrics: GlyphMetrics<'a>,
    krilla: krilla::text::Font,
    family: &'a str,
}

/// A text as glyphs, one a character.
pub(super) struct Shaped {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub measured: Vec<Measured>,
}

impl Face<'_> {
    pub fn krilla(&self) -> krilla::text::Font {
        self.krilla.clone()
    }

    /// The glyphs of a text, with the font's own advances. Chinese and Latin need no more than
    /// that: a glyph a character.
    pub fn shape(&self, text: &str) -> Result<Shaped, FontRefusal> {
        let mut shaped = Shaped { text: text.to_owned(), glyphs: Vec::new(), measured: Vec::new() };
        for (at, character) in text.char_indices() {
            let missing = || FontRefusal::Glyph { character, font: self.family.to_owned() };
            let id = glyph(&self.charmap, character).ok_or_else(missing)?;
            let advance = self.metrics.advance_width(id).ok_or_else(missing)?;
            let range = at..at + character.len_utf8();
            let id = GlyphId::new(id.to_u32());
            shaped.glyphs.push(KrillaGlyph::new(id, advance, 0.0, 0.0, 0.0, range, None));
            shaped.measured.push(Measured { character, advance });
        }
        Ok(shaped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::failure::Refusal;

    #[test]
    fn the_systems_font_has_the_words_of_a_card_and_is_kept() {
        let fonts = Fonts::new(None);
        let font = fonts.get().expect("a Chinese font: scripts/setup installs one");
        let face = font.face().unwrap();
        let shaped = face.shape("张三 A").unwrap();
        let advances: Vec<f32> = shaped.measured.iter().map(|m| m.advance).collect();
        assert_eq!(advances[..2], [1.0, 1.0], "hanzi are as wide as high");
        assert!(advances[3] > 0.3 && advances[3] < 0.9, "{advances:?}");
        assert!(Arc::ptr_eq(&font.data, &fonts.get().unwrap().data), "read once");
    }

    #[test]
    fn a_font_that_is_not_there_is_named() {
        let missing = Font::find(Some(Path::new("/nowhere/font.ttf"))).unwrap_err();
        assert_eq!(missing, FontRefusal::Missing { searched: "/nowhere/font.ttf".into() });
        assert!(best(&Database::new()).is_none());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "no font").unwrap();
        let unusable = Font::find(Some(file.path())).unwrap_err();
        assert_eq!(unusable.code(), "FONT_UNUSABLE");
        assert_eq!(unusable.args()[0].1, file.path().display().to_string());
    }

    #[test]
    fn a_character_without_a_glyph_is_named_and_never_an_empty_box() {
        let font = Font::find(None).unwrap();
        let face = font.face().unwrap();
        // Neither is assigned to a character.
        for character in ['\u{10ffff}', '\u{e000}'] {
            let text = format!("张{character}");
            let refusal = FontRefusal::Glyph { character, font: font.family().to_owned() };
            assert_eq!(font.has(&text), Err(refusal.clone()));
            assert_eq!(face.shape(&text).err(), Some(refusal));
        }
    }
}
