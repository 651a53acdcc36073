//! The committed scenarios of `vectors/offline.json`: what an app was given, what it scans, and the
//! whole of what it answers. Every implementation runs them; the expected words are written by hand
//! here, the rest is recorded. `UPDATE_VECTORS=1` writes the file anew.

use std::collections::BTreeMap;
use std::path::Path;

use mobile_contract::{
    Signer,
    bundle::{Content, Genuine, delta},
    offline::OfflineVerifier,
    status_list::{ListClaims, StatusList},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::deployment::*;
use crate::fixtures::*;
use crate::play::play;

/// What an app is handed, by name.
#[derive(Default)]
struct Handed {
    files: BTreeMap<String, String>,
}

impl Handed {
    fn add(&mut self, name: &str, bytes: &[u8]) {
        assert!(self.files.insert(name.to_owned(), hex::encode(bytes)).is_none(), "{name}");
    }

    fn bundle(&mut self, name: &str, change: impl FnOnce(&mut Content)) -> Vec<u8> {
        let mut content = content(5);
        change(&mut content);
        let bytes = content.sign(&bundle_signer()).unwrap();
        self.add(name, &bytes);
        bytes
    }

    fn list(&mut self, name: &str, change: impl FnOnce(&mut ListClaims)) -> ListClaims {
        let mut list = list_at(NOW - 600, 0);
        change(&mut list);
        self.add(name, &signed_list(&list));
        list
    }
}

/// One step of a scenario: something is handed in, or something is scanned.
fn take(what: &str, file: &str, now: i64, expect: &str) -> Value {
    json!({ "take": what, "file": file, "now": now, "expect": expect })
}

/// The app is started again with what it has kept.
fn resume(bundle: &str, floor: i64, expect: &str) -> Value {
    json!({ "resume": bundle, "floor": floor, "expect": expect })
}

fn scan(input: &str, challenged: bool, now: i64, verdict: &str) -> Value {
    let challenge = challenged.then(|| hex::encode(CHALLENGE));
    json!({ "scan": input, "challenge": challenge, "now": now, "verdict": verdict })
}

fn scenario(what: &str, steps: &[Value]) -> Value {
    json!({ "what": what, "bundle": "bundle-5", "now": NOW, "floor": 0, "steps": steps })
}

fn handed() -> Handed {
    let mut handed = Handed::default();
    let five = handed.bundle("bundle-5", |_| ());
    handed.bundle("bundle-4", |c| c.version = 4);
    let six = handed.bundle("bundle-6", |c| {
        c.version = 6;
        c.agencies[1].name = "城关区综合行政执法局".to_owned();
        c.agencies.remove(0);
    });
    handed.bundle("bundle-5-forked", |c| c.largest_staleness += 1);
    handed.bundle("bundle-6-too-long", |c| {
        c.version = 6;
        c.expires += DAY;
    });
    handed.bundle("bundle-6-elsewhere", |c| {
        c.version = 6;
        c.issuer = "https://zf.elsewhere.cn".to_owned();
    });
    let mut by_other_root = content(6);
    by_other_root.signed_keys = signed_keys(1).sign(&issuer()).unwrap();
    handed.add("bundle-6-other-root", &by_other_root.sign(&bundle_signer()).unwrap());
    handed.add("bundle-6-by-status-key", &content(6).sign(&status_signer()).unwrap());
    let mut forged = six.clone();
    *forged.last_mut().unwrap() ^= 1;
    handed.add("bundle-6-forged", &forged);
    handed.add("bundle-6-cut", &six[..six.len() - 1]);
    handed.add("delta-5-6", &delta::between(&five, &six).unwrap());
    let mut wrong = delta::between(&five, &six).unwrap();
    *wrong.last_mut().unwrap() ^= 1;
    handed.add("delta-5-6-forged", &wrong);

    let valid = handed.list("list-valid", |_| ());
    let compressed = valid.list.compress(6).unwrap();
    handed.add("list-valid-jwt", valid.sign_jwt(&compressed, &status_signer()).unwrap().as_bytes());
    let entry = |value: u8| {
        move |list: &mut ListClaims| assert!(list.list.set(printed().status_index, value))
    };
    handed.list("list-invalid", entry(1));
    handed.list("list-suspended", entry(2));
    handed.list("list-reserved", entry(3));
    handed.list("list-newer", |list| {
        list.issued_at = NOW - 60;
        entry(2)(list);
    });
    handed.list("list-ended", |list| list.expires = Some(NOW));
    handed.list("list-without-end", |list| list.expires = None);
    handed.list("list-of-another", |list| list.issuer = Some("https://zf.elsewhere.cn".to_owned()));
    handed.list("list-elsewhere", |list| list.subject = "https://zf.elsewhere.cn/status/3".into());
    handed.list("list-unnamed", |list| list.subject = format!("{ISSUER}/status/9"));
    handed.list("list-short", |list| list.list = StatusList::new(2, 131_068).unwrap());
    handed.list("list-before-the-end", |list| {
        list.issued_at = content(5).expires - 60;
        list.expires = Some(list.issued_at + 5 * DAY);
    });
    handed.add("list-by-bundle-key", &valid.sign_cwt(&compressed, &bundle_signer()).unwrap());
    let bomb = zeros_compressed(5 * 1024 * 1024);
    handed.add("list-bomb", &valid.sign_cwt(&bomb, &status_signer()).unwrap());
    let broken = &compressed[..compressed.len() - 4];
    handed.add("list-broken", &valid.sign_cwt(broken, &status_signer()).unwrap());

    let mut app = OfflineVerifier::new(pinned(), &five, 0, NOW).unwrap();
    let id = app.scan(&printed_code(), None, NOW).judgement.credential_id.unwrap();
    let genuine = [[1; 16], id.0].concat();
    handed.add("genuine", &genuine);
    handed.add("genuine-other", &[2; 32]);
    handed.bundle("bundle-6-status-key-lost", |c| {
        let mut keys = signed_keys(2);
        keys.records[2].compromised_since = Some(NOW - DAY);
        c.version = 6;
        c.signed_keys = keys.sign(&root()).unwrap();
    });
    handed.bundle("bundle-6-patient", |c| {
        c.version = 6;
        c.clock_skew = 1_800;
    });
    handed.bundle("bundle-6-next-week", |c| {
        c.version = 6;
        c.issued_at += 7 * DAY;
        c.expires += 7 * DAY;
    });
    handed.list("list-for-years", |list| {
        list.ttl = Some(365 * DAY);
        list.expires = Some(NOW + 365 * DAY);
    });
    handed.bundle("bundle-6-compromised", |c| {
        let mut keys = signed_keys(2);
        keys.records[0].compromised_since = Some(NOW - DAY);
        c.version = 6;
        c.signed_keys = keys.sign(&root()).unwrap();
        c.genuine = vec![Genuine {
            key: Sha256::digest(issuer().public_key().to_bytes()).into(),
            list: Sha256::digest(&genuine).into(),
        }];
    });
    handed
}

#[expect(clippy::too_many_lines, reason = "a list of what there is")]
fn scenarios() -> Vec<Value> {
    let card = printed_code();
    let list = |name: &str, expect: &str| take("list", name, NOW, expect);
    let valid = || list("list-valid", "OK");
    let mut forged = bytes(&card);
    *forged.last_mut().unwrap() ^= 1;
    let mut beyond = printed();
    beyond.status_index = 131_072;
    let beyond = beyond.issue(&issuer()).unwrap().digits();
    let mut tomorrow = printed();
    tomorrow.not_before = NOW + DAY;
    let tomorrow = tomorrow.issue(&issuer()).unwrap().digits();
    let stranger = mobile_contract::Ed25519Signer::from_seed(&[0xee; 32]);
    let foreign = printed().issue(&stranger).unwrap().digits();
    let es256 = printed().issue(&issuer_es256()).unwrap().digits();
    let url = format!("https://any.host.example/v/{card}?utm=1#x");
    let bare = digits(&phone_credential());
    let ed_phone = {
        let device = mobile_contract::Ed25519Signer::from_seed(&[4; 32]);
        let credential = for_phone(&device).issue(&issuer()).unwrap().bytes;
        mobile_contract::present(&credential, NOW - 5, None, &device).unwrap()
    };
    let by_another = mobile_contract::present(&phone_credential(), NOW, None, &issuer_es256());
    let end = content(5).expires;
    let made = NOW - 600;
    let late = end + DAY;
    vec![
        scenario(
            "a printed code, its list fresh",
            &[
                valid(),
                scan(&card, false, NOW, "VALID"),
                scan(&url, false, NOW, "VALID"),
                scan(&es256, false, NOW, "VALID"),
            ],
        ),
        scenario(
            "the same list as JWT",
            &[list("list-valid-jwt", "OK"), scan(&card, false, NOW, "VALID")],
        ),
        scenario("no list", &[scan(&card, false, NOW, "STATUS_UNKNOWN")]),
        scenario(
            "revoked, cancelled or lost",
            &[
                list("list-invalid", "OK"),
                scan(&card, false, NOW, "INVALID"),
                scan(&card, false, NOW + 90 * DAY, "INVALID"),
            ],
        ),
        scenario(
            "suspended",
            &[
                list("list-suspended", "OK"),
                scan(&card, false, NOW, "SUSPENDED"),
                scan(&phone_code(NOW, None), false, NOW, "SUSPENDED"),
            ],
        ),
        scenario(
            "an entry without meaning",
            &[list("list-reserved", "OK"), scan(&card, false, NOW, "STATUS_UNKNOWN")],
        ),
        scenario(
            "an index beyond the list",
            &[valid(), scan(&beyond, false, NOW, "STATUS_UNKNOWN")],
        ),
        scenario(
            "a list grows old",
            &[
                valid(),
                scan(&card, false, made + TTL, "VALID"),
                scan(&card, false, made + TTL + 1, "VALID_STALE"),
                scan(&card, false, made + STALENESS, "VALID_STALE"),
                scan(&card, false, made + STALENESS + 1, "STATUS_UNKNOWN"),
            ],
        ),
        scenario(
            "a bundle ends",
            &[
                take("list", "list-before-the-end", end - 60, "OK"),
                scan(&card, false, end - 1, "VALID"),
                scan(&card, false, end, "STATUS_UNKNOWN"),
            ],
        ),
        scenario(
            "a clock that was set back",
            &[
                valid(),
                scan(&card, false, made - 300, "VALID"),
                scan(&card, false, made - 301, "CLOCK_UNTRUSTED"),
            ],
        ),
        scenario(
            "a clock that was set back, within what is believed",
            &[
                resume("bundle-5", made + TTL + 1, "OK"),
                take("kept list", "list-valid", NOW, "OK"),
                scan(&card, false, made + TTL, "VALID_STALE"),
                resume("bundle-5", NOW, "OK"),
                take("list", "list-ended", NOW - 1, "EXPIRED"),
                resume("bundle-5", end, "OK"),
                take("kept list", "list-before-the-end", end, "OK"),
                scan(&card, false, end - 1, "STATUS_UNKNOWN"),
            ],
        ),
        scenario(
            "dates of a certificate",
            &[
                valid(),
                scan(&card, false, printed().expires, "EXPIRED"),
                scan(&tomorrow, false, NOW, "NOT_YET_VALID"),
                scan(&tomorrow, false, NOW + DAY, "VALID_STALE"),
            ],
        ),
        scenario(
            "codes that are none, or nobody's",
            &[
                valid(),
                scan("", false, NOW, "UNREADABLE"),
                scan("/v/", false, NOW, "UNREADABLE"),
                scan("12345678901234567890", false, NOW, "UNREADABLE"),
                scan(&format!("0{card}"), false, NOW, "UNREADABLE"),
                scan(&card[..card.len() - 1], false, NOW, "UNREADABLE"),
                scan(&format!("{card}９"), false, NOW, "UNREADABLE"),
                scan(&"9".repeat(801), false, NOW, "UNREADABLE"),
                scan(&"9".repeat(3_000), false, NOW, "UNREADABLE"),
                scan(&digits(&forged), false, NOW, "SIGNATURE_INVALID"),
                scan(&foreign, false, NOW, "UNKNOWN_ISSUER"),
            ],
        ),
        scenario(
            "a phone",
            &[
                valid(),
                scan(&phone_code(NOW - 10, None), false, NOW, "VALID"),
                scan(&phone_code(NOW - 10, None), false, NOW + 1, "VALID"),
                scan(&ed_phone, false, NOW, "VALID"),
                scan(&phone_code(NOW - 90, None), false, NOW, "VALID"),
                scan(&phone_code(NOW - 91, None), false, NOW, "STALE_CODE"),
                scan(&phone_code(NOW + 30, None), false, NOW, "VALID"),
                scan(&phone_code(NOW + 31, None), false, NOW, "STALE_CODE"),
                scan(&phone_code(NOW, Some(&CHALLENGE)), true, NOW, "VALID"),
                scan(&phone_code(NOW, Some(&CHALLENGE)), false, NOW, "CHALLENGE_BOUND"),
                scan(&phone_code(NOW, Some(&[7; 16])), true, NOW, "CHALLENGE_BOUND"),
                scan(&bare, false, NOW, "PRESENTATION_MISSING"),
                scan(&by_another.unwrap(), false, NOW, "SIGNATURE_INVALID"),
            ],
        ),
        scenario(
            "lists that are not taken leave the good one",
            &[
                list("list-newer", "OK"),
                list("list-valid", "OLDER"),
                list("list-ended", "EXPIRED"),
                list("list-without-end", "EXPIRED"),
                list("list-of-another", "OTHER_ISSUER"),
                list("list-elsewhere", "OTHER_ISSUER"),
                list("list-unnamed", "OTHER_ISSUER"),
                list("list-by-bundle-key", "UNKNOWN_KEY"),
                list("list-bomb", "TOO_LARGE"),
                list("list-broken", "MALFORMED"),
                list("bundle-5", "MALFORMED"),
                scan(&card, false, NOW, "SUSPENDED"),
            ],
        ),
        scenario(
            "a list that is too short",
            &[list("list-short", "TOO_SHORT"), scan(&card, false, NOW, "STATUS_UNKNOWN")],
        ),
        scenario(
            "bundles that do not follow",
            &[
                take("bundle", "bundle-4", NOW, "ROLLBACK"),
                take("bundle", "bundle-5-forked", NOW, "FORK"),
                take("bundle", "bundle-6-too-long", NOW, "EXPIRED"),
                take("bundle", "bundle-6", end, "EXPIRED"),
                take("bundle", "bundle-6-elsewhere", NOW, "OTHER_ISSUER"),
                take("bundle", "bundle-6-other-root", NOW, "UNKNOWN_ROOT"),
                take("bundle", "bundle-6-by-status-key", NOW, "UNKNOWN_KEY"),
                take("bundle", "bundle-6-forged", NOW, "SIGNATURE_INVALID"),
                take("bundle", "bundle-6-cut", NOW, "MALFORMED"),
                take("bundle", "bundle-5", NOW, "OK"),
                valid(),
                scan(&card, false, NOW, "VALID"),
            ],
        ),
        scenario(
            "a newer bundle, whole",
            &[
                valid(),
                take("bundle", "bundle-6", NOW, "OK"),
                scan(&card, false, NOW, "VALID"),
                take("bundle", "bundle-5", NOW, "ROLLBACK"),
            ],
        ),
        scenario(
            "a newer bundle by its delta",
            &[
                valid(),
                take("delta", "delta-5-6-forged", NOW, "MALFORMED"),
                take("delta", "delta-5-6", NOW, "OK"),
                scan(&card, false, NOW, "VALID"),
                take("delta", "delta-5-6", NOW, "OTHER_BASE"),
            ],
        ),
        scenario(
            "a list whose key others have",
            &[
                valid(),
                scan(&card, false, NOW, "VALID"),
                take("bundle", "bundle-6-status-key-lost", NOW, "OK"),
                scan(&card, false, NOW, "STATUS_UNKNOWN"),
                list("list-valid", "UNKNOWN_KEY"),
            ],
        ),
        scenario(
            "a list that would be fresh for years",
            &[
                list("list-for-years", "OK"),
                scan(&card, false, made + STALENESS, "VALID"),
                scan(&card, false, made + STALENESS + 1, "STATUS_UNKNOWN"),
            ],
        ),
        scenario(
            "how far a clock may lie behind is the bundle's to say",
            &[
                valid(),
                take("bundle", "bundle-6-patient", NOW, "OK"),
                scan(&card, false, made - 1_800, "VALID"),
                scan(&card, false, made - 1_801, "CLOCK_UNTRUSTED"),
            ],
        ),
        scenario(
            "an app that is started after days without a network",
            &[
                list("list-invalid", "OK"),
                scan(&card, false, NOW, "INVALID"),
                resume("bundle-6-other-root", made, "UNKNOWN_ROOT"),
                resume("bundle-6-too-long", made, "EXPIRED"),
                resume("bundle-5", made, "OK"),
                scan(&card, false, late, "STATUS_UNKNOWN"),
                take("list", "list-invalid", late, "EXPIRED"),
                take("kept list", "list-elsewhere", late, "OTHER_ISSUER"),
                take("kept list", "list-without-end", late, "EXPIRED"),
                take("kept list", "list-invalid", late, "OK"),
                scan(&card, false, late, "INVALID"),
                resume("bundle-5", made, "OK"),
                take("kept list", "list-valid", late, "OK"),
                scan(&card, false, late, "STATUS_UNKNOWN"),
                scan(&phone_code(late, None), false, late, "STALE_CODE"),
                scan(&digits(&forged), false, late, "SIGNATURE_INVALID"),
                scan(&foreign, false, late, "UNKNOWN_ISSUER"),
                scan(&card, false, made - 301, "CLOCK_UNTRUSTED"),
                take("bundle", "bundle-4", late, "EXPIRED"),
                take("bundle", "bundle-4", NOW, "ROLLBACK"),
                take("bundle", "bundle-6-next-week", late, "OK"),
                scan(&card, false, late, "STATUS_UNKNOWN"),
            ],
        ),
        scenario(
            "a key that others have",
            &[
                valid(),
                take("bundle", "bundle-6-compromised", NOW, "OK"),
                scan(&card, false, NOW, "KEY_COMPROMISED"),
                take("genuine", "genuine-other", NOW, "UNKNOWN"),
                take("genuine", "genuine", NOW, "OK"),
                scan(&card, false, NOW, "VALID"),
                scan(&beyond, false, NOW, "KEY_COMPROMISED"),
                scan(&es256, false, NOW, "VALID"),
            ],
        ),
        scenario(
            "a challenge that is not answered proves nothing new",
            &[
                valid(),
                scan(&card, true, NOW, "VALID"),
                scan(&phone_code(NOW - 10, None), true, NOW, "VALID"),
                scan(&phone_code(NOW - 91, None), true, NOW, "STALE_CODE"),
                scan(&phone_code(NOW, Some(&CHALLENGE)), true, NOW, "VALID"),
                scan(&bare, true, NOW, "PRESENTATION_MISSING"),
            ],
        ),
    ]
}

#[test]
fn the_scenarios_have_not_changed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/offline.json");
    let files = json!(handed().files);
    let mut scenarios = scenarios();
    for scenario in &mut scenarios {
        let mut answers = play(scenario, &files).into_iter();
        for step in scenario["steps"].as_array_mut().unwrap() {
            let step = step.as_object_mut().unwrap();
            if step.remove("verdict").is_some() {
                step.insert("expect".to_owned(), answers.next().unwrap());
            }
        }
    }
    let made = json!({
        "about": "An app without a network: it begins with a bundle at a time and a floor, is handed \
                  files, and scans. Times are Unix seconds, files and challenges are in hexadecimal. \
                  A step expects the word for what came of a file, or the whole answer to a scan; \
                  where it resumes, the app is started again with a bundle and a floor it has kept. All \
                  private keys are those of tests.",
        "roots": [{
            "alg": root().algorithm().number(),
            "public": hex::encode(root().public_key().to_bytes()),
        }],
        "issuer": ISSUER,
        "files": files,
        "scenarios": scenarios,
    });
    let made = serde_json::to_string_pretty(&made).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), made);
}
