//! One spelling only: every other way to write the same credential is refused, though its signature
//! is good.

use mobile_contract::{Signer, Verdict, digits::MAX_DIGITS, open};

use crate::fixtures::*;

fn hex_of(text: &str) -> Vec<u8> {
    hex::decode(text.replace(' ', "")).unwrap()
}

/// The payload of a printed credential, in pieces to be varied.
const NUMBER: &str = "02 6b3632303030303030303137";
const EXP: &str = "04 1a70000000";
const NBF: &str = "05 1a60000000";
const FACTS: &str = "3a00010000 86 01 46 9a6c66535170 1904b4 01 03 1a00015895";

fn payload(head: &str, entries: &[&str]) -> Vec<u8> {
    hex_of(&format!("{head}{}", entries.concat()))
}

fn facts(facts: &str) -> Vec<u8> {
    payload("a4", &[NUMBER, EXP, NBF, "3a00010000", facts])
}

fn verdict(protected: &[u8], payload: &[u8]) -> Verdict {
    scan(&digits(&sealed(protected, payload, b"liangzheng/printed/1", &issuer()))).verdict
}

fn sound() -> Vec<u8> {
    payload("a4", &[NUMBER, EXP, NBF, FACTS])
}

#[test]
fn the_one_spelling_is_valid() {
    assert_eq!(verdict(&protected(), &sound()), Verdict::Valid);
    // Beyond an issuer's maxima, but within the format.
    let large = "86 01 40 1affffffff 1affffffff 1affffffff 1affffffff";
    assert_eq!(verdict(&protected(), &facts(large)), Verdict::Valid);
}

#[test]
fn another_payload_is_unreadable() {
    let p = payload;
    for (what, payload) in [
        ("empty", vec![]),
        ("not a map", hex_of("80")),
        ("number longer than needed", p("a4", &["02 780b3632303030303030303137", EXP, NBF, FACTS])),
        ("number indefinite", p("a4", &["02 7f6b3632303030303030303137ff", EXP, NBF, FACTS])),
        ("number as bytes", p("a4", &["02 4b3632303030303030303137", EXP, NBF, FACTS])),
        ("number empty", p("a4", &["02 60", EXP, NBF, FACTS])),
        ("number not UTF-8", p("a4", &["02 61ff", EXP, NBF, FACTS])),
        ("number beyond the end", p("a4", &[EXP, NBF, FACTS, "02 7818"])),
        ("exp longer than needed", p("a4", &[NUMBER, "04 1b0000000070000000", NBF, FACTS])),
        ("exp negative", p("a4", &[NUMBER, "04 3a70000000", NBF, FACTS])),
        ("exp a float", p("a4", &[NUMBER, "04 fb41dc000000000000", NBF, FACTS])),
        ("exp a tagged time", p("a4", &[NUMBER, "04 c11a70000000", NBF, FACTS])),
        ("exp beyond an i64", p("a4", &[NUMBER, "04 1bffffffffffffffff", NBF, FACTS])),
        ("exp not after nbf", p("a4", &[NUMBER, "04 1a60000000", NBF, FACTS])),
        ("key longer than needed", p("a4", &[NUMBER, "1804 1a70000000", NBF, FACTS])),
        ("keys in another order", p("a4", &[NUMBER, NBF, EXP, FACTS])),
        ("facts first", p("a4", &[FACTS, NUMBER, EXP, NBF])),
        ("a key twice", p("a5", &[NUMBER, EXP, EXP, NBF, FACTS])),
        ("a key twice, at the end", p("a5", &[NUMBER, EXP, NBF, FACTS, FACTS])),
        ("an unknown key", p("a5", &["01 00", NUMBER, EXP, NBF, FACTS])),
        ("an unknown key for cnf", p("a5", &[NUMBER, EXP, NBF, "06 00", FACTS])),
        ("a missing key", p("a3", &[NUMBER, NBF, FACTS])),
        ("map indefinite", p("bf", &[NUMBER, EXP, NBF, FACTS, "ff"])),
        ("map head longer than needed", p("b804", &[NUMBER, EXP, NBF, FACTS])),
        ("trailing bytes", p("a4", &[NUMBER, EXP, NBF, FACTS, "00"])),
        ("cut short", sound().split_last().unwrap().1.to_vec()),
        ("a null for facts", p("a4", &[NUMBER, EXP, NBF, "3a00010000 f6"])),
        ("too few facts", facts("85 01 46 9a6c66535170 1904b4 01 03")),
        ("too many facts", facts("88 01 46 9a6c66535170 1904b4 01 03 1a00015895 f5 f5")),
        ("cut said to be false", facts("87 01 46 9a6c66535170 1904b4 01 03 1a00015895 f4")),
        ("cut said with a number", facts("87 01 46 9a6c66535170 1904b4 01 03 1a00015895 01")),
        ("cut in a longer way", facts("87 01 46 9a6c66535170 1904b4 01 03 1a00015895 f815")),
        ("an unknown profile", facts("86 04 46 9a6c66535170 1904b4 01 03 1a00015895")),
        ("a phone's profile", facts("86 02 46 9a6c66535170 1904b4 01 03 1a00015895")),
        ("a presentation's profile", facts("86 03 46 9a6c66535170 1904b4 01 03 1a00015895")),
        ("a negative profile", facts("86 20 46 9a6c66535170 1904b4 01 03 1a00015895")),
        ("name odd", facts("86 01 45 9a6c665351 1904b4 01 03 1a00015895")),
        ("name as text", facts("86 01 66 e9a9ace69993 1904b4 01 03 1a00015895")),
        ("name half a pair", facts("86 01 42 d842 1904b4 01 03 1a00015895")),
        ("name not NFC", facts("86 01 44 00650301 1904b4 01 03 1a00015895")),
        (
            "name too long",
            facts(&format!("86 01 5820 {} 1904b4 01 03 1a00015895", "6c49".repeat(16))),
        ),
        ("agency longer than needed", facts("86 01 46 9a6c66535170 1a000004b4 01 03 1a00015895")),
        ("agency negative", facts("86 01 46 9a6c66535170 3904b4 01 03 1a00015895")),
        ("index beyond a u32", facts("86 01 46 9a6c66535170 1904b4 01 03 1b0000000100000000")),
        ("facts indefinite", facts("9f 01 46 9a6c66535170 1904b4 01 03 1a00015895 ff")),
    ] {
        assert_eq!(verdict(&protected(), &payload), Verdict::Unreadable, "{what}");
    }
}

#[test]
fn another_protected_header_is_unreadable() {
    let kid = hex::encode(issuer().kid().0);
    for (what, header) in [
        ("empty", String::new()),
        ("an empty map", "a0".into()),
        ("no algorithm", format!("a1 04 44{kid}")),
        ("no kid, as a presentation", "a1 01 27".into()),
        ("crit", format!("a3 01 27 02 81 04 04 44{kid}")),
        ("crit instead of kid", "a2 01 27 02 81 01".into()),
        ("a content type", format!("a3 01 27 03 00 04 44{kid}")),
        ("typ", format!("a3 01 27 04 44{kid} 10 60")),
        ("another order", format!("a2 04 44{kid} 01 27")),
        ("the algorithm twice", format!("a3 01 27 01 27 04 44{kid}")),
        ("algorithm longer than needed", format!("a2 01 3807 04 44{kid}")),
        ("algorithm as text", format!("a2 01 65 4564445341 04 44{kid}")),
        ("kid of three bytes", format!("a2 01 27 04 43{}", &kid[..6])),
        ("kid of five bytes", format!("a2 01 27 04 45{kid}00")),
        ("kid as text", "a2 01 27 04 64 61626364".into()),
        ("trailing bytes", format!("a2 01 27 04 44{kid}00")),
        ("indefinite", format!("bf 01 27 04 44{kid} ff")),
    ] {
        assert_eq!(verdict(&hex_of(&header), &sound()), Verdict::Unreadable, "{what}");
    }
    // An algorithm that nobody here knows: of a key of ours it cannot be, of another's it may.
    let header = format!("a2 01 3822 04 44{kid}");
    assert_eq!(verdict(&hex_of(&header), &sound()), Verdict::SignatureInvalid);
    assert_eq!(verdict(&hex_of("a2 01 3822 04 4400000000"), &sound()), Verdict::UnknownIssuer);
}

#[test]
fn another_envelope_is_unreadable() {
    // The signature covers the contents only: in every one of these it stays good.
    let code = sealed(&protected(), &sound(), b"liangzheng/printed/1", &issuer());
    assert_eq!(scan(&digits(&code)).verdict, Verdict::Valid);
    let replace = |at: usize, length: usize, by: &str| {
        let mut code = code.clone();
        code.splice(at..at + length, hex_of(by));
        code
    };
    // d2 84 49 (9 bytes of header) a0 58 LL (payload) 58 40 (signature)
    let payload_end = 15 + sound().len();
    assert_eq!(code[12..14], [0xa0, 0x58]);
    assert_eq!(code[payload_end..payload_end + 2], [0x58, 0x40]);
    for (what, code) in [
        ("no tag", replace(0, 1, "")),
        ("another tag", replace(0, 1, "d1")),
        ("tag longer than needed", replace(0, 1, "d812")),
        ("tag twice", replace(0, 1, "d2d2")),
        ("a CWT tag around", replace(0, 0, "d83d")),
        ("five items", replace(1, 1, "85")),
        ("three items", replace(1, 1, "83")),
        ("array longer than needed", replace(1, 1, "9804")),
        ("array indefinite", {
            let mut c = replace(1, 1, "9f");
            c.push(0xff);
            c
        }),
        ("header longer than needed", replace(2, 1, "5809")),
        ("header indefinite", {
            let mut c = replace(12, 0, "ff");
            c.splice(2..2, [0x5f]);
            c
        }),
        ("an unprotected kid", replace(12, 1, "a1044100")),
        ("an unprotected unknown", replace(12, 1, "a1182000")),
        ("unprotected indefinite", replace(12, 1, "bfff")),
        ("unprotected no map", replace(12, 1, "80")),
        ("payload longer than needed", replace(13, 1, "5900")),
        ("payload detached", replace(13, 2 + sound().len(), "f6")),
        ("signature longer than needed", replace(payload_end, 1, "5900")),
        ("signature of 63 bytes", replace(payload_end, 3, "583f")),
        ("signature of 65 bytes", replace(payload_end, 2, "584100")),
        ("trailing bytes", replace(code.len(), 0, "00")),
        ("trailing item", replace(code.len(), 0, "f6")),
        ("twice", [code.clone(), code.clone()].concat()),
        ("cut short", code[..code.len() - 1].to_vec()),
    ] {
        assert_eq!(scan(&digits(&code)).verdict, Verdict::Unreadable, "{what}");
    }
}

#[test]
fn another_presentation_is_unreadable() {
    let inner = hex::encode(phone_credential());
    let bytes = |head: &str| format!("{head} 58{:02x} {inner}", inner.len() / 2);
    let code = |protected: &str, payload: &str| {
        let aad = b"liangzheng/show/1\0";
        scan(&digits(&sealed(&hex_of(protected), &hex_of(payload), aad, &phone()))).verdict
    };
    let now = format!("1a{NOW:08x}");
    let sound = bytes(&format!("84 03 {now} 00"));
    assert_eq!(code("a1 01 26", &sound), Verdict::Valid);
    for (what, payload) in [
        ("another number", bytes(&format!("84 02 {now} 00"))),
        ("iat longer than needed", bytes(&format!("84 03 1b00000000{} 00", &now[2..]))),
        ("iat negative", bytes("84 03 20 00")),
        ("challenged neither way", bytes(&format!("84 03 {now} 02"))),
        ("challenged a boolean", bytes(&format!("84 03 {now} f4"))),
        ("an item more", format!("{} 00", bytes(&format!("85 03 {now} 00")))),
        ("an item less", format!("83 03 {now} 00")),
        ("trailing bytes", format!("{sound}00")),
        ("a credential cut short", format!("84 03 {now} 00 43d28449")),
        ("no tag inside", format!("84 03 {now} 00 58{:02x} {}", inner.len() / 2 - 1, &inner[2..])),
    ] {
        assert_eq!(code("a1 01 26", &payload), Verdict::Unreadable, "{what}");
    }
    // With a kid it would be a credential; inside itself it is none.
    assert_eq!(code("a2 01 26 04 4400000000", &sound), Verdict::Unreadable);
    let empty = hex_of(&format!("84 03 {now} 00 40"));
    let nested = sealed(&hex_of("a1 01 26"), &empty, b"liangzheng/show/1\0", &phone());
    let nested = format!("84 03 {now} 00 58{:02x} {}", nested.len(), hex::encode(&nested));
    assert_eq!(code("a1 01 26", &nested), Verdict::Unreadable);
}

#[test]
fn what_is_no_code_is_unreadable() {
    let code = printed_code();
    for input in [
        String::new(),
        " ".into(),
        "0".into(),
        "1".into(),
        "证件".into(),
        format!("0{code}"),
        format!("{code} "),
        format!("+{code}"),
        "9".repeat(MAX_DIGITS),
        "9".repeat(MAX_DIGITS + 1),
        "https://zf.example.cn/".into(),
        format!("https://zf.example.cn/V/{code}"),
        code.replace('1', "١"),
    ] {
        assert_eq!(scan(&input).verdict, Verdict::Unreadable, "{input:.60}");
    }
}

#[test]
fn a_huge_input_is_refused_by_its_length() {
    let huge = "7".repeat(10_000_000);
    let url = format!("https://zf.example.cn/v/{huge}");
    let keys = keys();
    let started = std::time::Instant::now();
    for _ in 0..10_000 {
        for input in [&huge, &url] {
            assert_eq!(open(input, &keys, None).unwrap_err().verdict, Verdict::Unreadable);
        }
    }
    // Reading through it, at even ten bytes a nanosecond, would take twenty seconds.
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
}
