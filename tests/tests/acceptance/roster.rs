//! Rosters made by the tests: workbooks with the canonical headings, and people who do not exist.

use std::io::Write as _;

use rust_xlsxwriter::Workbook;

/// Headings and the cells of one applicant without a fault.
const CELLS: [(&str, &str); 17] = [
    ("姓名", ""),
    ("身份证号", ""),
    ("性别", ""),
    ("所属机关全称", ""),
    ("统一社会信用代码", ""),
    ("人员类别", "执法人员"),
    ("编制类型", "行政"),
    ("在岗状态", "在岗"),
    ("执法领域", ""),
    ("手机号", "13900000001"),
    ("公共法律考试成绩", "85.5"),
    ("公共法律考试日期", ""),
    ("专业法律考试成绩", "90"),
    ("专业法律考试日期", ""),
    ("本年培训学时", "61.5"),
    ("不得申领情形", "无"),
    ("照片文件名", ""),
];

/// The agency that sends the roster, as its register has it.
pub struct Agency {
    /// Full name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// A field it works in.
    pub field: String,
}

/// The ID number of a man in a region nobody has, with its check character (GB 11643-1999 §4).
pub fn id_number(ordinal: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (day, rest) = (ordinal % 28 + 1, ordinal / 28);
    let (month, rest) = (rest % 12 + 1, rest / 12);
    let body = format!("6299971985{month:02}{day:02}{:03}", rest * 2 + 1);
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    let check = char::from_digit((12 - sum % 11) % 11, 10).unwrap_or('X');
    format!("{body}{check}")
}

/// Heading and cells of each person, from the person's name and ordinal.
pub fn rows(agency: &Agency, people: &[(String, u32)], exam_day: &str) -> Vec<Vec<String>> {
    let headings = CELLS.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    let people = people.iter().map(|(name, ordinal)| {
        let cell = |&(heading, usual): &(&str, &str)| match heading {
            "姓名" => name.clone(),
            "身份证号" => id_number(*ordinal),
            "性别" => "男".to_owned(),
            "所属机关全称" => agency.name.clone(),
            "统一社会信用代码" => agency.uscc.clone(),
            "执法领域" => agency.field.clone(),
            "公共法律考试日期" | "专业法律考试日期" => exam_day.to_owned(),
            "手机号" => format!("139{ordinal:08}"),
            "照片文件名" => format!("{ordinal}.jpg"),
            _ => usual.to_owned(),
        };
        CELLS.iter().map(cell).collect()
    });
    std::iter::once(headings).chain(people).collect()
}

/// The rows as a workbook with the sheet 人员.
pub fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("人员").unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// The rows as a CSV text.
pub fn csv(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\r\n").collect()
}

/// A name of two or three characters for an ordinal, each beginning with `surname`.
pub fn name(surname: char, ordinal: u32) -> String {
    const GIVEN: [char; 20] = [
        '伟', '芳', '娜', '敏', '静', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明',
        '超', '霞', '平', '刚', '英',
    ];
    let given = |n: u32| GIVEN[usize::try_from(n).unwrap() % GIVEN.len()];
    [surname, given(ordinal), given(ordinal / 20)].iter().collect()
}

/// A ZIP with a photo of each person up to an ordinal, named by the ID number, each another one.
pub fn photos(people: u32) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for ordinal in 0..people {
        let [_, _, high, low] = ordinal.to_be_bytes();
        let picture = image::RgbImage::from_fn(160, 200, |x, _| {
            image::Rgb(if x < 80 { [high * 80, low, 90] } else { [low, 200, high * 80] })
        });
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("{}.png", id_number(ordinal)), options).unwrap();
        zip.write_all(&bytes.into_inner()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A picture that passes as a portrait: a face-coloured oval on white, as PNG.
pub fn portrait() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(358, 441, |x, y| {
        let (x, y) = (f64::from(x) - 179.0, f64::from(y) - 200.0);
        let inside = (x / 90.0).powi(2) + (y / 120.0).powi(2) < 1.0;
        image::Rgb(if inside { [222, 184, 155] } else { [245, 246, 248] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
