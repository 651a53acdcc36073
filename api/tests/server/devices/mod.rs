//! Officers' phones on a real database: invited, enrolled, ended, given credentials, scanned and
//! challenged.

mod challenges;
mod credentials;
mod ending;
mod enrolling;
mod over_graphql;
mod places;
mod scans;

use api::credentials::PhoneCredential;
use api::devices::{self, DeviceRefusal, NewDevice};
use api::graphql::ids::encode;
use api::platform::actor::{Actor, SignedIn};
use api::platform::failure::Failure;
use entities::enums::{Attestation, KeyAlgorithm, Role, ScopeAxis, StatusValue};
use entities::ids::{CertificateId, DeviceId, PersonId};
use entities::{audit_entry, device, device_certificate, status_entry};
use mobile_contract::{Algorithm, Challenge, Enrolment, Es256Signer, Signer, present};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use crate::certification::world::World;

/// An officer with a certificate in force and an account.
pub struct Holder {
    pub actor: Actor,
    pub person: PersonId,
    pub certificate: CertificateId,
}

impl Holder {
    pub async fn new(world: &World, name: &str) -> Self {
        let (person, certificate) = world.active(name).await;
        let actor = world.account(person, &[(Role::Officer, world.bureau, ScopeAxis::Own)]).await;
        Self { actor, person, certificate }
    }

    pub fn signed_in(&self) -> &SignedIn {
        self.actor.signed_in().unwrap()
    }

    /// Enrols a phone with this key, as HR and the officer do it together.
    pub async fn enrol(&self, world: &World, key: &dyn Signer) -> device::Model {
        let request = self.request(world, key).await;
        devices::enrol(&world.platform, &self.actor, self.signed_in(), request).await.unwrap()
    }

    /// What the officer's app sends after HR has invited them.
    pub async fn request(&self, world: &World, key: &dyn Signer) -> NewDevice {
        let invitation = devices::invite(&world.platform, &world.hr, self.person).await.unwrap();
        self.request_by(world, key, &invitation.secret).await
    }

    /// The same by a secret of their own.
    pub async fn request_by(&self, world: &World, key: &dyn Signer, secret: &str) -> NewDevice {
        let begun = devices::begin(&world.platform, &self.actor, self.signed_in()).await.unwrap();
        let public_key = key.public_key();
        let enrolment = Enrolment {
            nonce: &begun.nonce,
            invitation: secret,
            officer: &encode(begun.officer),
            public_key: &public_key,
        };
        let algorithm = match key.algorithm() {
            Algorithm::Ed25519 => KeyAlgorithm::Ed25519,
            _ => KeyAlgorithm::Es256,
        };
        NewDevice {
            invitation: secret.to_owned(),
            nonce: begun.nonce.to_vec(),
            algorithm,
            public_key: public_key.to_bytes(),
            attestation: Attestation::None,
            name: "手机".to_owned(),
            signature: key.sign(&enrolment.message()).unwrap().to_vec(),
        }
    }

    /// The phone's credential of today.
    pub async fn credential(&self, world: &World, id: DeviceId) -> PhoneCredential {
        devices::refresh(&world.platform, &self.actor, self.signed_in(), id).await.unwrap()
    }

    /// What the phone shows now.
    pub async fn code(
        &self,
        world: &World,
        id: DeviceId,
        key: &dyn Signer,
        challenge: Option<&Challenge>,
    ) -> String {
        let credential = self.credential(world, id).await;
        present(&credential.bytes, world.app.now().timestamp(), challenge, key).unwrap()
    }
}

/// A phone's key.
pub fn key(n: u8) -> Es256Signer {
    Es256Signer::from_scalar(&[n; 32]).unwrap()
}

/// The refusal of a call.
pub fn refused<T: std::fmt::Debug>(result: devices::Result<T>) -> DeviceRefusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// The phone as it stands.
pub async fn stored(world: &World, id: DeviceId) -> device::Model {
    device::Entity::find_by_id(id).one(world.platform.db.read()).await.unwrap().unwrap()
}

/// What the status list says of each phone of a certificate, in the order they took their places.
pub async fn places(world: &World, certificate: CertificateId) -> Vec<StatusValue> {
    let db = world.platform.db.read();
    let shown = device_certificate::Entity::find()
        .filter(device_certificate::Column::CertificateId.eq(certificate))
        .order_by_asc(device_certificate::Column::CreatedAt)
        .order_by_asc(device_certificate::Column::DeviceId)
        .all(db)
        .await
        .unwrap();
    let mut values = Vec::new();
    for place in shown {
        let entry = status_entry::Entity::find_by_id((place.list, place.idx)).one(db).await;
        values.push(entry.unwrap().unwrap().value);
    }
    values
}

/// Action, subject and body of the entries about phones, in the order they were made.
pub async fn log(world: &World) -> Vec<(String, String, Value)> {
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.starts_with("device."))
        .order_by_asc(audit_entry::Column::Seq)
        .all(world.platform.db.read())
        .await
        .unwrap();
    let read =
        |e: audit_entry::Model| (e.action, e.subject, serde_json::from_str(&e.body).unwrap());
    entries.into_iter().map(read).collect()
}

/// Enters a version of the rules on phones that holds tomorrow; it is then tomorrow.
pub async fn rule(world: &World, body: Value) {
    use api::policy::{NewVersion, PolicyKey, enter_version};
    let day = api::platform::clock::local_date(world.app.now()).succ_opt().unwrap();
    let new = NewVersion {
        key: PolicyKey::Devices,
        division: "620000".into(),
        effective_from: day,
        body,
    };
    enter_version(&world.platform, &Actor::System, new).await.unwrap();
    world.advance(1);
}
