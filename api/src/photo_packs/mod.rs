//! Photo packs for supervisors (`docs/credential.md` §7): the pictures of the officers of an agency
//! whose certificates are in force, small, encrypted and signed, for a place without a network. The
//! format is `mobile_contract::photo_pack`'s; here is who gets which pack, and that it is recorded.
//!
//! A pack is an agency's, in parts of 500 people. Its version is a digest of what it holds; its key
//! follows from the deployment's secret, the pack and the version, so none is stored. Nothing comes
//! from an officer's phone: a picture is the one that the issuer's card bears.

pub mod graphql;
mod store;

use chrono::Duration;
use entities::enums::KeyUse;
use entities::ids::AgencyId;
use mobile_contract::photo_pack::{
    Entry, Head, MAX_PACK_ENTRIES, MAX_PACK_SECONDS, MAX_PLACES, PackKey, number_hash, seal,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::KeyringSigner;
use crate::graphql::ids::encode;
use crate::officers::photo::small;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;
use store::Member;
pub use store::{PackAgency, agencies};

/// The word in the audit log for taking a pack.
pub const READ: &str = "photo_pack.read";
/// The word in the audit log for being given the key of one.
pub const KEY_GIVEN: &str = "photo_pack.key";
/// Of what the key of a pack is made.
const KEY: Purpose = Purpose::new("key of a photo pack");
/// Photos that are read at once: each has 40 KB at most.
const PHOTOS_AT_ONCE: usize = 25;
/// Seconds after which a pack is fetched anew though nothing in it has changed, well before its end.
const ANEW: i64 = MAX_PACK_SECONDS / 2;

/// A part of an agency's pack, before it is made.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The agency.
    pub agency: AgencyId,
    /// Its number in codes and in the bundle.
    agency_number: u32,
    /// Which part, from 1 on.
    part: u32,
    members: Vec<Member>,
    version: [u8; 16],
}

impl Pack {
    /// A part of an agency of what the actor supervises; none where there is no such agency there, or
    /// nobody in that part.
    pub async fn find(
        platform: &Platform,
        actor: &Actor,
        agency: AgencyId,
        part: u32,
    ) -> Result<Option<Self>, Fault> {
        let scope = Scope::of(actor, Permission::ReadPhotoPacks);
        let today = crate::platform::clock::local_date(platform.now());
        let db = platform.db.read();
        let Some(number) = store::number(db, &scope, agency).await? else { return Ok(None) };
        let most = u64::try_from(MAX_PACK_ENTRIES).map_err(Fault::other)?;
        let Some(before) = u64::from(part).checked_sub(1) else { return Ok(None) };
        let members = store::members(db, agency, today, before * most, most).await?;
        if members.is_empty() {
            return Ok(None);
        }
        let agency_number = u32::try_from(number).map_err(Fault::stored)?;
        let version = version(agency_number, part, &members);
        Ok(Some(Self { agency, agency_number, part, members, version }))
    }

    /// What names this version, for whoever has it already: it is another every week, so that a phone
    /// fetches a pack anew before it ends.
    pub fn tag(&self, platform: &Platform) -> String {
        let week = platform.now().timestamp().div_euclid(ANEW);
        format!("W/\"{}-{week}\"", hex::encode(self.version))
    }

    /// The version in hexadecimal.
    pub fn version(&self) -> String {
        hex::encode(self.version)
    }

    /// The key, for a supervisor who is given it now; that is recorded.
    pub async fn give_key(&self, platform: &Platform, actor: &Actor) -> Result<PackKey, Fault> {
        self.record(platform, actor, KEY_GIVEN).await?;
        Ok(self.key(platform))
    }

    fn key(&self, platform: &Platform) -> PackKey {
        let (agency, part, version) = (self.agency_number, self.part, self.version());
        platform.secret.blind_index(KEY, &format!("{agency}/{part}/{version}"))
    }

    /// Makes the pack and records who has it. A photo that cannot be read is left out, with a line in
    /// the log; the app then says that there is none.
    pub async fn make(
        &self,
        platform: &Platform,
        actor: &Actor,
        issuer: &str,
    ) -> Result<Vec<u8>, Fault> {
        let db = platform.db.read();
        let mut entries: Vec<Entry> = Vec::with_capacity(self.members.len());
        for chunk in self.members.chunks(PHOTOS_AT_ONCE) {
            let hashes: Vec<Vec<u8>> = chunk.iter().map(|m| m.photo_sha256.clone()).collect();
            let photos = store::photos(db, &hashes).await?;
            let chunk = chunk.to_vec();
            let made = tokio::task::spawn_blocking(move || {
                let entry = |member: &Member| entry(member, photos.get(&member.photo_sha256)?);
                chunk.iter().filter_map(entry).collect::<Vec<Entry>>()
            });
            entries.extend(made.await.map_err(Fault::other)?);
        }
        let now = platform.now();
        let head = Head {
            issuer: issuer.to_owned(),
            agency: self.agency_number,
            part: self.part,
            version: self.version,
            issued_at: now.timestamp(),
            expires: (now + Duration::seconds(MAX_PACK_SECONDS)).timestamp(),
        };
        let signer = KeyringSigner(platform.keyring.current(KeyUse::Bundle, now)?);
        let nonce = platform.random.bytes();
        let bytes =
            seal(&head, &entries, &self.key(platform), nonce, &signer).map_err(Fault::other)?;
        self.record(platform, actor, READ).await?;
        Ok(bytes)
    }

    /// Whoever has a pack has the faces of all in it.
    async fn record(
        &self,
        platform: &Platform,
        actor: &Actor,
        action: &'static str,
    ) -> Result<(), Fault> {
        let mut uow = UnitOfWork::begin(platform, actor).await?;
        let body = json!({
            "part": self.part,
            "people": self.members.len(),
            "version": self.version(),
        });
        uow.record(Stream::Agency(self.agency), action, encode(self.agency), body);
        uow.commit().await
    }
}

fn entry(member: &Member, photo: &[u8]) -> Option<Entry> {
    let picture = match small::small(photo) {
        Ok(picture) => picture,
        Err(error) => {
            tracing::warn!(%error, certificate = %member.certificate_id.0, "a photo is in no pack");
            return None;
        }
    };
    Some(Entry {
        hash: number_hash(&member.number),
        places: member.places.iter().rev().take(MAX_PLACES).rev().copied().collect(),
        fields: member.fields.clone(),
        area: member.area.clone(),
        picture,
    })
}

/// A digest of everything that a pack is made of.
fn version(agency: u32, part: u32, members: &[Member]) -> [u8; 16] {
    let mut digest = Sha256::new();
    digest.update(agency.to_be_bytes());
    digest.update(part.to_be_bytes());
    for member in members {
        let said = json!([
            member.number,
            hex::encode(&member.photo_sha256),
            member.places,
            member.fields,
            member.area,
        ]);
        digest.update(said.to_string().as_bytes());
        digest.update([0]);
    }
    let digest: [u8; 32] = digest.finalize().into();
    let mut version = [0; 16];
    for (to, from) in version.iter_mut().zip(digest) {
        *to = from;
    }
    version
}
