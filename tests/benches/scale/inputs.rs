//! What a province sends: its roster as a workbook and its photos as one ZIP, made with the demo's
//! own generator, so that nothing in it is anybody's.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, ensure};
use api::demo::fate::Fate;
use api::demo::load::SEED;
use api::demo::portraits::portraits;
use api::demo::province::{Extent, agencies};
use api::demo::roster::{DemoOfficer, officers};
use api::demo::workbook::workbook;
use chrono::NaiveDate;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Divisions whose offices can sign in: the province, its capital, a district.
const WITH_PASSWORDS: [&str; 3] = ["620000", "620100", "620102"];
/// How much of the roster works in those, so that enough of them can be issued certificates.
const SHARE: f64 = 0.45;

/// A province's roster.
pub struct Province {
    /// The workbook.
    pub workbook: Vec<u8>,
    /// Its rows.
    pub rows: usize,
    /// ID number and portrait of those who can be issued a certificate through offices that can
    /// sign in.
    applicants: Vec<(String, usize)>,
    /// The offices that can sign in, by the word in their sign-in names.
    pub offices: Vec<String>,
}

impl Province {
    /// So many people of the usual agencies.
    pub fn of(rows: usize, today: NaiveDate) -> anyhow::Result<Self> {
        let mut agencies = agencies(Extent::Usual);
        // The demo's only officer is in the register already.
        let demo = officers(1, SEED, today, &agencies);
        let known: HashSet<&String> = demo.iter().map(|officer| &officer.id_number).collect();
        let weight = |with: bool| -> u32 {
            let own = agencies.iter().filter(|a| WITH_PASSWORDS.contains(&a.division) == with);
            own.map(|agency| agency.weight).sum()
        };
        let times = SHARE / (1.0 - SHARE) * f64::from(weight(false)) / f64::from(weight(true));
        for agency in agencies.iter_mut().filter(|a| WITH_PASSWORDS.contains(&a.division)) {
            agency.weight = whole(f64::from(agency.weight) * times);
        }
        let people: Vec<DemoOfficer> = officers(rows + 1, SEED + 1, today, &agencies)
            .into_iter()
            .filter(|officer| !known.contains(&officer.id_number))
            .take(rows)
            .collect();
        ensure!(people.len() == rows, "{} people of {rows}", people.len());
        let signs_in = |agency: usize| {
            agencies.get(agency).is_some_and(|a| WITH_PASSWORDS.contains(&a.division))
        };
        let without = [Fate::Auxiliary, Fate::Candidate];
        let applicants = people
            .iter()
            .filter(|officer| signs_in(officer.agency) && !without.contains(&officer.fate))
            // Of whom the roster has the failed sitting only.
            .filter(|officer| officer.resit.is_none())
            .filter_map(|officer| Some((officer.id_number.clone(), officer.portrait?)))
            .collect();
        let offices = agencies
            .iter()
            .filter(|agency| WITH_PASSWORDS.contains(&agency.division))
            .map(|agency| agency.slug.clone())
            .collect();
        Ok(Self { workbook: workbook(&agencies, &people)?, rows, applicants, offices })
    }

    /// Writes a ZIP with a photo of each of so many applicants, each another picture.
    pub fn write_photos(&self, file: &Path, count: usize) -> anyhow::Result<()> {
        ensure!(self.applicants.len() >= count, "only {} applicants", self.applicants.len());
        let pictures: Vec<RgbImage> = portraits()?
            .iter()
            .map(|portrait| Ok(image::load_from_memory(&portrait.jpeg)?.into_rgb8()))
            .collect::<anyhow::Result<_>>()?;
        let mut zip = ZipWriter::new(BufWriter::new(std::fs::File::create(file)?));
        // Pictures do not become smaller.
        let stored =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let mut jpeg = Vec::new();
        for (number, (id_number, portrait)) in (0_u32..).zip(self.applicants.iter().take(count)) {
            let mut picture = pictures.get(*portrait).context("a portrait")?.clone();
            mark(&mut picture, number);
            jpeg.clear();
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 88))?;
            zip.start_file(format!("{id_number}.jpg"), stored)?;
            zip.write_all(&jpeg)?;
        }
        zip.finish()?.flush()?;
        Ok(())
    }
}

/// Draws a number's bits along the lower edge, so that no two pictures are one.
fn mark(picture: &mut RgbImage, number: u32) {
    let bottom = picture.height() - 8;
    for bit in 0..20 {
        let shade = if number >> bit & 1 == 1 { 250 } else { 20 };
        for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (x, y))) {
            picture.put_pixel(bit * 8 + x, bottom + y, Rgb([shade, shade, shade]));
        }
    }
}

/// The nearest whole number, at least one.
fn whole(value: f64) -> u32 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and weights are small"
    )]
    let whole = value.round() as u32;
    whole.max(1)
}
