//! Accounts for officers, and phones: invited by HR, enrolled in the holder's own name with a key made
//! by chance.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entities::certificate;
use entities::enums::{Attestation, KeyAlgorithm, Role, ScopeAxis};
use entities::ids::{CertificateId, CheckRecordId, DeviceId};
use mobile_contract::record::{Elapsed, RecordHash, Since};
use mobile_contract::{
    CheckRecord, Enrolment, Es256Signer, Seen, Signer, SyncMark, Verdict, present,
};
use sea_orm::EntityTrait;

use super::cast::{CITY, cast, subject};
use super::lost;
use crate::auth::Auth;
use crate::auth::accounts::{self, NewAccount};
use crate::auth::password;
use crate::demo::load::staff::{Member, Password};
use crate::demo::load::timeline::Story;
use crate::demo::load::{PROVINCE, refused};
use crate::devices::{self, NewDevice};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::Clock as _;
use crate::platform::failure::Fault;

/// The divisions whose supervisors have a phone, in the order in which the script counts them. Not
/// the district's: that one is left to whoever tries the demo.
const SUPERVISED: [&str; 2] = [CITY, PROVINCE];

/// An officer of the cast.
pub struct Officer {
    /// The index among the people of the demo.
    pub index: usize,
    /// The certificate in force.
    pub certificate: CertificateId,
    /// Its number.
    pub number: String,
    /// The phone.
    pub phone: Phone,
}

/// A phone with its holder.
pub struct Phone {
    /// Its id.
    pub device: DeviceId,
    /// What the last sync was answered with.
    pub mark: Option<SyncMark>,
    /// Records that were not sent yet.
    pub unsent: Vec<String>,
    holder: Member,
    role: Role,
    key: Es256Signer,
    sequence: u32,
    previous: Option<RecordHash>,
}

impl Phone {
    /// Its holder, signed in just now.
    pub fn actor(&self, now: DateTime<Utc>) -> Actor {
        self.holder.acting(self.role, now)
    }

    /// What it shows now: the digits of a code with today's credential.
    pub async fn shown(&self, platform: &Platform) -> Result<String, Fault> {
        let now = platform.now();
        let actor = self.actor(now);
        let signed_in = actor.signed_in().ok_or_else(lost)?;
        let credential = devices::refresh(platform, &actor, signed_in, self.device).await;
        let bytes = credential.map_err(refused)?.bytes;
        present(&bytes, now.timestamp(), None, &self.key).map_err(Fault::other)
    }

    /// Records what was seen, and what the app said of it.
    pub fn record(
        &mut self,
        platform: &Platform,
        seen: Seen,
        verdict: Option<Verdict>,
        place: &str,
    ) -> Result<(), Fault> {
        let mark = self.mark.ok_or_else(lost)?;
        let clock = platform.now().timestamp_millis();
        self.sequence += 1;
        let record = CheckRecord {
            id: platform.new_id::<CheckRecordId>().0.into_bytes(),
            sequence: self.sequence,
            previous: self.previous,
            seen,
            challenge: None,
            clock,
            elapsed: Elapsed { since: Since::Sync, millis: clock - mark.at },
            mark: Some(mark),
            verdict,
            place: Some(place.to_owned()),
        };
        self.previous = Some(record.hash());
        let signed = record.sign(&self.key).map_err(Fault::other)?;
        self.unsent.push(URL_SAFE_NO_PAD.encode(signed));
        Ok(())
    }
}

impl Story<'_> {
    /// Gives the officers of the cast accounts, and them and the supervisors phones.
    pub(super) async fn enrol(&mut self, auth: &Auth) -> Result<(), Fault> {
        let cast = cast(self.people, self.agencies);
        let subject = subject(self.people, self.agencies);
        let Some(subject) = subject.filter(|_| !cast.is_empty()) else { return Ok(()) };
        self.field.subject = Some(*self.certificates.get(&subject).ok_or_else(lost)?);
        for (number, index) in (1..).zip(cast) {
            let officer = self.officer(number, index, auth).await?;
            self.field.officers.push(officer);
        }
        for division in SUPERVISED {
            let justice = *self.justice.get(division).ok_or_else(lost)?;
            let member = self.staff.member(Role::Supervisor, justice)?;
            let phone = self.phone(member, Role::Supervisor, justice).await?;
            self.field.supervisors.push(phone);
        }
        Ok(())
    }

    /// An account of the officer's own, with a password, and a phone.
    async fn officer(
        &mut self,
        number: usize,
        index: usize,
        auth: &Auth,
    ) -> Result<Officer, Fault> {
        let platform = self.platform;
        let agency = self.people.get(index).ok_or_else(lost)?.agency;
        let unit = *self.ids.get(agency).ok_or_else(lost)?;
        let person = *self.persons.get(&index).ok_or_else(lost)?;
        let certificate = *self.certificates.get(&index).ok_or_else(lost)?;
        let row = certificate::Entity::find_by_id(certificate).one(platform.db.read()).await?;
        let login = format!("officer-{number}");
        let word = password::generate(&platform.random);
        self.field.passwords.push(Password {
            login: login.clone(),
            password: word.clone(),
            role: Role::Officer,
            agency: self.agencies.get(agency).ok_or_else(lost)?.name.clone(),
        });
        let roles = vec![(Role::Officer, unit, ScopeAxis::Own)];
        let new = NewAccount { person, login, password: Some(word), roles };
        let account = accounts::enter(auth, platform, &Actor::System, new).await;
        let account = account.map_err(refused)?;
        let member = Member { account, person, agency: unit };
        let phone = self.phone(member, Role::Officer, agency).await?;
        Ok(Officer { index, certificate, number: row.ok_or_else(lost)?.number, phone })
    }

    /// A phone, as HR of the agency and its holder enrol it together.
    async fn phone(&self, holder: Member, role: Role, agency: usize) -> Result<Phone, Fault> {
        let (platform, now) = (self.platform, self.clock.now());
        let hr = self.staff.actor(Role::AgencyHr, agency, now)?;
        let invited = devices::invite(platform, &hr, holder.person).await;
        let invitation = invited.map_err(refused)?.secret;
        let actor = holder.acting(role, now);
        let signed_in = actor.signed_in().ok_or_else(lost)?;
        let begun = devices::begin(platform, &actor, signed_in).await.map_err(refused)?;
        let key = Es256Signer::from_scalar(&platform.random.bytes()).map_err(Fault::other)?;
        let public_key = key.public_key();
        let officer = encode(begun.officer);
        let enrolment = Enrolment {
            nonce: &begun.nonce,
            invitation: &invitation,
            officer: &officer,
            public_key: &public_key,
        };
        let signature = key.sign(&enrolment.message()).map_err(Fault::other)?;
        let new = NewDevice {
            nonce: begun.nonce.to_vec(),
            algorithm: KeyAlgorithm::Es256,
            public_key: public_key.to_bytes(),
            attestation: Attestation::Software,
            name: "演示手机".to_owned(),
            signature: signature.to_vec(),
            invitation,
        };
        let enrolled = devices::enrol(platform, &actor, signed_in, new).await.map_err(refused)?;
        Ok(Phone {
            device: enrolled.id,
            mark: None,
            unsent: Vec::new(),
            holder,
            role,
            key,
            sequence: 0,
            previous: None,
        })
    }
}
