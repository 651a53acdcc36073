//! Inviting and enrolling: what it takes, and what is refused without a trace but in the log.

use api::devices::{self, DeviceRefusal as R, NewDevice};
use api::graphql::ids::encode;
use chrono::Duration;
use entities::enums::{Attestation, DeviceEnd, KeyAlgorithm, PersonKind, Role, ScopeAxis};
use entities::{device, device_invitation, enrolment_nonce};
use mobile_contract::Ed25519Signer;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::*;

async fn enrol(world: &World, holder: &Holder, new: NewDevice) -> devices::Result<device::Model> {
    devices::enrol(&world.platform, &holder.actor, holder.signed_in(), new).await
}

#[tokio::test]
async fn a_phone_is_enrolled_by_its_officer_with_an_invitation() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let invitation = devices::invite(&world.platform, &world.hr, holder.person).await.unwrap();
    assert_eq!(invitation.officer, holder.person);
    assert_eq!(invitation.expires_at, world.app.now() + Duration::minutes(10));
    // The secret itself is nowhere.
    let kept = device_invitation::Entity::find().one(world.platform.db.read()).await.unwrap();
    let kept = kept.unwrap();
    let plain = mobile_contract::enrolment::plain_invitation(&invitation.secret);
    assert_eq!(kept.secret_hash, Sha256::digest(plain.as_bytes()).to_vec());

    // Typed in capitals and without hyphens it is the same.
    let typed = invitation.secret.replace('-', " ").to_uppercase();
    let request = holder.request_by(&world, &key(3), &typed).await;
    let enrolled = enrol(&world, &holder, request.clone()).await.unwrap();
    let expected = device::Model {
        id: enrolled.id,
        account_id: holder.signed_in().account,
        person_id: holder.person,
        algorithm: KeyAlgorithm::Es256,
        public_key: request.public_key.clone(),
        attestation: Attestation::None,
        name: "手机".into(),
        enrolled_at: world.app.now(),
        ended_at: None,
        end_reason: None,
    };
    assert_eq!((&enrolled, stored(&world, enrolled.id).await), (&expected, expected.clone()));
    assert_eq!(world.count::<enrolment_nonce::Entity>().await, 0, "it is used up");
    let log: Vec<_> = log(&world).await.into_iter().map(|(a, s, _)| (a, s)).collect();
    assert_eq!(
        log,
        [
            ("device.invite".to_owned(), encode(holder.person)),
            ("device.enrol".to_owned(), encode(enrolled.id)),
        ]
    );

    // The answer was lost: the same request again is answered the same, and changes nothing.
    world.app.clock.advance(Duration::minutes(30));
    assert_eq!(enrol(&world, &holder, request).await.unwrap(), expected);
    assert_eq!(world.count::<device::Entity>().await, 1);
}

#[tokio::test]
async fn a_request_sent_again_is_answered_to_nobody_else_and_not_after_the_phones_end() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let other = Holder::new(&world, "李娜").await;
    let request = holder.request(&world, &key(3)).await;
    let enrolled = enrol(&world, &holder, request.clone()).await.unwrap();
    let theirs = enrol(&world, &other, request.clone()).await;
    assert_eq!(refused(theirs), R::InvitationOfAnother);
    devices::end(&world.platform, &holder.actor, enrolled.id, DeviceEnd::Lost).await.unwrap();
    assert_eq!(refused(enrol(&world, &holder, request).await), R::InvitationUsed);
}

#[tokio::test]
async fn an_ed25519_key_does_as_well() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let enrolled = holder.enrol(&world, &Ed25519Signer::from_seed(&[9; 32])).await;
    assert_eq!((enrolled.algorithm, enrolled.public_key.len()), (KeyAlgorithm::Ed25519, 32));
}

#[tokio::test]
async fn a_new_phone_ends_the_one_before() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let first = holder.enrol(&world, &key(3)).await;
    holder.credential(&world, first.id).await;
    assert_eq!(places(&world, holder.certificate).await, [StatusValue::Valid]);
    world.app.clock.advance(Duration::seconds(1));
    world.sign_lists().await;

    world.app.clock.advance(Duration::hours(1));
    let second = holder.enrol(&world, &key(4)).await;
    let ended = stored(&world, first.id).await;
    assert_eq!(ended.ended_at, Some(world.app.now()));
    assert_eq!(ended.end_reason, Some(DeviceEnd::Replaced));
    let entries = log(&world).await.into_iter();
    let ends: Vec<_> = entries.filter(|(action, ..)| action == "device.end").collect();
    let body = json!({ "reason": DeviceEnd::Replaced.code() });
    assert_eq!(ends, [("device.end".to_owned(), encode(first.id), body)]);
    assert_eq!(stored(&world, second.id).await.ended_at, None);
    assert_eq!(places(&world, holder.certificate).await, [StatusValue::Invalid]);
    assert_eq!(world.sign_lists().await, [1], "the list is signed anew");
    // The old phone is told when it asks.
    let told = devices::refresh(&world.platform, &holder.actor, holder.signed_in(), first.id).await;
    let expected = R::DeviceEnded { reason: DeviceEnd::Replaced, at: world.app.now() };
    assert_eq!(refused(told), expected);
    // The new one takes a place of its own.
    holder.credential(&world, second.id).await;
    let both = [StatusValue::Invalid, StatusValue::Valid];
    assert_eq!(places(&world, holder.certificate).await, both);
}

#[tokio::test]
async fn who_may_be_invited_and_by_whom() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let elsewhere = world.staff(Role::AgencyHr, world.elsewhere, ScopeAxis::Own).await;
    assert_eq!(refused(devices::invite(p, &elsewhere, holder.person).await), R::OfficerNotFound);
    assert_eq!(refused(devices::revoke(p, &elsewhere, holder.person).await), R::OfficerNotFound);
    let own = world.hr.person().unwrap();
    assert_eq!(refused(devices::invite(p, &world.hr, own).await), R::OwnRecord);
    let (without, _) = world.active("李娜").await;
    assert_eq!(refused(devices::invite(p, &world.hr, without).await), R::WithoutAccount);
    // Whoever has no permission reaches nobody.
    assert_eq!(refused(devices::invite(p, &holder.actor, without).await), R::OfficerNotFound);
    assert_eq!(world.count::<device_invitation::Entity>().await, 0);
    let administrator =
        world.staff(Role::SystemAdministrator, world.justice, ScopeAxis::Territory).await;
    devices::invite(p, &administrator, holder.person).await.unwrap();
}

#[tokio::test]
async fn nobody_invites_whoever_lends_them_the_role_or_has_it_from_them() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let hr = world.hr.signed_in().unwrap();
    let acting = |lent_by: Option<PersonId>, delegates: Vec<(Role, PersonId)>| {
        let mut role = hr.roles[0];
        role.lent = lent_by
            .map(|by| api::platform::actor::Lent { delegation: world.platform.new_id(), by });
        Actor::Account(std::sync::Arc::new(SignedIn {
            account: hr.account,
            person: hr.person,
            session: hr.session,
            client: hr.client,
            signed_in_at: hr.signed_in_at,
            roles: vec![role],
            delegates,
        }))
    };
    for actor in [
        acting(Some(holder.person), Vec::new()),
        acting(None, vec![(Role::AgencyHr, holder.person)]),
    ] {
        let told = devices::invite(&world.platform, &actor, holder.person).await;
        assert_eq!(refused(told), R::OwnRecord);
    }
    assert_eq!(world.count::<device_invitation::Entity>().await, 0);
}

#[tokio::test]
async fn an_invitation_is_taken_up_once_in_time_by_whom_it_is_for() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let other = Holder::new(&world, "李娜").await;

    let invalid = holder.request_by(&world, &key(3), "abcd-efgh").await;
    assert_eq!(refused(enrol(&world, &holder, invalid).await), R::InvitationInvalid);

    let first = devices::invite(p, &world.hr, holder.person).await.unwrap();
    let of_another = other.request_by(&world, &key(4), &first.secret).await;
    assert_eq!(refused(enrol(&world, &other, of_another).await), R::InvitationOfAnother);
    // A new one ends the open one.
    let second = devices::invite(p, &world.hr, holder.person).await.unwrap();
    let replaced = holder.request_by(&world, &key(3), &first.secret).await;
    assert_eq!(refused(enrol(&world, &holder, replaced).await), R::InvitationRevoked);
    devices::revoke(p, &world.hr, holder.person).await.unwrap();
    assert_eq!(refused(devices::revoke(p, &world.hr, holder.person).await), R::NoInvitation);
    let last = log(&world).await.pop().unwrap();
    assert_eq!(last, ("device.invitation_revoke".to_owned(), encode(holder.person), json!({})));
    let revoked = holder.request_by(&world, &key(3), &second.secret).await;
    assert_eq!(refused(enrol(&world, &holder, revoked).await), R::InvitationRevoked);

    let third = devices::invite(p, &world.hr, holder.person).await.unwrap();
    world.app.clock.advance(Duration::minutes(10));
    let late = holder.request_by(&world, &key(3), &third.secret).await;
    assert_eq!(refused(enrol(&world, &holder, late).await), R::InvitationExpired);

    let fourth = devices::invite(p, &world.hr, holder.person).await.unwrap();
    let good = holder.request_by(&world, &key(3), &fourth.secret).await;
    let enrolled = enrol(&world, &holder, good).await.unwrap();
    let twice = holder.request_by(&world, &key(5), &fourth.secret).await;
    assert_eq!(refused(enrol(&world, &holder, twice).await), R::InvitationUsed);

    // Of all that nothing is there but the one phone, and in the log what was tried.
    assert_eq!(world.count::<device::Entity>().await, 1);
    assert_eq!(stored(&world, enrolled.id).await.ended_at, None);
    let tried: Vec<_> = log(&world)
        .await
        .into_iter()
        .filter(|(action, ..)| action == "device.enrol_refused")
        .map(|(_, subject, body)| (subject, body["code"].clone()))
        .collect();
    let of = |person, code: &str| (encode(person), json!(code));
    assert_eq!(
        tried,
        [
            of(other.person, "DEVICE_INVITATION_OF_ANOTHER"),
            of(holder.person, "DEVICE_INVITATION_REVOKED"),
            of(holder.person, "DEVICE_INVITATION_REVOKED"),
            of(holder.person, "DEVICE_INVITATION_EXPIRED"),
            of(holder.person, "DEVICE_INVITATION_USED"),
        ]
    );
}

#[tokio::test]
async fn an_invitation_that_is_tried_on_and_on_does_not_fill_the_log() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let other = Holder::new(&world, "李娜").await;
    let request = holder.request(&world, &key(3)).await;
    let tried = async || {
        let told = enrol(&world, &other, request.clone()).await;
        assert_eq!(refused(told), R::InvitationOfAnother);
        let entries = log(&world).await;
        entries.iter().filter(|(action, ..)| action == "device.enrol_refused").count()
    };
    for n in 1..=20 {
        assert_eq!(tried().await, n);
    }
    assert_eq!(tried().await, 20);
    world.app.clock.advance(Duration::minutes(10));
    assert_eq!(tried().await, 21);
}

#[tokio::test]
async fn what_does_not_prove_the_key_enrols_nothing() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let other = Holder::new(&world, "李娜").await;
    let request = holder.request(&world, &key(3)).await;
    let changed = |change: fn(&mut NewDevice)| {
        let mut changed = request.clone();
        change(&mut changed);
        changed
    };
    // x is no x of a point on P-256, or it would be on y = 1; and the identity of Ed25519 is weak.
    let off_curve = |new: &mut NewDevice| new.public_key[64] ^= 1;
    let weak = |new: &mut NewDevice| {
        new.algorithm = KeyAlgorithm::Ed25519;
        new.public_key = [vec![1], vec![0; 31]].concat();
    };
    let der = |new: &mut NewDevice| {
        // SEQUENCE of two INTEGERs, as key stores give it.
        let (r, s) = new.signature.split_at(32);
        let integer = |n: &[u8]| [&[2, 33, 0][..], n].concat();
        new.signature = [&[0x30, 70][..], &integer(r), &integer(s)].concat();
    };
    for (what, request, expected) in [
        ("blank name", changed(|new| new.name = "  ".into()), R::NameInvalid),
        ("off curve", changed(off_curve), R::KeyInvalid),
        ("no key", changed(|new| new.public_key.clear()), R::KeyInvalid),
        ("compressed", changed(|new| new.public_key.truncate(33)), R::KeyInvalid),
        ("weak", changed(weak), R::KeyInvalid),
        ("other algorithm", changed(|new| new.algorithm = KeyAlgorithm::Ed25519), R::KeyInvalid),
        ("nonce", changed(|new| new.nonce[0] ^= 1), R::NonceInvalid),
        ("short nonce", changed(|new| new.nonce.truncate(31)), R::NonceInvalid),
        ("signature", changed(|new| new.signature[5] ^= 1), R::SignatureInvalid),
        ("DER", changed(der), R::SignatureInvalid),
        ("no signature", changed(|new| new.signature.clear()), R::SignatureInvalid),
    ] {
        assert_eq!(refused(enrol(&world, &holder, request).await), expected, "{what}");
    }
    // Another officer's nonce, and one too late.
    let theirs = devices::begin(&world.platform, &other.actor, other.signed_in()).await.unwrap();
    let mut with_theirs = request.clone();
    with_theirs.nonce = theirs.nonce.to_vec();
    assert_eq!(refused(enrol(&world, &holder, with_theirs).await), R::NonceInvalid);
    assert_eq!(world.count::<device::Entity>().await, 0);

    let enrolled = enrol(&world, &holder, request).await.unwrap();
    // Its key is not enrolled again, by nobody.
    for holder in [&holder, &other] {
        let again = holder.request(&world, &key(3)).await;
        assert_eq!(refused(enrol(&world, holder, again).await), R::KeyKnown);
    }
    assert_eq!(stored(&world, enrolled.id).await.ended_at, None, "nothing was half done");
    let open = device_invitation::Entity::find()
        .filter(device_invitation::Column::UsedAt.is_null())
        .filter(device_invitation::Column::RevokedAt.is_null());
    assert_eq!(open.count(world.platform.db.read()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_nonce_holds_for_ten_minutes_and_until_the_next() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let begun = holder.request_by(&world, &key(3), "later").await;
    world.app.clock.advance(Duration::minutes(10));
    let invitation = devices::invite(p, &world.hr, holder.person).await.unwrap();
    let late = NewDevice { invitation: invitation.secret.clone(), ..begun };
    assert_eq!(refused(enrol(&world, &holder, late).await), R::NonceInvalid);
    let before = holder.request_by(&world, &key(3), &invitation.secret).await;
    let now = holder.request_by(&world, &key(3), &invitation.secret).await;
    assert_eq!(refused(enrol(&world, &holder, before).await), R::NonceInvalid);
    enrol(&world, &holder, now).await.unwrap();
}

#[tokio::test]
async fn a_policy_says_how_well_a_phone_must_keep_its_key() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let early = holder.enrol(&world, &key(3)).await;
    rule(&world, json!({ "least_attestation": "TRUSTED_ENVIRONMENT", "credential_hours": 8 }))
        .await;
    let least = Attestation::TrustedEnvironment;
    let too_low = R::AttestationTooLow { least };
    // Also of the phone that was enrolled before, when it fetches a credential.
    let fetched =
        devices::refresh(&world.platform, &holder.actor, holder.signed_in(), early.id).await;
    assert_eq!(refused(fetched), too_low);
    let mut request = holder.request(&world, &key(4)).await;
    request.attestation = Attestation::Software;
    assert_eq!(refused(enrol(&world, &holder, request.clone()).await), too_low);
    request.attestation = Attestation::SecureElement;
    let enrolled = enrol(&world, &holder, request).await.unwrap();
    let credential = holder.credential(&world, enrolled.id).await;
    assert_eq!(credential.expires_at - credential.not_before, Duration::hours(8));
}

#[tokio::test]
async fn of_two_phones_at_once_one_is_enrolled() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    // Another account of the same person, so that nothing but the invitation is shared.
    let clerk =
        world.account(holder.person, &[(Role::Officer, world.bureau, ScopeAxis::Own)]).await;
    let second = Holder { actor: clerk, person: holder.person, certificate: holder.certificate };
    let invitation =
        devices::invite(&world.platform, &world.hr, holder.person).await.unwrap().secret;
    let one = holder.request_by(&world, &key(3), &invitation).await;
    let two = second.request_by(&world, &key(4), &invitation).await;
    let (one, two) = tokio::join!(enrol(&world, &holder, one), enrol(&world, &second, two));
    let (good, bad): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (1, 1));
    let refusal = refused(bad.into_iter().next().unwrap());
    assert!(matches!(refusal, R::ChangedMeanwhile | R::InvitationUsed), "{refusal:?}");
    assert_eq!(world.count::<device::Entity>().await, 1);
}

#[tokio::test]
async fn an_auxiliary_has_nothing_to_show() {
    let world = World::new().await;
    let person = world.person("赵强", world.bureau, |p| p.kind = PersonKind::AuxiliaryStaff).await;
    let actor = world.account(person, &[(Role::Officer, world.bureau, ScopeAxis::Own)]).await;
    let auxiliary =
        Holder { actor, person, certificate: Holder::new(&world, "王伟").await.certificate };
    let device = auxiliary.enrol(&world, &key(3)).await;
    let fetched =
        devices::refresh(&world.platform, &auxiliary.actor, auxiliary.signed_in(), device.id).await;
    assert_eq!(refused(fetched), R::NoCertificate);
}
