//! Which bundles are accepted, and what may follow what.

use mobile_contract::{
    Ed25519Signer, KeyUse, Signer,
    bundle::{Agency, Bundle, BundleError, Content, MAX_BUNDLE_SECONDS, Pinned, delta},
};
use proptest::prelude::*;

use crate::deployment::*;
use crate::fixtures::*;

fn accept(bytes: &[u8]) -> Result<Bundle, BundleError> {
    Bundle::accept(bytes, &pinned(), NOW)
}

fn refusal(bytes: &[u8]) -> BundleError {
    accept(bytes).unwrap_err()
}

/// A bundle that is signed as it should be, with its content changed.
fn changed(change: impl FnOnce(&mut Content)) -> Vec<u8> {
    let mut content = content(5);
    change(&mut content);
    content.sign(&bundle_signer()).unwrap()
}

/// A bundle around keys that were changed, which the root has signed.
fn with_keys(change: impl FnOnce(&mut mobile_contract::bundle::keys::SignedKeys)) -> Vec<u8> {
    let mut keys = signed_keys(1);
    change(&mut keys);
    changed(|content| content.signed_keys = keys.sign(&root()).unwrap())
}

#[test]
fn a_bundle_comes_back_whole() {
    let bytes = bundle(5);
    let bundle = accept(&bytes).unwrap();
    assert_eq!(*bundle.content(), content(5));
    assert_eq!(bundle.bytes(), bytes);
    assert_eq!(bundle.keys_version(), 1);
    assert_eq!(bundle.agency(1_204).unwrap().name, "城关区市场监督管理局");
    assert_eq!(bundle.agency(8), None);
    assert_eq!(bundle.keys().named(issuer().kid(), KeyUse::Credential).count(), 1);
    assert_eq!(bundle.keys().named(issuer().kid(), KeyUse::Status).count(), 0);
}

#[test]
fn trust_begins_at_the_pinned_root() {
    let bytes = bundle(5);
    let by = |pinned: &Pinned| Bundle::accept(&bytes, pinned, NOW).map(|_| ());
    let next = Ed25519Signer::from_seed(&[0xb0; 32]);
    let both = Pinned { roots: vec![next.public_key(), root().public_key()], ..pinned() };
    assert_eq!(by(&both), Ok(()), "the one in use is among them");
    let other = Pinned { roots: vec![next.public_key()], ..pinned() };
    assert_eq!(by(&other), Err(BundleError::UnknownRoot));
    let elsewhere = Pinned { issuer: "https://zf.elsewhere.cn".to_owned(), ..pinned() };
    assert_eq!(by(&elsewhere), Err(BundleError::OtherIssuer));
    // Keys of another deployment, which the same root has signed too.
    assert_eq!(refusal(&with_keys(|k| k.issuer.push('x'))), BundleError::OtherIssuer);
    assert_eq!(refusal(&changed(|c| c.issuer.push('x'))), BundleError::OtherIssuer);
    // The keys are those that the root has signed, to the last bit.
    let forged = changed(|c| *c.signed_keys.last_mut().unwrap() ^= 1);
    assert_eq!(refusal(&forged), BundleError::SignatureInvalid);
}

#[test]
fn only_a_key_for_bundles_that_was_in_force_and_is_whole_signs_one() {
    let by = |signer: &dyn Signer| refusal(&content(5).sign(signer).unwrap());
    assert_eq!(by(&issuer()), BundleError::UnknownKey, "a key for credentials");
    assert_eq!(by(&status_signer()), BundleError::UnknownKey, "a key for lists");
    assert_eq!(by(&root()), BundleError::UnknownKey, "the root signs keys, nothing else");
    let made = content(5).issued_at;
    let last = |keys: &mut mobile_contract::bundle::keys::SignedKeys| keys.records.len() - 1;
    let cases = [
        with_keys(|k| k.records.truncate(3)),
        with_keys(|k| {
            let last = last(k);
            k.records[last].not_before = made + 1;
        }),
        with_keys(|k| {
            let last = last(k);
            k.records[last].not_after = made;
        }),
        with_keys(|k| {
            let last = last(k);
            k.records[last].compromised_since = Some(NOW + DAY);
        }),
    ];
    for case in cases {
        assert_eq!(refusal(&case), BundleError::UnknownKey);
    }
}

#[test]
fn a_bundle_has_an_end_and_not_a_late_one() {
    let at = |now| Bundle::accept(&bundle(5), &pinned(), now).map(|_| ());
    assert_eq!(at(content(5).expires - 1), Ok(()));
    assert_eq!(at(content(5).expires), Err(BundleError::Expired));
    let lasting = |seconds: i64| changed(|c| c.expires = c.issued_at + seconds);
    assert!(accept(&lasting(MAX_BUNDLE_SECONDS)).is_ok());
    assert_eq!(refusal(&lasting(MAX_BUNDLE_SECONDS + 1)), BundleError::Expired);
}

#[test]
fn a_bundle_that_was_kept_is_read_after_its_end_and_no_other() {
    let kept = |bytes: &[u8]| Bundle::kept(bytes, &pinned()).map(|bundle| bundle.has_ended(NOW));
    assert_eq!(kept(&bundle(5)), Ok(false));
    let ended = changed(|c| {
        c.issued_at = NOW - 9 * DAY;
        c.expires = NOW;
    });
    assert_eq!(kept(&ended), Err(BundleError::Expired), "made to last longer than a bundle may");
    let ended = changed(|c| {
        c.issued_at = NOW - DAY;
        c.expires = NOW;
    });
    assert_eq!(refusal(&ended), BundleError::Expired);
    assert_eq!(kept(&ended), Ok(true));
    let mut forged = ended.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(kept(&forged), Err(BundleError::SignatureInvalid));
}

#[test]
fn the_skew_of_clocks_is_told_where_it_is_another_than_the_usual_one() {
    let usual = bundle(5);
    let other = changed(|c| c.clock_skew = 60);
    assert_eq!(accept(&usual).unwrap().content().clock_skew, 300);
    assert_eq!(accept(&other).unwrap().content().clock_skew, 60);
    // Of one content there is one spelling: the usual one written out is no bundle.
    let payload = payload_of(&other);
    let as_written = [0x0e, 0x18, 60];
    assert!(payload.ends_with(&as_written));
    let mut spelled = payload[..payload.len() - 3].to_vec();
    spelled.extend([0x0e, 0x19, 0x01, 0x2c]);
    let protected = [&[0xa2, 1, 0x27, 4, 0x44], bundle_signer().kid().0.as_slice()].concat();
    let sealed =
        |payload: &[u8]| sealed(&protected, payload, b"liangzheng/bundle/1", &bundle_signer());
    assert!(accept(&sealed(&payload)).is_ok());
    assert_eq!(refusal(&sealed(&spelled)), BundleError::Malformed);
}

#[test]
fn nothing_older_follows_and_nothing_else_of_the_same_version() {
    let known = accept(&bundle(5)).unwrap();
    let after =
        |bytes: &[u8]| known.accept_after(bytes, &pinned(), NOW).map(|b| b.content().version);
    assert_eq!(after(&bundle(5)), Ok(5), "the same one again");
    assert_eq!(after(&changed(|c| c.version = 6)), Ok(6));
    assert_eq!(after(&changed(|c| c.version = 60)), Ok(60), "one may have missed some");
    assert_eq!(after(&bundle(4)), Err(BundleError::Rollback));
    assert_eq!(after(&changed(|c| c.largest_staleness += 1)), Err(BundleError::Fork));
    let earlier = changed(|c| {
        c.version = 6;
        c.issued_at -= 1;
    });
    assert_eq!(after(&earlier), Err(BundleError::Rollback));

    // Keys go forward too: whoever has a bundle's key cannot bring back an old set of keys.
    let with = |version: u64, keys: u64, more: bool| {
        changed(|c| {
            let mut keys = signed_keys(keys);
            keys.issued_at += i64::from(more);
            c.version = version;
            c.signed_keys = keys.sign(&root()).unwrap();
        })
    };
    let known = accept(&with(5, 3, false)).unwrap();
    let after = |bytes: &[u8]| known.accept_after(bytes, &pinned(), NOW).map(|b| b.keys_version());
    assert_eq!(after(&with(6, 3, false)), Ok(3));
    assert_eq!(after(&with(6, 4, true)), Ok(4));
    assert_eq!(after(&with(6, 2, true)), Err(BundleError::Rollback));
    assert_eq!(after(&with(6, 3, true)), Err(BundleError::Fork));
}

#[test]
fn lists_in_a_bundle_stand_in_order_and_once() {
    for case in [
        changed(|c| c.lists = vec![4, 3]),
        changed(|c| c.lists = vec![3, 3]),
        changed(|c| c.agencies.reverse()),
        changed(|c| c.agencies[1].number = 7),
        changed(|c| c.fields.push(c.fields[0].clone())),
    ] {
        assert_eq!(refusal(&case), BundleError::Malformed);
    }
}

/// The next version, in which one agency is renamed, one is new and one has gone.
fn next() -> Content {
    let mut next = content(6);
    next.issued_at += 60;
    next.lists.push(5);
    next.checkpoint = None;
    next.agencies[1].name = "城关区综合行政执法局".to_owned();
    next.agencies.remove(0);
    let new = Agency { number: 8, name: "七里河区".to_owned(), division: "620103".to_owned() };
    next.agencies.insert(0, new);
    next
}

#[test]
fn a_delta_makes_the_whole() {
    let known = accept(&bundle(5)).unwrap();
    let newer = next().sign(&bundle_signer()).unwrap();
    let delta = delta::between(&bundle(5), &newer).unwrap();
    let whole = delta::accept(&known, &delta, &pinned(), NOW).unwrap();
    assert_eq!(whole.bytes(), newer);
    assert_eq!(*whole.content(), next());

    // From another base it says nothing.
    let other = accept(&changed(|c| c.version = 4)).unwrap();
    let refused = delta::accept(&other, &delta, &pinned(), NOW).unwrap_err();
    assert_eq!(refused, BundleError::OtherBase);
    // Backwards it makes a bundle that is whole, and older.
    let back = delta::between(&newer, &bundle(5)).unwrap();
    assert_eq!(delta::accept(&whole, &back, &pinned(), NOW).unwrap_err(), BundleError::Rollback);
}

#[test]
fn a_delta_of_a_province_is_small() {
    let agencies = |content: &mut Content| {
        content.agencies = (1..=1_300)
            .map(|number| Agency {
                number,
                name: format!("某某县第{number}行政执法机关"),
                division: "620102".to_owned(),
            })
            .collect();
    };
    let (mut base, mut newer) = (content(5), content(6));
    agencies(&mut base);
    agencies(&mut newer);
    newer.agencies[700].name.push('局');
    let sign = |content: &Content| content.sign(&bundle_signer()).unwrap();
    let (base, newer) = (sign(&base), sign(&newer));
    assert!(newer.len() < 80_000, "{}", newer.len());
    let delta = delta::between(&base, &newer).unwrap();
    assert!(delta.len() < 1_200, "{}", delta.len());
    let known = accept(&base).unwrap();
    assert_eq!(delta::accept(&known, &delta, &pinned(), NOW).unwrap().bytes(), newer);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_bundle_or_delta_that_was_changed_is_never_accepted(
        is_delta: bool, at in any::<prop::sample::Index>(), with in 1u8.., cut: bool,
    ) {
        static MADE: std::sync::LazyLock<(Bundle, Vec<u8>, Vec<u8>)> = std::sync::LazyLock::new(|| {
            let newer = next().sign(&bundle_signer()).unwrap();
            (accept(&bundle(5)).unwrap(), delta::between(&bundle(5), &newer).unwrap(), newer)
        });
        let (known, delta, newer) = &*MADE;
        let mut bytes = if is_delta { delta.clone() } else { newer.clone() };
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= with;
        }
        let accepted = if is_delta {
            delta::accept(known, &bytes, &pinned(), NOW)
        } else {
            known.accept_after(&bytes, &pinned(), NOW)
        };
        prop_assert!(accepted.is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = accept(&bytes);
        let _ = delta::between(&bytes, &bytes);
    }
}
