//! A batch that was checked, written part by part: photos are read and codes drawn for one part
//! at a time. All of it works on a core for seconds: call it off the async threads.

use std::io::{Seek, Write};

use tokio::runtime::Handle;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::super::qr::{self, VersionLimit};
use super::store::{self, Printable};
use super::{Press, rules, works};
use crate::documents::fonts::Font;
use crate::documents::{self, CARDS_A_SHEET, Card};
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// Cards of a part: whole sheets, and a stack that one tray of paper prints.
pub(super) const CARDS_A_PART: usize = 20 * CARDS_A_SHEET;

/// Cards that may and can be printed.
pub struct Batch {
    press: Press,
    font: Font,
    cards: Vec<Printable>,
}

impl Batch {
    pub(super) fn new(press: Press, font: Font, cards: Vec<Printable>) -> Self {
        Self { press, font, cards }
    }

    pub(super) fn cards(&self) -> &[Printable] {
        &self.cards
    }

    /// The one card, a page a side.
    pub fn card(&self, platform: &Platform) -> Result<Vec<u8>, Fault> {
        let cards = self.drawn(platform, self.cards.get(..1).unwrap_or_default())?;
        let card = cards.first().ok_or_else(|| Fault::other("a batch without a card"))?;
        documents::card(&self.font, card).map_err(Fault::other)
    }

    /// All cards as sheets in one document.
    pub fn sheets(&self, platform: &Platform) -> Result<Vec<u8>, Fault> {
        self.part(platform, &self.cards)
    }

    /// All cards as sheets, a document for each part.
    pub fn sheets_in_parts(&self, platform: &Platform, out: impl Write) -> Result<(), Fault> {
        let mut archive = Archive::new(out);
        for (number, cards) in (1_usize..).zip(self.cards.chunks(CARDS_A_PART)) {
            archive.file(&format!("sheets-{number:02}.pdf"), &self.part(platform, cards)?)?;
        }
        archive.finish()
    }

    /// The workbook, photos and codes for the works.
    pub fn works(&self, platform: &Platform, out: impl Write) -> Result<(), Fault> {
        let mut archive = Archive::new(out);
        let prefix = &self.press.prefix;
        let workbook = works::workbook(&self.cards, prefix, &self.press.domain);
        archive.file("cards.xlsx", &workbook.map_err(Fault::other)?)?;
        let named: Vec<(String, &Printable)> =
            (1_usize..).zip(&self.cards).map(|(n, card)| (works::name(n, card), card)).collect();
        for part in named.chunks(CARDS_A_PART) {
            let photos = photos(platform, part.iter().map(|(_, card)| *card))?;
            for ((name, card), photo) in part.iter().zip(photos) {
                archive.file(&works::photo_file(name), &photo)?;
                let code = self.code(card)?.to_png(works::SCALE).map_err(Fault::other)?;
                archive.file(&works::code_file(name), &code)?;
            }
        }
        archive.finish()
    }

    fn part(&self, platform: &Platform, cards: &[Printable]) -> Result<Vec<u8>, Fault> {
        documents::sheets(&self.font, &self.drawn(platform, cards)?).map_err(Fault::other)
    }

    fn drawn(&self, platform: &Platform, cards: &[Printable]) -> Result<Vec<Card>, Fault> {
        let photos = photos(platform, cards.iter())?;
        let draw = |(card, photo)| {
            let code = self.code(card)?.into_rows();
            Ok(Card { text: rules::words(card, &self.press.domain), photo, code })
        };
        cards.iter().zip(photos).map(draw).collect()
    }

    fn code(&self, card: &Printable) -> Result<qr::QrCode, Fault> {
        let digits = card.digits.as_deref().unwrap_or_default();
        qr::draw(&self.press.prefix, digits, VersionLimit::Printed).map_err(Fault::other)
    }
}

/// The photo of each card, in order.
fn photos<'a>(
    platform: &Platform,
    cards: impl Iterator<Item = &'a Printable>,
) -> Result<Vec<Vec<u8>>, Fault> {
    let hashes: Vec<Vec<u8>> = cards.filter_map(|c| c.card.photo_sha256.clone()).collect();
    let found = Handle::current().block_on(store::photos(platform.db.read(), &hashes))?;
    let photo =
        |hash| found.get(hash).cloned().ok_or_else(|| Fault::stored("a photo that is not there"));
    hashes.iter().map(photo).collect()
}

/// A ZIP written as it grows, to where nobody can go back.
struct Archive<W: Write + Seek>(ZipWriter<W>);

impl<W: Write> Archive<StreamWriter<W>> {
    fn new(out: W) -> Self {
        Self(ZipWriter::new_stream(out))
    }

    fn file(&mut self, name: &str, content: &[u8]) -> Result<(), Fault> {
        // Stored files of a growing archive cannot be read by all programs; deflated ones can.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1));
        self.0.start_file(name, options).map_err(Fault::other)?;
        self.0.write_all(content).map_err(Fault::other)
    }

    fn finish(self) -> Result<(), Fault> {
        let mut out = self.0.finish().map_err(Fault::other)?;
        out.flush().map_err(Fault::other)
    }
}
