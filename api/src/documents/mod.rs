//! Documents for paper, as PDF: the two-sided card of a certificate, alone or many to a sheet of
//! A4, and reports. What is drawn is given; nothing here reads the database.
//!
//! Chinese text needs a font, and no crate carries one: [`fonts`] finds the system's. What a font
//! cannot show is refused before anything is drawn, so no card ever bears an empty box for a
//! character.

mod canvas;
mod card;
mod error;
mod fit;
pub mod fonts;
mod report;
mod sheet;

use std::sync::LazyLock;

use chrono::NaiveDate;
use entities::enums::PersonKind;

use crate::platform::texts::Catalogue;
pub use canvas::DrawError;
pub use error::FontRefusal;
use fonts::Font;
pub use report::{Attachment, Line, Report};
pub use sheet::CARDS as CARDS_A_SHEET;

/// The texts of this capability: what stands on a card, and why it cannot be drawn.
static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("documents.zh-CN.ftl"), include_str!("documents.en.ftl"))
});

/// What is printed on a card in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardText {
    /// Whose card it is; decides the title.
    pub kind: PersonKind,
    /// Holder's name.
    pub name: String,
    /// The holder's unit.
    pub unit: String,
    /// Certificate number.
    pub number: String,
    /// Issuing authority.
    pub issuing_authority: String,
    /// First valid day.
    pub valid_from: NaiveDate,
    /// Last valid day.
    pub valid_until: NaiveDate,
    /// The official domain that the code leads to.
    pub domain: String,
}

/// A card ready to be drawn.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// The words.
    pub text: CardText,
    /// The photo, a JPEG; it is put into the document as it is.
    pub photo: Vec<u8>,
    /// The code: rows of modules with the quiet zone around them, `true` for dark.
    pub code: Vec<Vec<bool>>,
}

impl CardText {
    /// Whether the font has every character of the card.
    pub fn check(&self, font: &Font) -> Result<(), FontRefusal> {
        let texts = [&self.name, &self.unit, &self.number, &self.issuing_authority, &self.domain];
        texts.into_iter().try_for_each(|text| font.has(text))
    }
}

/// One card: a page of its own size for the front and one for the back.
pub fn card(font: &Font, card: &Card) -> Result<Vec<u8>, DrawError> {
    card::document(font, card)
}

/// Sheets of A4 with [`CARDS_A_SHEET`] cards each. A page of fronts is followed by the page of
/// their backs, mirrored so that both sides of a card meet when the paper is turned on its long
/// edge.
pub fn sheets(font: &Font, cards: &[Card]) -> Result<Vec<u8>, DrawError> {
    sheet::document(font, cards)
}

/// A report on A4, as many pages as it takes.
pub fn report(font: &Font, report: &Report) -> Result<Vec<u8>, DrawError> {
    report::document(font, report)
}
