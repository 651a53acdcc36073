//! Verdicts: each from what causes it, and always the first that applies.

use std::collections::HashSet;

use mobile_contract::{
    CertificateStatus as Status, Circumstances, Evidence, Floor, Judgement, KeyRecord, KeySet,
    Moment, Opened, Reason, StatusFact, Verdict, Verifier, judge, open, verify,
};
use proptest::prelude::*;

use crate::fixtures::*;

fn favourable() -> Circumstances {
    Circumstances {
        moment: Moment { now: NOW, floor: None },
        status: fresh(Status::Valid),
        known_genuine: false,
        replayed: false,
        challenged: false,
    }
}

fn opened(code: &str, challenge: bool) -> Opened {
    open(code, &keys(), challenge.then_some(&CHALLENGE)).unwrap()
}

#[test]
fn each_status_has_its_verdict() {
    let stale = |status| StatusFact::Stale { status, as_of: NOW - HOUR };
    let cases = [
        (fresh(Status::Valid), Verdict::Valid),
        (fresh(Status::NotYetValid), Verdict::NotYetValid),
        (fresh(Status::Expired), Verdict::Expired),
        (fresh(Status::Suspended), Verdict::Suspended),
        (fresh(Status::Lost), Verdict::Lost),
        (fresh(Status::Revoked), Verdict::Revoked),
        (fresh(Status::Cancelled), Verdict::Cancelled),
        (fresh(Status::Invalid), Verdict::Invalid),
        (stale(Status::Valid), Verdict::ValidStale),
        (stale(Status::Suspended), Verdict::Suspended),
        (stale(Status::Invalid), Verdict::Invalid),
        (StatusFact::Unknown, Verdict::StatusUnknown),
        (StatusFact::NotRecorded, Verdict::KeyCompromised),
    ];
    for code in [printed_code(), phone_code(NOW, None)] {
        let opened = opened(&code, false);
        for (status, verdict) in cases {
            let judgement = judge(&opened, Circumstances { status, ..favourable() });
            assert_eq!(judgement.verdict, verdict, "{status:?}");
        }
    }
}

#[test]
fn a_stale_answer_says_how_old_it_is() {
    let status = StatusFact::Stale { status: Status::Valid, as_of: NOW - 2 * HOUR };
    let opened = opened(&printed_code(), false);
    assert_eq!(
        judge(&opened, Circumstances { status, replayed: true, ..favourable() }),
        Judgement {
            verdict: Verdict::ValidStale,
            reasons: vec![Reason::Replayed],
            credential: Some(printed()),
            credential_id: Some(opened.id),
            kid: Some(opened.kid),
            evidence: Some(Evidence::Printed),
            shown_at: None,
            status_as_of: Some(NOW - 2 * HOUR),
            status_age: Some(2 * HOUR),
        }
    );
}

#[test]
fn a_printed_code_is_in_force_from_its_first_second_to_before_its_last() {
    let opened = opened(&printed_code(), false);
    let (first, end) = (printed().not_before, printed().expires);
    for (now, verdict) in [
        (first - 1, Verdict::NotYetValid),
        (first, Verdict::Valid),
        (end - 1, Verdict::Valid),
        (end, Verdict::Expired),
    ] {
        let moment = Moment { now, floor: None };
        assert_eq!(judge(&opened, Circumstances { moment, ..favourable() }).verdict, verdict);
    }
}

#[test]
fn a_clock_behind_what_it_has_seen_signed_is_not_believed() {
    let opened = opened(&printed_code(), false);
    for (floor, verdict) in [
        (NOW - 1, Verdict::Valid),
        (NOW + 300, Verdict::Valid),
        (NOW + 301, Verdict::ClockUntrusted),
        (i64::MIN, Verdict::Valid),
    ] {
        let moment = Moment { now: NOW, floor: Some(passed(floor)) };
        assert_eq!(judge(&opened, Circumstances { moment, ..favourable() }).verdict, verdict);
    }
}

#[test]
fn a_phone_code_is_good_for_a_moment() {
    for (age, verdict, reasons) in [
        (-31, Verdict::StaleCode, vec![Reason::FromTheFuture]),
        (-30, Verdict::Valid, vec![]),
        (0, Verdict::Valid, vec![]),
        (90, Verdict::Valid, vec![]),
        (91, Verdict::StaleCode, vec![]),
        (HOUR, Verdict::StaleCode, vec![]),
    ] {
        let judgement = scan(&phone_code(NOW - age, None));
        assert_eq!((judgement.verdict, judgement.reasons), (verdict, reasons), "{age}");
        assert_eq!(judgement.shown_at, Some(NOW - age));
        assert_eq!(judgement.evidence, Some(Evidence::Phone));
    }
}

#[test]
fn a_phone_can_show_only_within_its_credential() {
    // Judged within the moment in which the code is fresh, at both ends of the credential.
    let (first, end) = (NOW - HOUR, NOW + 23 * HOUR);
    for (issued_at, now, verdict) in [
        (first - 1, first, Verdict::StaleCode),
        (first, first, Verdict::Valid),
        (first, first - 1, Verdict::Valid),
        (end - 1, end + 60, Verdict::Valid),
        (end, end, Verdict::StaleCode),
        // Yesterday's picture of a code says nothing of the certificate's own end.
        (end - 1, end + DAY, Verdict::StaleCode),
    ] {
        let opened = opened(&phone_code(issued_at, None), false);
        let moment = Moment { now, floor: None };
        let judgement = judge(&opened, Circumstances { moment, ..favourable() });
        assert_eq!(judgement.verdict, verdict, "{issued_at} at {now}");
    }
}

#[test]
fn the_first_that_applies_is_the_verdict() {
    // Everything against it at once; then each is taken away in turn.
    let compromised = KeyRecord { compromised_since: Some(NOW), ..record(&issuer()) };
    let old = KeyRecord { not_after: NOW, ..compromised.clone() };
    let code = phone_code(NOW - 2 * DAY, Some(&CHALLENGE));
    let against = |key: &KeyRecord| open(&code, &KeySet::new([key.clone()]), None).unwrap();
    let behind = Moment { now: NOW, floor: Some(passed(NOW + DAY)) };
    let circumstances = |status, moment, known_genuine| Circumstances {
        moment,
        status,
        known_genuine,
        replayed: false,
        challenged: false,
    };
    let right = Moment { now: NOW, floor: None };
    let cases = [
        (against(&old), circumstances(fresh(Status::Lost), behind, false), Verdict::UnknownIssuer),
        (
            against(&compromised),
            circumstances(fresh(Status::Lost), behind, false),
            Verdict::KeyCompromised,
        ),
        (against(&compromised), circumstances(fresh(Status::Lost), behind, true), Verdict::Lost),
        (
            against(&compromised),
            circumstances(fresh(Status::Suspended), behind, true),
            Verdict::Suspended,
        ),
        (
            against(&compromised),
            circumstances(fresh(Status::Expired), behind, true),
            Verdict::ClockUntrusted,
        ),
        (
            against(&compromised),
            circumstances(fresh(Status::Expired), right, true),
            Verdict::Expired,
        ),
        (
            against(&compromised),
            circumstances(StatusFact::Unknown, right, true),
            Verdict::StaleCode,
        ),
    ];
    for (opened, circumstances, verdict) in cases {
        assert_eq!(judge(&opened, circumstances).verdict, verdict, "{circumstances:?}");
    }
    let bound = opened(&phone_code(NOW, Some(&CHALLENGE)), false);
    let unknown = circumstances(StatusFact::Unknown, right, false);
    assert_eq!(judge(&bound, unknown).verdict, Verdict::ChallengeBound);
    let bare = opened(&digits(&phone_credential()), false);
    let lost = circumstances(fresh(Status::Lost), behind, false);
    assert_eq!(judge(&bare, lost).verdict, Verdict::PresentationMissing);
}

#[test]
fn a_compromised_key_vouches_only_for_what_is_known_to_be_genuine() {
    let keys = KeySet::new([KeyRecord { compromised_since: Some(NOW), ..record(&issuer()) }]);
    let scan = |known_genuine: &HashSet<_>| {
        let moment = Moment { now: NOW, floor: None };
        let verifier = Verifier { keys: &keys, known_genuine, challenge: None, moment };
        verify(&printed_code(), verifier, |_| fresh(Status::Valid))
    };
    let refused = scan(&HashSet::new());
    assert_eq!(refused.verdict, Verdict::KeyCompromised);
    assert_eq!((refused.credential, refused.evidence), (None, None));
    let id = refused.credential_id.unwrap();
    assert_eq!(scan(&HashSet::from([id])).verdict, Verdict::Valid);
}

#[test]
fn a_key_verifies_from_its_first_moment_to_before_its_last() {
    let key = KeyRecord { not_before: NOW, not_after: NOW + DAY, ..record(&issuer()) };
    let opened = open(&printed_code(), &KeySet::new([key]), None).unwrap();
    for (now, floor, verdict) in [
        (NOW - 1, None, Verdict::UnknownIssuer),
        (NOW, None, Verdict::Valid),
        (NOW + DAY - 1, None, Verdict::Valid),
        (NOW + DAY, None, Verdict::UnknownIssuer),
        // A clock set back does not help, nor does one that is behind hurt.
        (NOW, Some(NOW + DAY), Verdict::UnknownIssuer),
        (NOW - 1, Some(NOW), Verdict::Valid),
    ] {
        let moment = Moment { now, floor: floor.map(passed) };
        let judgement = judge(&opened, Circumstances { moment, ..favourable() });
        assert_eq!(judgement.verdict, verdict, "{moment:?}");
        assert_eq!(judgement.credential.is_some(), verdict == Verdict::Valid);
    }
}

proptest! {
    /// No time, however absurd, makes the judge stumble, and none makes an ended certificate valid.
    #[test]
    fn any_times_are_judged(
        now: i64, floor: Option<(i64, i64)>, as_of: i64, shown_at in 0..i64::MAX,
    ) {
        for code in [printed_code(), phone_code(shown_at, None)] {
            let opened = opened(&code, false);
            let status = StatusFact::Fresh { status: Status::Cancelled, as_of };
            let floor = floor.map(|(at, tolerance)| Floor { at, tolerance });
            let moment = Moment { now, floor };
            let judgement = judge(&opened, Circumstances { moment, status, ..favourable() });
            prop_assert!(judgement.verdict < Verdict::Valid);
        }
    }
}
