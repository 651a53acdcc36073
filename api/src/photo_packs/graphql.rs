//! Which photo packs there are, and their keys. The packs themselves go by
//! `GET /photo-packs/{agency}/{part}`.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::ids::AgencyId;
use mobile_contract::photo_pack::MAX_PACK_ENTRIES;

use super::{Pack, PackAgency, agencies};
use crate::access::{Permission, Scope};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
use crate::platform::clock::local_date;

/// The photo pack of an agency: of its people with a certificate in force and a photo.
#[derive(SimpleObject)]
pub struct PhotoPack {
    /// The agency.
    agency_id: ID,
    /// Its number, as codes and the trust bundle name it.
    agency_number: i32,
    /// Its name.
    agency_name: String,
    /// People in it.
    people: i64,
    /// Its parts, each of 500 people at most: `GET /photo-packs/{agencyId}/{part}`, from 1 on.
    parts: i64,
}

impl From<PackAgency> for PhotoPack {
    fn from(row: PackAgency) -> Self {
        let most = i64::try_from(MAX_PACK_ENTRIES).unwrap_or(i64::MAX);
        Self {
            agency_id: encode(row.id).into(),
            agency_number: row.number,
            agency_name: row.name,
            people: row.people,
            parts: (row.people + most - 1) / most,
        }
    }
}

/// The key of a photo pack.
#[derive(SimpleObject)]
pub struct PhotoPackKey {
    /// The version it opens, in hexadecimal, as the pack itself says it. Where a pack has another, it
    /// is fetched anew.
    version: String,
    /// 32 bytes in base64url without padding. Kept in the phone's key store, and removed when the
    /// account is signed out there.
    key: String,
}

/// Queries of photo packs.
#[derive(Default)]
pub struct PhotoPacksQuery;

#[Object]
impl PhotoPacksQuery {
    /// Photo packs of the agencies that the caller supervises, for a place without a network.
    #[graphql(
        guard = "Needs(Permission::ReadPhotoPacks)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn photo_packs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, PhotoPack>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadPhotoPacks);
        let today = local_date(platform.now());
        let rows = agencies(platform.db.read(), &scope, today, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], Into::into))
    }

    /// The key of a part of an agency's pack as it is now; that it was given is recorded. Nothing where
    /// there is no such pack in what the caller supervises.
    #[graphql(guard = "Needs(Permission::ReadPhotoPacks)")]
    async fn photo_pack_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency's.")] agency_id: Id<AgencyId>,
        #[graphql(desc = "Which part, from 1 on.")] part: i32,
    ) -> Result<Option<PhotoPackKey>> {
        let (platform, actor) = caller(ctx)?;
        let Ok(part) = u32::try_from(part) else { return Ok(None) };
        let pack = Pack::find(platform, actor, agency_id.get(), part).await?;
        let Some(pack) = pack else { return Ok(None) };
        let key = pack.give_key(platform, actor).await?;
        Ok(Some(PhotoPackKey { version: pack.version(), key: URL_SAFE_NO_PAD.encode(key) }))
    }
}
