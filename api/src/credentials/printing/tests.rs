//! Cards seen as a printer and a reader see them: rendered by poppler, read by zbar, neither of
//! them ours.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::NaiveDate;
use entities::enums::PersonKind;
use image::codecs::jpeg::JpegEncoder;
use tempfile::TempDir;

use crate::credentials::qr::{self, VersionLimit};
use crate::documents::fonts::Font;
use crate::documents::{self, CARDS_A_SHEET, Card, CardText};

const PREFIX: &str = "https://lz.gansu.gov.cn/v/";

/// Digits as long as those of a printed code, another for each card.
fn digits(card: u64) -> String {
    format!("4{:0307}", u128::from(card + 1) * 0x9e37_79b9_7f4a_7c15_f39c)
}

fn photo() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(358, 441, |x, y| {
        let shade = u8::try_from((x + y) % 256).unwrap();
        image::Rgb([shade, 200, 255 - shade])
    });
    let mut jpeg = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 82)).unwrap();
    jpeg
}

fn card(number: u64, name: &str, unit: &str) -> Card {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    Card {
        text: CardText {
            kind: PersonKind::EnforcementOfficer,
            name: name.to_owned(),
            unit: unit.to_owned(),
            number: (62_000_000_000 + number).to_string(),
            issuing_authority: "兰州市城关区司法局".to_owned(),
            valid_from: day(2026, 3, 2),
            valid_until: day(2031, 3, 1),
            domain: "lz.gansu.gov.cn".to_owned(),
        },
        photo: photo(),
        code: qr::draw(PREFIX, &digits(number), VersionLimit::Printed).unwrap().into_rows(),
    }
}

/// A document in a folder of its own.
struct Paper {
    folder: TempDir,
}

impl Paper {
    fn new(document: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("a.pdf"), document).unwrap();
        Self { folder }
    }

    /// What a program of poppler's says of it.
    fn ask(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).args(arguments);
        let output = command.output().unwrap_or_else(|e| panic!("{program}: {e}; scripts/setup"));
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The text of a page without blanks.
    fn text(&self, page: &str) -> String {
        let text = self.ask("pdftotext", &["-f", page, "-l", page, "a.pdf", "-"]);
        text.split_whitespace().collect()
    }

    /// The pages at 300 dots an inch.
    fn pictures(&self) -> Vec<PathBuf> {
        self.ask("pdftoppm", &["-r", "300", "-png", "a.pdf", "page"]);
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let mut pictures: Vec<PathBuf> =
            files.filter(|file| file.extension().is_some_and(|e| e == "png")).collect();
        pictures.sort();
        pictures
    }

    /// What zbar reads in a picture.
    fn codes(&self, picture: &Path) -> BTreeSet<String> {
        let file = picture.to_str().unwrap();
        // Our codes, and not what looks like another kind of code in a face.
        let qr_only = ["--raw", "-q", "-Sdisable", "-Sqrcode.enable", file];
        self.ask("zbarimg", &qr_only).lines().map(str::to_owned).collect()
    }
}

/// A box of a word, in points from the upper left corner.
fn boxes(paper: &Paper, page: &str) -> Vec<(f32, f32, f32, f32)> {
    let listed = paper.ask("pdftotext", &["-bbox", "-f", page, "-l", page, "a.pdf", "-"]);
    let words = listed.lines().filter(|line| line.trim_start().starts_with("<word"));
    words
        .map(|line| {
            let value = |name: &str| -> f32 {
                let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
                rest.split('"').next().unwrap().parse().unwrap()
            };
            (value("xMin"), value("yMin"), value("xMax"), value("yMax"))
        })
        .collect()
}

#[test]
fn both_sides_of_a_card_are_read_as_they_were_written() {
    let font = Font::find(None).unwrap();
    let card = card(1, "阿依古丽·买买提", "兰州市城关区市场监督管理局");
    card.text.check(&font).unwrap();
    let document = documents::card(&font, &card).unwrap();
    let paper = Paper::new(&document);

    let about = paper.ask("pdfinfo", &["a.pdf"]);
    let value = |name: &str| about.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim();
    assert_eq!(value("Pages:"), "2");
    // 85.6 × 54 mm at 72 points an inch.
    assert_eq!(value("Page size:"), "242.646 x 153.071 pts");
    assert_eq!(value("Title:"), "行政执法证件 62000000001");
    let fonts = paper.ask("pdffonts", &["a.pdf"]);
    let embedded: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(embedded.len(), 1, "{fonts}");
    assert!(embedded[0].contains("yes yes yes"), "embedded, as a subset, with its text: {fonts}");

    let front = paper.text("1");
    for shown in ["阿依古丽·买买提", "兰州市城关区市场监督管理局", "62000000001", "lz.gansu.gov.cn"]
    {
        assert!(front.contains(shown), "{shown} is missing: {front}");
    }
    let back = paper.text("2");
    for shown in [
        "行政执法证",
        "AdministrativeEnforcementCertificate",
        "兰州市城关区司法局",
        "2026.03.02-2031.03.01",
        "lz.gansu.gov.cn",
        "国徽",
    ] {
        assert!(back.contains(shown), "{shown} is missing: {back}");
    }

    let pictures = paper.pictures();
    assert_eq!(paper.codes(&pictures[0]), [format!("{PREFIX}{}", digits(1))].into());
    // The photo is in the document byte for byte.
    paper.ask("pdfimages", &["-j", "a.pdf", "photo"]);
    let kept = std::fs::read(paper.folder.path().join("photo-000.jpg")).unwrap();
    assert!(kept == card.photo, "the photo was encoded anew");
}

#[test]
fn the_longest_words_stay_on_the_card_and_off_the_code() {
    let font = Font::find(None).unwrap();
    let name: String = "阿卜杜热合曼·".chars().cycle().take(50).collect();
    let unit: String =
        "临夏回族自治州积石山保安族东乡族撒拉族自治县".chars().cycle().take(100).collect();
    let mut card = card(2, &name, &unit);
    card.text.kind = PersonKind::SupervisionOfficer;
    card.text.issuing_authority.clone_from(&unit);
    card.text.domain = "zhengjian-0123456789.gov.cn".to_owned();
    let paper = Paper::new(&documents::card(&font, &card).unwrap());
    assert!(paper.text("1").contains(&name) && paper.text("1").contains(&unit));
    assert!(paper.text("2").contains(&unit) && paper.text("2").contains("行政执法监督证"));
    let pictures = paper.pictures();
    assert_eq!(paper.codes(&pictures[0]), [format!("{PREFIX}{}", digits(2))].into());
    let points = |mm: f32| mm * 72.0 / 25.4;
    for page in ["1", "2"] {
        let boxes = boxes(&paper, page);
        assert!(boxes.len() > 8, "{boxes:?}");
        for word in boxes {
            let (left, top, right, bottom) = word;
            assert!(left >= points(4.0) && right <= points(81.6), "{page}: {word:?}");
            assert!(top >= points(5.5) && bottom <= points(52.0), "{page}: {word:?}");
            let over_code = right > points(58.0) && bottom > points(28.6);
            assert!(page == "2" || !over_code, "over the code: {word:?}");
        }
    }
}

#[test]
fn every_code_of_a_sheet_is_read_and_backs_lie_behind_their_fronts() {
    let font = Font::find(None).unwrap();
    let count = u64::try_from(CARDS_A_SHEET).unwrap() + 3;
    let cards: Vec<Card> = (0..count)
        .map(|n| {
            let mut card = card(n, "王伟", "甘肃省生态环境厅");
            card.text.issuing_authority = format!("第{n}局");
            card
        })
        .collect();
    let paper = Paper::new(&documents::sheets(&font, &cards).unwrap());
    let about = paper.ask("pdfinfo", &["a.pdf"]);
    assert!(about.contains("595.276 x 841.89 pts (A4)"), "{about}");
    let pictures = paper.pictures();
    assert_eq!(pictures.len(), 4);
    let expected = |numbers: std::ops::Range<u64>| -> BTreeSet<String> {
        numbers.map(|n| format!("{PREFIX}{}", digits(n))).collect()
    };
    assert_eq!(paper.codes(&pictures[0]), expected(0..10));
    assert_eq!(paper.codes(&pictures[2]), expected(10..13));
    for (page, side) in [("1", "第1张正面"), ("2", "第1张背面"), ("4", "第2张背面")] {
        assert!(paper.text(page).contains(side), "{page}");
    }
    // The third sheet of three cards: the first lies on the left and its back on the right.
    let middle = |words: &str, page: &str| -> bool {
        let listed = paper.ask("pdftotext", &["-bbox", "-f", page, "-l", page, "a.pdf", "-"]);
        let line = listed.lines().find(|line| line.contains(words)).unwrap();
        let (_, x) = line.split_once("xMin=\"").unwrap();
        x.split('"').next().unwrap().parse::<f32>().unwrap() < 595.276 / 2.0
    };
    assert!(middle("62000000010", "3") && !middle("62000000011", "3"));
    assert!(!middle("第10局", "4") && middle("第11局", "4"));
}
