//! What is made of records, over every order of what could have happened.

use std::collections::{BTreeSet, HashMap};

use mobile_contract::record::{Elapsed, Seen, SyncMark};
use mobile_contract::{
    Credential, DeviceKey, Ed25519Signer, KeyRecord, KeySet, KeyUse, Signer, open, present,
};
use uuid::Uuid;

use super::*;

mod properties;

const RECEIVED: i64 = 1_800_000_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const CHALLENGE: [u8; 16] = [0xc4; 16];

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn issuer() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[1; 32])
}

fn holder() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[3; 32])
}

fn credential(device_key: Option<DeviceKey>) -> Credential {
    let (not_before, expires) = match device_key {
        None => (RECEIVED - 1_000 * DAY, RECEIVED + 1_000 * DAY),
        Some(_) => (RECEIVED - 12 * HOUR, RECEIVED + 12 * HOUR),
    };
    Credential {
        certificate_number: "62000000017".to_owned(),
        not_before,
        expires,
        name: "马晓兰".to_owned(),
        name_cut: false,
        agency: 1_204,
        kind: 1,
        status_list: 3,
        status_index: 88_213,
        device_key,
    }
}

fn keys() -> KeySet {
    KeySet::new([KeyRecord {
        public_key: issuer().public_key(),
        key_use: KeyUse::Credential,
        not_before: RECEIVED - 3_000 * DAY,
        not_after: RECEIVED + 3_000 * DAY,
        compromised_since: None,
    }])
}

fn printed() -> String {
    credential(None).issue(&issuer()).unwrap().digits()
}

fn shown(issued_at: i64, challenge: Option<&[u8; 16]>) -> String {
    let bound = credential(DeviceKey::new(&holder().public_key())).issue(&issuer()).unwrap();
    present(&bound.bytes, issued_at, challenge, &holder()).unwrap()
}

/// A record of a code, made a minute ago.
fn record(code: &str, app: Verdict) -> CheckRecord {
    CheckRecord {
        id: [0; 16],
        sequence: 1,
        previous: None,
        seen: Seen::scanned(code),
        challenge: None,
        clock: (RECEIVED - 60) * 1_000,
        elapsed: Elapsed { since: Since::Boot, millis: 0 },
        mark: None,
        verdict: Some(app),
        place: None,
    }
}

/// What is known in a test: the phone was enrolled an hour ago, and the code is a month old.
#[derive(Clone, Debug)]
struct Known {
    enrolled: i64,
    ended: Option<i64>,
    mark_is_ours: bool,
    on_record: bool,
    since: i64,
    /// The status from a moment on; the first holds from ever.
    statuses: Vec<(i64, CertificateStatus)>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            enrolled: RECEIVED - HOUR,
            ended: None,
            mark_is_ours: true,
            on_record: true,
            since: RECEIVED - 30 * DAY,
            statuses: vec![(0, CertificateStatus::Valid)],
        }
    }
}

fn judged(record: &CheckRecord, known: &Known) -> Judged {
    let over = |from: DateTime<Utc>, until: DateTime<Utc>| {
        let before = known.statuses.iter().rfind(|(since, _)| at(*since) <= from);
        let first = before.map(|(_, status)| (from, *status));
        let later = known.statuses.iter().filter(|(s, _)| from < at(*s) && at(*s) <= until);
        first.into_iter().chain(later.map(|(s, status)| (at(*s), *status))).collect()
    };
    let opened =
        record.seen.digits().map(|digits| open(&digits, &keys(), record.challenge.as_ref()));
    let context = Context {
        received: at(RECEIVED),
        device: (at(known.enrolled), known.ended.map(at)),
        mark_is_ours: known.mark_is_ours,
        code: known.on_record.then_some(Code { since: at(known.since), statuses: &over }),
        window: (TimeDelta::hours(72), TimeDelta::days(30)),
    };
    judge(record, opened.as_ref(), &context)
}

fn short(judged: &Judged) -> (CheckOutcome, CheckGrade, Option<Verdict>, Vec<Reason>) {
    (judged.outcome, judged.grade, judged.verdict, judged.reasons.clone())
}

#[test]
fn a_code_whose_status_was_the_same_throughout_is_confirmed_by_what_it_proves() {
    let known = Known::default();
    let challenged = CheckRecord {
        challenge: Some(CHALLENGE),
        ..record(&shown(RECEIVED - 70, Some(&CHALLENGE)), Verdict::Valid)
    };
    for (record, grade, from) in [
        (record(&printed(), Verdict::Valid), CheckGrade::Printed, RECEIVED - HOUR),
        (record(&printed(), Verdict::ValidStale), CheckGrade::Printed, RECEIVED - HOUR),
        (record(&shown(RECEIVED - 70, None), Verdict::Valid), CheckGrade::Phone, RECEIVED - 70),
        (challenged, CheckGrade::Challenged, RECEIVED - 70),
    ] {
        let judged = judged(&record, &known);
        let expected = (CheckOutcome::Confirmed, grade, Some(Verdict::Valid), vec![]);
        assert_eq!(short(&judged), expected);
        assert_eq!((judged.from, judged.about), (at(from), at(RECEIVED - 60)));
    }
}

#[test]
fn a_code_that_was_old_before_the_check_can_have_begun_is_stale_whatever_the_app_says() {
    let known = Known::default();
    let of = |issued_at, app| short(&judged(&record(&shown(issued_at, None), app), &known));
    // The phone that recorded it was enrolled an hour ago.
    let old = RECEIVED - HOUR - FRESH_SECONDS - CLOCK_TOLERANCE.num_seconds() - 1;
    let contradicted = vec![Reason::VerdictContradicted];
    let stale = Some(Verdict::StaleCode);
    assert_eq!(
        of(old, Verdict::Valid),
        (CheckOutcome::Disputed, CheckGrade::None, stale, contradicted)
    );
    assert_eq!(
        of(old, Verdict::StaleCode),
        (CheckOutcome::Confirmed, CheckGrade::None, stale, vec![])
    );
    let valid = (CheckOutcome::Confirmed, CheckGrade::Phone, Some(Verdict::Valid), vec![]);
    assert_eq!(of(old + 1, Verdict::Valid), valid, "a clock may be a little wrong");
}

#[test]
fn a_phones_credential_that_is_on_record_no_more_is_late_and_no_forgery() {
    let times = Credential {
        not_before: RECEIVED - 41 * DAY,
        expires: RECEIVED - 40 * DAY,
        ..credential(DeviceKey::new(&holder().public_key()))
    };
    let bound = times.issue(&issuer()).unwrap();
    let code = present(&bound.bytes, RECEIVED - 40 * DAY - HOUR, None, &holder()).unwrap();
    let known = Known { enrolled: RECEIVED - 50 * DAY, on_record: false, ..Known::default() };
    let late = record(&code, Verdict::Valid);
    let reasons = vec![Reason::LateEntry, Reason::TooLate];
    assert_eq!(
        short(&judged(&late, &known)),
        (CheckOutcome::Late, CheckGrade::None, None, reasons)
    );
    // By the mark it was recorded today: then it cannot have been shown.
    let mark = SyncMark { at: (RECEIVED - HOUR) * 1_000, proof: [0; 16] };
    let today = judged(&CheckRecord { mark: Some(mark), ..late }, &known);
    assert_eq!(today.outcome, CheckOutcome::Disputed);
}

#[test]
fn what_the_app_could_not_see_yet_is_disputed_and_what_it_saw_is_confirmed() {
    use CertificateStatus as S;
    let suspended_before = Known { statuses: vec![(0, S::Suspended)], ..Known::default() };
    let suspended_since =
        Known { statuses: vec![(0, S::Valid), (RECEIVED - 30, S::Suspended)], ..Known::default() };
    let card = |app| record(&printed(), app);
    let disputed =
        |verdict, reasons| (CheckOutcome::Disputed, CheckGrade::Printed, verdict, reasons);
    assert_eq!(
        short(&judged(&card(Verdict::Valid), &suspended_before)),
        disputed(Some(Verdict::Suspended), vec![Reason::VerdictContradicted])
    );
    assert_eq!(
        short(&judged(&card(Verdict::Suspended), &suspended_before)),
        (CheckOutcome::Confirmed, CheckGrade::Printed, Some(Verdict::Suspended), vec![])
    );
    // Whether before or after the suspension, nobody can tell, whatever the app says.
    for app in [Verdict::Valid, Verdict::Suspended, Verdict::StatusUnknown] {
        assert_eq!(
            short(&judged(&card(app), &suspended_since)),
            disputed(None, vec![Reason::StatusChanged])
        );
    }
    // The last sync was after the suspension, so the check was too.
    let synced = CheckRecord {
        mark: Some(SyncMark { at: (RECEIVED - 30) * 1_000, proof: [0; 16] }),
        ..card(Verdict::Suspended)
    };
    assert_eq!(
        short(&judged(&synced, &suspended_since)),
        (CheckOutcome::Confirmed, CheckGrade::Printed, Some(Verdict::Suspended), vec![])
    );
    // A mark that is none of ours proves nothing.
    let forged = Known { mark_is_ours: false, ..suspended_since };
    assert_eq!(
        short(&judged(&synced, &forged)),
        disputed(None, vec![Reason::StatusChanged, Reason::MarkUnknown])
    );
}

#[test]
fn a_forged_code_is_confirmed_as_such_and_never_as_valid() {
    let known = Known::default();
    let mut forged = printed();
    let last = if forged.ends_with('1') { '2' } else { '1' };
    forged.pop();
    forged.push(last);
    let invalid = judged(&record(&forged, Verdict::SignatureInvalid), &known);
    assert_eq!(
        short(&invalid),
        (CheckOutcome::Confirmed, CheckGrade::None, Some(Verdict::SignatureInvalid), vec![])
    );
    for app in [Verdict::Valid, Verdict::StatusUnknown] {
        let contradicted = judged(&record(&forged, app), &known);
        assert_eq!(contradicted.outcome, CheckOutcome::Disputed);
        assert_eq!(contradicted.reasons, [Reason::VerdictContradicted]);
    }
    // Signed by our key and not on record: somebody has the key.
    let unrecorded = Known { on_record: false, ..known };
    assert_eq!(
        short(&judged(&record(&printed(), Verdict::Valid), &unrecorded)),
        (
            CheckOutcome::Disputed,
            CheckGrade::None,
            Some(Verdict::KeyCompromised),
            vec![Reason::VerdictContradicted]
        )
    );
}

#[test]
fn a_phones_code_that_was_not_fresh_proves_nothing() {
    let known = Known::default();
    let stale = judged(&record(&shown(RECEIVED - 600, None), Verdict::StaleCode), &known);
    assert_eq!(
        short(&stale),
        (CheckOutcome::Confirmed, CheckGrade::None, Some(Verdict::StaleCode), vec![])
    );
    // Made for a challenge that the record does not hold.
    let bound = record(&shown(RECEIVED - 70, Some(&CHALLENGE)), Verdict::ChallengeBound);
    assert_eq!(
        short(&judged(&bound, &known)),
        (CheckOutcome::Confirmed, CheckGrade::None, Some(Verdict::ChallengeBound), vec![])
    );
    // A holder's clock that runs ahead does not move the beginning.
    let ahead = judged(&record(&shown(RECEIVED + 600, None), Verdict::StaleCode), &known);
    assert_eq!(ahead.from, at(RECEIVED - HOUR));
    assert_eq!(ahead.reasons, [Reason::ShownInFuture]);
}

#[test]
fn what_holds_no_code_is_noted() {
    for seen in [Seen::NotShown, Seen::Refused, Seen::CodeDamaged] {
        let record = CheckRecord { seen, verdict: None, ..record(&printed(), Verdict::Valid) };
        assert_eq!(
            short(&judged(&record, &Known::default())),
            (CheckOutcome::Noted, CheckGrade::None, None, vec![])
        );
    }
}

#[test]
fn what_comes_after_the_window_is_late_and_much_later_too_late() {
    let days = |days: i64| {
        let known = Known {
            enrolled: RECEIVED - days * DAY,
            since: RECEIVED - 900 * DAY,
            ..Known::default()
        };
        let judged = judged(&record(&printed(), Verdict::Valid), &known);
        (judged.outcome, judged.reasons)
    };
    assert_eq!(days(3), (CheckOutcome::Confirmed, vec![]));
    assert_eq!(days(4), (CheckOutcome::Late, vec![Reason::LateEntry]));
    assert_eq!(days(30), (CheckOutcome::Late, vec![Reason::LateEntry]));
    assert_eq!(days(31), (CheckOutcome::Late, vec![Reason::LateEntry, Reason::TooLate]));
}

#[test]
fn a_phone_that_ended_keeps_what_it_may_have_recorded_before() {
    let card = record(&printed(), Verdict::Valid);
    let ended = |ended| judged(&card, &Known { ended: Some(ended), ..Known::default() });
    let meanwhile = ended(RECEIVED - 30);
    assert_eq!(meanwhile.outcome, CheckOutcome::Confirmed);
    assert_eq!(meanwhile.reasons, [Reason::DeviceEndedMeanwhile]);
    // Its last sync came after its end.
    let synced = CheckRecord {
        mark: Some(SyncMark { at: (RECEIVED - 120) * 1_000, proof: [0; 16] }),
        ..card.clone()
    };
    let after = judged(&synced, &Known { ended: Some(RECEIVED - 120), ..Known::default() });
    assert_eq!(after.outcome, CheckOutcome::Disputed);
    assert_eq!(after.reasons, [Reason::AfterDeviceEnd]);
}

#[test]
fn from_a_sync_on_the_monotonic_clock_tells_the_time_and_the_wall_clock_does_not() {
    let mark = Some(SyncMark { at: (RECEIVED - 1_800) * 1_000, proof: [0; 16] });
    let counted = CheckRecord {
        clock: 0,
        elapsed: Elapsed { since: Since::Sync, millis: 600_000 },
        mark,
        ..record(&printed(), Verdict::Valid)
    };
    let counted = judged(&counted, &Known::default());
    assert_eq!((counted.from, counted.about), (at(RECEIVED - 1_800), at(RECEIVED - 1_200)));
    assert_eq!(counted.reasons, [Reason::ClockWrong]);
    assert_eq!(counted.outcome, CheckOutcome::Confirmed);
}

#[test]
fn an_app_is_contradicted_only_by_what_it_claimed() {
    use Verdict::{
        Cancelled, Expired, Invalid, Lost, NotYetValid, Revoked, StaleCode, Suspended, Valid,
    };
    for ended in [Lost, Revoked, Cancelled, Invalid] {
        assert!(agrees(Invalid, ended));
        assert!(!agrees(Valid, ended) && !agrees(Suspended, ended));
    }
    assert!(agrees(Suspended, NotYetValid) && agrees(Verdict::ValidStale, Valid));
    for server in Verdict::ALL.iter().copied() {
        assert!(!agrees(Valid, server) || server == Valid, "{server}");
        assert_eq!(agrees(Verdict::StatusUnknown, server), server.is_authentic(), "{server}");
        for app in [Verdict::UnknownIssuer, Verdict::KeyCompromised] {
            assert_eq!(agrees(app, server), server.is_authentic() || app == server, "{server}");
        }
    }
    assert!(!agrees(Expired, Valid) && !agrees(Valid, StaleCode) && agrees(StaleCode, StaleCode));
}

#[test]
fn what_does_not_fit_beside_others_is_told() {
    use ChainReason as R;
    let alone = Beside::default();
    let fits = Beside { before: true, named: true, ..alone };
    for (is_first, beside, expected) in [
        (true, alone, vec![]),
        (false, fits, vec![]),
        (false, alone, vec![R::PreviousMissing]),
        (false, Beside { named: false, ..fits }, vec![R::ChainBroken]),
        // Of two before it, one is the one it names.
        (false, Beside { same_sequence: true, ..fits }, vec![R::SequenceTwice]),
        (true, Beside { same_showing: true, ..alone }, vec![R::CodeTwice]),
        (true, Beside { shown_elsewhere: true, ..alone }, vec![R::CodeElsewhere]),
    ] {
        assert_eq!(chain_reasons(is_first, &beside), expected, "{beside:?}");
    }
    let all = Beside {
        same_sequence: true,
        same_showing: true,
        shown_elsewhere: true,
        ..Beside::default()
    };
    let expected = [R::PreviousMissing, R::SequenceTwice, R::CodeTwice, R::CodeElsewhere];
    assert_eq!(chain_reasons(false, &all), expected);
}

/// Which showing a code is, as a record with this challenge holds it.
fn presentation_of(code: &str, challenge: Option<&[u8; 16]>) -> Option<[u8; 16]> {
    presentation(&open(code, &keys(), challenge).unwrap())
}

#[test]
fn only_what_a_phone_has_signed_is_one_showing_and_no_other() {
    let (free, asked) = (shown(RECEIVED, None), shown(RECEIVED, Some(&CHALLENGE)));
    let other = [0xc5; 16];
    let showings = [
        presentation_of(&free, None),
        presentation_of(&shown(RECEIVED + 1, None), None),
        presentation_of(&asked, Some(&CHALLENGE)),
        presentation_of(&shown(RECEIVED, Some(&other)), Some(&other)),
    ];
    let different: BTreeSet<_> = showings.iter().flatten().collect();
    assert_eq!(different.len(), showings.len(), "{showings:?}");
    // A challenge that was asked for and not answered makes no other showing of it.
    assert_eq!(presentation_of(&free, Some(&CHALLENGE)), showings[0]);
    // Nobody can say that the phone signed these.
    assert_eq!(presentation_of(&asked, None), None);
    assert_eq!(presentation_of(&asked, Some(&other)), None);
    let bare = credential(DeviceKey::new(&holder().public_key())).issue(&issuer()).unwrap();
    assert_eq!(presentation_of(&bare.digits(), None), None);
    // A card is the same every day.
    assert_eq!(presentation_of(&printed(), None), None);
}
