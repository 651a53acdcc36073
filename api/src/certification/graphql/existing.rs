//! Decisions on existing certificates: parse, one use-case, map.

use async_graphql::{Context, Object, Result};
use entities::ids::{ExistingCertificateId, ImportBatchId};

use super::payloads::{BulkPayload, ConfirmImportPayload, bulk, split};
use crate::access::Permission;
use crate::certification;
use crate::graphql::ids::{Id, encode};
use crate::graphql::jobs::find_job;
use crate::graphql::{Needs, caller};

/// Mutations of existing certificates.
#[derive(Default)]
pub struct ExistingMutation;

#[Object]
impl ExistingMutation {
    /// Confirms existing certificates that rosters claim, as the justice department of their
    /// holders; not by whoever imported them. A result's `createdId` is the certificate. What is odd
    /// about a claim refuses it, each thing as a user error of its own, unless `weighed` says that
    /// it was looked at; some of it refuses it always.
    #[graphql(guard = "Needs(Permission::ConfirmExistingCertificates)")]
    async fn confirm_existing_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<ExistingCertificateId>>,
        #[graphql(default, desc = "What is odd about them was weighed.")] weighed: bool,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let ids: Vec<_> = ids.into_iter().map(Id::get).collect();
        let outcomes = certification::confirm_existing(platform, actor, &ids, weighed).await;
        bulk(ctx, outcomes, |id| Some(encode(*id).into()))
    }

    /// Confirms by a job all existing certificates of an import about which nothing is odd, as far
    /// as the caller's area reaches. What has become odd until its turn comes waits.
    #[graphql(guard = "Needs(Permission::ConfirmExistingCertificates)")]
    async fn confirm_existing_certificates_of_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import, as the claims name it.")] import_id: Id<ImportBatchId>,
    ) -> Result<ConfirmImportPayload> {
        let (platform, actor) = caller(ctx)?;
        let asked = certification::confirm_import(platform, actor, import_id.get()).await;
        let (asked, user_errors) = split(ctx, asked)?;
        let job = match asked {
            Some(id) => find_job(ctx, id).await?,
            None => None,
        };
        Ok(ConfirmImportPayload { job, user_errors })
    }

    /// Refuses existing certificates that rosters claim, with a reason.
    #[graphql(guard = "Needs(Permission::ConfirmExistingCertificates)")]
    async fn refuse_existing_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; at most 500.")] ids: Vec<Id<ExistingCertificateId>>,
        #[graphql(desc = "Why, at most 1,000 characters.")] reason: String,
    ) -> Result<BulkPayload> {
        let (platform, actor) = caller(ctx)?;
        let ids: Vec<_> = ids.into_iter().map(Id::get).collect();
        let outcomes = certification::refuse_existing(platform, actor, &ids, &reason).await;
        bulk(ctx, outcomes, |()| None)
    }
}
