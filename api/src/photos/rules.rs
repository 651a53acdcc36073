//! What the name of a file in a ZIP says: how it is written, whether it is a photo at all, and
//! whose. Pure: no database, no archive.

use unicode_normalization::UnicodeNormalization;

/// Longest name, in characters; file systems take no longer ones.
const MOST_CHARACTERS: usize = 255;
/// Endings of archives.
const ARCHIVES: [&str; 9] = ["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "jar"];

/// The name of a file as text. `utf8` is what the entry says of itself; where it says nothing,
/// programs of Windows mean their own code page, which in China is GBK, and macOS means UTF-8 all
/// the same. Text in UTF-8 with a Chinese character in it is hardly ever GBK by accident; without
/// one, it may be.
pub fn decode_name(bytes: &[u8], utf8: bool) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if utf8 || text.is_ascii() || text.chars().any(|c| c >= '\u{800}') => {
            text.to_owned()
        }
        Err(_) if utf8 => String::from_utf8_lossy(bytes).into_owned(),
        _ => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// A name as it is kept: without what a spreadsheet or a terminal would act on, and cut.
pub fn shown_name(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(MOST_CHARACTERS)
        .collect()
}

/// Whether the name leads elsewhere than into a folder of the ZIP, or is no name of a file.
pub fn is_unsafe(name: &str) -> bool {
    let drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    drive
        || name.starts_with('/')
        || name.contains('\\')
        || name.chars().any(char::is_control)
        || name.chars().count() > MOST_CHARACTERS
        || name.split('/').any(|part| matches!(part, "" | "." | ".."))
}

/// Whether a file is none of the sender's: systems write such beside the photos.
pub fn is_of_a_system(name: &str) -> bool {
    let file = base_name(name);
    name.split('/').any(|part| part == "__MACOSX")
        || file.starts_with("._")
        || ["thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"]
            .iter()
            .any(|known| file.eq_ignore_ascii_case(known))
}

/// Whether a file is an archive by its name.
pub fn is_archive_by_name(name: &str) -> bool {
    split_ending(base_name(name))
        .1
        .is_some_and(|ending| ARCHIVES.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Whether a file is an archive by its first bytes.
pub fn is_archive(bytes: &[u8]) -> bool {
    [b"PK\x03\x04".as_slice(), b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b"]
        .iter()
        .any(|magic| bytes.starts_with(magic))
}

/// The name without the folders before it.
pub fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A name in the form in which it is compared exactly.
pub fn exact_key(file: &str) -> String {
    file.trim().nfc().collect()
}

/// A name in the form in which it is compared without its ending and without regard to case.
pub fn stem_key(file: &str) -> String {
    split_ending(file.trim()).0.nfkc().collect::<String>().to_lowercase()
}

/// Takes off an ending of one to five letters or digits.
fn split_ending(file: &str) -> (&str, Option<&str>) {
    match file.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            (stem, Some(ending))
        }
        _ => (file, None),
    }
}

/// The ID numbers in a name: 18 digits, or 17 and an x, that no other digit touches; in whatever
/// width they were typed. A last x is in capital. Whether such a number exists is for the register.
pub fn id_numbers(file: &str) -> Vec<String> {
    let text: String = file.nfkc().collect();
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (_, from) = rest.split_at(start);
        let length = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (digits, after) = from.split_at(length);
        let mut next = after.chars();
        let ends_in_x = matches!(next.next(), Some('x' | 'X'))
            && !next.next().is_some_and(|c| c.is_ascii_alphanumeric());
        let number = match length {
            18 => Some(digits.to_owned()),
            17 if ends_in_x => Some(format!("{digits}X")),
            _ => None,
        };
        found.extend(number.filter(|number| !found.contains(number)));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gbk(text: &str) -> Vec<u8> {
        encoding_rs::GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn a_name_is_read_by_its_flag_and_else_as_it_was_meant() {
        for name in ["张三.jpg", "买买提·艾力.jpg", "单位/李四.png", "\u{20bb7}野.jpg", "z.jpg"]
        {
            assert_eq!(decode_name(name.as_bytes(), true), name);
            assert_eq!(decode_name(name.as_bytes(), false), name, "as macOS writes it");
            assert_eq!(decode_name(&gbk(name), false), name, "as Windows writes it");
        }
        // Valid UTF-8 by accident: two bytes each, of a script nobody here names files in.
        assert_eq!(std::str::from_utf8(&gbk("卢伟")), Ok("¬ΰ"));
        assert_eq!(decode_name(&gbk("卢伟.jpg"), false), "卢伟.jpg");
        // The second byte of a character may look like a backslash.
        assert_eq!(gbk("乗"), [0x81, b'\\']);
        assert!(!is_unsafe(&decode_name(&gbk("乗.jpg"), false)));
        assert_eq!(decode_name(b"\xff\xfe.jpg", true), "\u{fffd}\u{fffd}.jpg");
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_unsafe() {
        for name in [
            "../1.jpg",
            "a/../1.jpg",
            "a/./1.jpg",
            "a//1.jpg",
            "/etc/1.jpg",
            "C:1.jpg",
            "c:/1.jpg",
            "a\\1.jpg",
            "..\\1.jpg",
            "a\n.jpg",
            "a\0.jpg",
            "",
            &"长".repeat(256),
        ] {
            assert!(is_unsafe(name), "{name:?}");
        }
        for name in ["1.jpg", "单位/科室/1.jpg", "..1.jpg", "a..jpg", "张三 (1).jpg", "：1.jpg"]
        {
            assert!(!is_unsafe(name), "{name:?}");
        }
        assert_eq!(shown_name("a\u{1b}[2J\n.jpg"), "a\u{fffd}[2J\u{fffd}.jpg");
        assert_eq!(shown_name(&"长".repeat(300)).chars().count(), 255);
    }

    #[test]
    fn what_systems_write_and_archives_are_known() {
        for name in
            ["__MACOSX/._张三.jpg", "a/__MACOSX/1.jpg", "._1.jpg", "单位/Thumbs.db", ".DS_Store"]
        {
            assert!(is_of_a_system(name), "{name}");
        }
        assert!(!is_of_a_system("MACOSX/1.jpg") && !is_of_a_system("Thumbs.db.jpg"));
        assert!(is_archive_by_name("单位/照片.ZIP") && is_archive_by_name("a.tar.gz"));
        assert!(!is_archive_by_name("zip") && !is_archive_by_name("a.zip/1.jpg"));
        assert!(is_archive(b"PK\x03\x04rest") && !is_archive(b"\xff\xd8\xff"));
    }

    #[test]
    fn an_id_number_is_found_wherever_it_stands() {
        const A: &str = "620102199003070011";
        const B: &str = "62010219900307001X";
        for (file, expected) in [
            ("620102199003070011.jpg", vec![A]),
            ("张三_620102199003070011(1).jpg", vec![A]),
            ("620102199003070011张三.jpg", vec![A]),
            ("62010219900307001x.jpg", vec![B]),
            ("62010219900307001X张三.jpg", vec![B]),
            ("６２０１０２１９９００３０７００１ｘ.jpg", vec![B]),
            ("620102199003070011-62010219900307001X.jpg", vec![A, B]),
            ("620102199003070011 620102199003070011.jpg", vec![A]),
            ("1620102199003070011.jpg", vec![]),
            ("6201021990030700111.jpg", vec![]),
            ("62010219900307001xy.jpg", vec![]),
            ("62010219900307001.jpg", vec![]),
            ("IMG_20260302_101010.jpg", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(id_numbers(file), expected, "{file}");
        }
    }

    #[test]
    fn names_are_compared_exactly_and_without_their_ending() {
        assert_eq!(exact_key(" cafe\u{301}.jpg"), exact_key("caf\u{e9}.jpg"));
        assert_ne!(exact_key("A.jpg"), exact_key("a.jpg"));
        for (one, other) in [
            ("A.JPG", "a.png"),
            ("张三.jpeg", "张三"),
            ("ＩＭＧ１.jpg", "img1.JPG"),
            ("王.伟.jpg", "王.伟"),
        ] {
            assert_eq!(stem_key(one), stem_key(other));
        }
        assert_ne!(stem_key("张三1.jpg"), stem_key("张三.jpg"));
        assert_eq!(stem_key(".jpg"), ".jpg");
    }
}
