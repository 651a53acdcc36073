//! An app in a basement: what it answers from a bundle and lists, and which it takes.

use mobile_contract::{
    Reason, Verdict,
    bundle::{BundleError, Genuine, delta},
    offline::{Answer, ListRefusal, OfflineVerifier, REPLAY_SECONDS},
    status_list::{ListError, StatusList},
};
use sha2::{Digest, Sha256};

use crate::deployment::*;
use crate::fixtures::*;

fn app() -> OfflineVerifier {
    OfflineVerifier::new(pinned(), &bundle(5), 0, NOW).unwrap()
}

/// An app with the list of a moment.
fn app_with(issued_at: i64, entry: u8) -> OfflineVerifier {
    let mut app = app();
    assert_eq!(app.take_list(&signed_list(&list_at(issued_at, entry)), NOW), Ok(3));
    app
}

fn scan(app: &mut OfflineVerifier, now: i64) -> Answer {
    app.scan(&printed_code(), None, now)
}

fn verdict(app: &mut OfflineVerifier, now: i64) -> Verdict {
    scan(app, now).judgement.verdict
}

#[test]
fn an_answer_says_what_it_rests_on() {
    let mut app = app_with(NOW - 600, 0);
    let answer = scan(&mut app, NOW);
    assert_eq!(answer.judgement.verdict, Verdict::Valid);
    assert_eq!(answer.judgement.credential, Some(printed()));
    assert_eq!(answer.judgement.status_age, Some(600));
    assert_eq!(answer.agency.unwrap().name, "城关区市场监督管理局");
    assert_eq!((answer.bundle_age, answer.bundle_expired), (HOUR, false));
}

#[test]
fn each_entry_has_its_verdict() {
    let cases = [
        (0, Verdict::Valid),
        (1, Verdict::Invalid),
        (2, Verdict::Suspended),
        (3, Verdict::StatusUnknown),
    ];
    for (entry, expected) in cases {
        assert_eq!(verdict(&mut app_with(NOW, entry), NOW), expected, "{entry}");
    }
    assert_eq!(verdict(&mut app(), NOW), Verdict::StatusUnknown, "without a list");
}

#[test]
fn the_verdict_grows_old_with_the_list() {
    let made = NOW - HOUR;
    let at = |entry: u8, age: i64| {
        let mut app = app_with(made, entry);
        verdict(&mut app, made + age)
    };
    assert_eq!(at(0, TTL), Verdict::Valid);
    assert_eq!(at(0, TTL + 1), Verdict::ValidStale);
    assert_eq!(at(0, STALENESS), Verdict::ValidStale);
    assert_eq!(at(0, STALENESS + 1), Verdict::StatusUnknown);
    assert_eq!(at(2, STALENESS), Verdict::Suspended);
    assert_eq!(at(2, STALENESS + 1), Verdict::StatusUnknown);
    assert_eq!(at(1, 90 * DAY), Verdict::Invalid, "an end is final");
}

#[test]
fn a_list_is_worth_no_more_than_the_key_that_signed_it_is_now() {
    let mut app = app_with(NOW, 0);
    assert_eq!(verdict(&mut app, NOW), Verdict::Valid);
    let mut content = content(6);
    let mut keys = signed_keys(2);
    keys.records[2].compromised_since = Some(NOW);
    content.signed_keys = keys.sign(&root()).unwrap();
    app.take_bundle(&content.sign(&bundle_signer()).unwrap(), NOW).unwrap();
    assert_eq!(verdict(&mut app, NOW), Verdict::StatusUnknown);
    let again = app.take_list(&signed_list(&list_at(NOW, 0)), NOW);
    assert_eq!(again, Err(ListRefusal::List(ListError::UnknownKey)));
}

#[test]
fn no_list_is_fresh_longer_than_the_bundle_lets_it_be() {
    let mut app = app();
    let mut list = list_at(NOW, 0);
    (list.ttl, list.expires) = (Some(365 * DAY), Some(NOW + 365 * DAY));
    app.take_list(&signed_list(&list), NOW).unwrap();
    assert_eq!(verdict(&mut app, NOW + STALENESS), Verdict::Valid);
    assert_eq!(verdict(&mut app, NOW + STALENESS + 1), Verdict::StatusUnknown);
}

#[test]
fn no_app_begins_with_a_bundle_that_has_ended_by_setting_the_clock_back() {
    let end = content(5).expires;
    let begun = |floor| OfflineVerifier::new(pinned(), &bundle(5), floor, NOW).map(|_| ());
    assert_eq!(begun(end - 1), Ok(()));
    assert_eq!(begun(end), Err(BundleError::Expired));
}

#[test]
fn nothing_is_valid_by_a_bundle_that_has_ended() {
    let end = content(5).expires;
    // A list that was fetched, let us say, just before: fresh, and of no use.
    let at = |entry: u8, now: i64| {
        let mut app = app();
        app.take_list(&signed_list(&list_at(end - 60, entry)), end - 60).unwrap();
        scan(&mut app, now)
    };
    assert_eq!(at(0, end - 1).judgement.verdict, Verdict::Valid);
    let ended = at(0, end);
    assert_eq!((ended.judgement.verdict, ended.bundle_expired), (Verdict::StatusUnknown, true));
    assert_eq!(at(2, end).judgement.verdict, Verdict::StatusUnknown);
    assert_eq!(at(1, end).judgement.verdict, Verdict::Invalid);
}

#[test]
fn a_clock_that_was_set_back_is_not_believed() {
    let mut app = app_with(NOW, 0);
    assert_eq!(app.floor(), NOW);
    assert_eq!(verdict(&mut app, NOW - 300), Verdict::Valid);
    assert_eq!(verdict(&mut app, NOW - 301), Verdict::ClockUntrusted);
    // The floor is kept between runs, though no list is.
    let mut again = OfflineVerifier::new(pinned(), &bundle(5), app.floor(), NOW - DAY).unwrap();
    assert_eq!(verdict(&mut again, NOW - DAY), Verdict::ClockUntrusted);
    // What a phone claims never moves it.
    let mut app = app_with(NOW, 0);
    app.scan(&phone_code(NOW + 20, None), None, NOW);
    assert_eq!(app.floor(), NOW);
}

#[test]
fn a_clock_that_was_set_back_lets_no_ended_list_in() {
    let mut app = app_with(NOW, 0);
    let mut ended = list_at(NOW, 2);
    ended.expires = Some(NOW);
    assert_eq!(app.take_list(&signed_list(&ended), NOW - 1), Err(ListRefusal::Expired));
    assert_eq!(verdict(&mut app, NOW - 1), Verdict::Valid);
}

#[test]
fn what_is_no_current_list_leaves_the_one_that_is_held() {
    let mut app = app_with(NOW - 60, 2);
    let mut refused = |list: &mobile_contract::status_list::ListClaims| {
        app.take_list(&signed_list(list), NOW).unwrap_err()
    };
    let good = list_at(NOW, 0);
    let with = |change: &dyn Fn(&mut mobile_contract::status_list::ListClaims)| {
        let mut list = good.clone();
        change(&mut list);
        list
    };
    assert_eq!(refused(&list_at(NOW - 61, 0)), ListRefusal::Older);
    assert_eq!(refused(&with(&|l| l.expires = Some(NOW))), ListRefusal::Expired);
    assert_eq!(refused(&with(&|l| l.expires = None)), ListRefusal::Expired);
    for subject in ["https://zf.example.cn/status/9", "https://zf.example.cn/status/03"] {
        assert_eq!(refused(&with(&|l| l.subject = subject.to_owned())), ListRefusal::OtherIssuer);
    }
    let elsewhere = "https://zf.elsewhere.cn/status/3";
    assert_eq!(refused(&with(&|l| l.subject = elsewhere.to_owned())), ListRefusal::OtherIssuer);
    let other = || Some("https://zf.elsewhere.cn".to_owned());
    assert_eq!(refused(&with(&|l| l.issuer = other())), ListRefusal::OtherIssuer);
    let short = with(&|l| l.list = StatusList::new(2, 131_068).unwrap());
    assert_eq!(refused(&short), ListRefusal::TooShort);
    let unsigned = [&signed_list(&good)[..100], &[0; 40]].concat();
    assert_eq!(app.take_list(&unsigned, NOW), Err(ListRefusal::List(ListError::Malformed)));
    let mut forged = signed_list(&good);
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(app.take_list(&forged, NOW), Err(ListRefusal::List(ListError::SignatureInvalid)));

    assert_eq!(verdict(&mut app, NOW), Verdict::Suspended, "the older one is held");
    assert_eq!(app.floor(), NOW - 60, "and no refused one has moved the floor");
    assert_eq!(app.take_list(&signed_list(&good), NOW), Ok(3));
    assert_eq!(verdict(&mut app, NOW), Verdict::Valid);
}

#[test]
fn a_clock_that_was_set_back_brings_no_ended_bundle_to_life() {
    let end = content(5).expires;
    let mut app = OfflineVerifier::resume(pinned(), &bundle(5), end).unwrap();
    app.take_kept_list(&signed_list(&list_at(end - 60, 0))).unwrap();
    let answer = scan(&mut app, end - 1);
    assert_eq!((answer.judgement.verdict, answer.bundle_expired), (Verdict::StatusUnknown, true));
}

#[test]
fn an_index_beyond_the_list_is_not_known() {
    let mut app = app();
    app.take_list(&signed_list(&list_at(NOW, 0)), NOW).unwrap();
    let mut credential = printed();
    credential.status_index = 131_072;
    let code = credential.issue(&issuer()).unwrap().digits();
    assert_eq!(app.scan(&code, None, NOW).judgement.verdict, Verdict::StatusUnknown);
    credential.status_list = 4;
    let code = credential.issue(&issuer()).unwrap().digits();
    assert_eq!(app.scan(&code, None, NOW).judgement.verdict, Verdict::StatusUnknown);
}

#[test]
fn a_clock_that_was_set_back_makes_no_list_younger() {
    let mut app = OfflineVerifier::new(pinned(), &bundle(5), NOW, NOW).unwrap();
    app.take_list(&signed_list(&list_at(NOW - TTL - 1, 0)), NOW).unwrap();
    // As far behind as a clock is believed.
    assert_eq!(verdict(&mut app, NOW - 300), Verdict::ValidStale);
}

#[test]
fn a_repeated_phone_code_is_remarked_on_and_no_more() {
    let mut app = app_with(NOW, 0);
    let shown = |app: &mut OfflineVerifier, code: &str, now: i64| {
        let judgement = app.scan(code, None, now).judgement;
        (judgement.verdict, judgement.reasons)
    };
    let code = phone_code(NOW, None);
    assert_eq!(shown(&mut app, &code, NOW), (Verdict::Valid, vec![]));
    assert_eq!(shown(&mut app, &code, NOW + 10), (Verdict::Valid, vec![Reason::Replayed]));
    assert_eq!(shown(&mut app, &phone_code(NOW + 30, None), NOW + 31), (Verdict::Valid, vec![]));
    let late = NOW + REPLAY_SECONDS + 1;
    assert_eq!(shown(&mut app, &code, late).0, Verdict::StaleCode);
    for _ in 0..2 {
        assert_eq!(scan(&mut app, NOW).judgement.reasons, [], "a card is no phone's code");
    }
}

#[test]
fn codes_of_a_compromised_key_hold_only_where_they_are_listed() {
    let mut content = content(6);
    let mut keys = signed_keys(2);
    keys.records[0].compromised_since = Some(NOW - DAY);
    content.signed_keys = keys.sign(&root()).unwrap();
    let id = scan(&mut app(), NOW).judgement.credential_id.unwrap();
    let list = [[1; 16], id.0].concat();
    content.genuine = vec![Genuine {
        key: Sha256::digest(mobile_contract::Signer::public_key(&issuer()).to_bytes()).into(),
        list: Sha256::digest(&list).into(),
    }];
    let bytes = content.sign(&bundle_signer()).unwrap();
    let mut app = app_with(NOW, 0);
    app.take_bundle(&bytes, NOW).unwrap();
    assert_eq!(verdict(&mut app, NOW), Verdict::KeyCompromised);
    assert!(!app.take_genuine(&[[1; 16], [2; 16]].concat()), "not the list that is named");
    assert_eq!(verdict(&mut app, NOW), Verdict::KeyCompromised);
    assert!(app.take_genuine(&list));
    assert_eq!(verdict(&mut app, NOW), Verdict::Valid);
    let mut another = printed();
    another.status_index += 1;
    let code = another.issue(&issuer()).unwrap().digits();
    assert_eq!(app.scan(&code, None, NOW).judgement.verdict, Verdict::KeyCompromised);
    let other_key = printed().issue(&issuer_es256()).unwrap().digits();
    assert_eq!(app.scan(&other_key, None, NOW).judgement.verdict, Verdict::Valid);

    // Once a bundle no longer names the list, what it held no longer counts.
    content.version = 7;
    content.genuine.clear();
    app.take_bundle(&content.sign(&bundle_signer()).unwrap(), NOW).unwrap();
    assert_eq!(verdict(&mut app, NOW), Verdict::KeyCompromised);
}

#[test]
fn one_list_may_be_that_of_several_keys() {
    let mut content = content(6);
    let mut keys = signed_keys(2);
    keys.records[0].compromised_since = Some(NOW - DAY);
    content.signed_keys = keys.sign(&root()).unwrap();
    let id = scan(&mut app(), NOW).judgement.credential_id.unwrap();
    let list = Sha256::digest(id.0).into();
    let key = Sha256::digest(mobile_contract::Signer::public_key(&issuer()).to_bytes()).into();
    content.genuine = vec![Genuine { key: [0; 32], list }, Genuine { key, list }];
    let mut app = app_with(NOW, 0);
    app.take_bundle(&content.sign(&bundle_signer()).unwrap(), NOW).unwrap();
    assert!(app.take_genuine(&id.0));
    assert_eq!(verdict(&mut app, NOW), Verdict::Valid);
}

#[test]
fn a_newer_bundle_is_followed_by_delta_or_whole_and_an_older_one_never() {
    let mut app = app_with(NOW, 0);
    let mut next = content(6);
    next.lists = vec![4];
    let newer = next.sign(&bundle_signer()).unwrap();
    let delta = delta::between(&bundle(5), &newer).unwrap();
    assert_eq!(app.take_bundle(&bundle(4), NOW), Err(BundleError::Rollback));
    assert_eq!(app.bundle().content().version, 5);
    app.take_delta(&delta, NOW).unwrap();
    assert_eq!(app.bundle().bytes(), newer);
    assert_eq!(app.take_bundle(&bundle(5), NOW), Err(BundleError::Rollback));
    assert_eq!(app.take_delta(&delta, NOW), Err(BundleError::OtherBase));
    // A list that the bundle no longer names says nothing any more.
    assert_eq!(verdict(&mut app, NOW), Verdict::StatusUnknown);
}
