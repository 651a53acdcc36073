//! Accounts and the audit log.

use entities::enums::ExportList;
use entities::ids::AgencyId;

use super::{Answer, Column, List, Piece, Reading, columns, piece};
use crate::auth::{AccountFilter, Listed, list_accounts};
use crate::exports::log::{self, LogFilter, LogRow};
use crate::exports::request::Told;
use crate::exports::words::moment;
use crate::graphql::ids::encode;
use crate::graphql::page::Page;

/// Accounts in the order they were entered.
pub(super) struct Accounts<'a>(pub &'a AccountFilter);

/// An account and the name of its person's agency.
pub(super) struct AccountOf {
    listed: Listed,
    agency: String,
}

impl List for Accounts<'_> {
    type Row = AccountOf;

    const LIST: ExportList = ExportList::Accounts;

    const COLUMNS: &'static [Column<AccountOf>] = columns![AccountOf;
        "col-login" => |a, _| a.listed.account.login.clone(),
        "col-name" => |a, _| a.listed.person.name.clone(),
        "col-agency" => |a, _| a.agency.clone(),
        "col-roles" => |a, w| {
            let roles = a.listed.roles.iter().map(|grant| w.label("role", &grant.role.code()));
            roles.collect::<Vec<_>>().join("; ")
        },
        "col-second-factor" => |a, _| moment(a.listed.enrolled_at),
        "col-invitation" => |a, _| moment(a.listed.invitation.as_ref().map(|i| i.expires_at)),
        "col-disabled-at" => |a, _| moment(a.listed.account.disabled_at),
        "col-person-id" => |a, _| encode(a.listed.person.id),
        "col-account-id" => |a, _| encode(a.listed.account.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let AccountFilter { login, agency } = self.0;
        vec![("login", Told::typed(login.as_ref())), ("agencyId", Told::id(*agency))]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<AccountOf> {
        let (tx, now) = (reading.tx, reading.now);
        let rows = list_accounts(tx, reading.scope, self.0, &page, now).await?;
        let ids = rows.iter().map(|row| row.person.agency_id).collect();
        let names = log::agency_names(tx, ids).await?;
        let Piece { rows, next } = piece(rows, &page, |row| vec![encode(row.account.id)]);
        let with_agency = |listed: Listed| {
            let agency = names.get(&listed.person.agency_id).cloned().unwrap_or_default();
            AccountOf { listed, agency }
        };
        Ok(Piece { rows: rows.into_iter().map(with_agency).collect(), next })
    }
}

/// The audit log, newest first.
pub(super) struct Log<'a>(pub &'a LogFilter);

impl List for Log<'_> {
    type Row = LogRow;

    const LIST: ExportList = ExportList::AuditLog;

    const COLUMNS: &'static [Column<LogRow>] = columns![LogRow;
        "col-at" => |l, _| moment(Some(l.entry.at)),
        "col-actor" => |l, w| {
            l.actor.as_ref().map_or_else(|| w.text("by-system"), |actor| actor.name.clone())
        },
        "col-account-id" => |l, _| {
            l.actor.as_ref().map_or_else(String::new, |actor| encode(actor.account))
        },
        "col-action" => |l, w| w.action(&l.entry.action),
        "col-subject" => |l, _| l.entry.subject.clone(),
        "col-subject-name" => |l, _| l.subject_name.clone().unwrap_or_default(),
        "col-agency" => |l, _| {
            l.agency.as_ref().map_or_else(String::new, |(_, name)| name.clone())
        },
        "col-details" => |l, _| l.entry.body.clone(),
        "col-stream" => |l, _| l.entry.stream.clone(),
        "col-seq" => |l, _| l.entry.seq.to_string(),
        "col-hash" => |l, _| hex::encode(&l.entry.hash),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        self.0.told()
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<LogRow> {
        let rows = log::entries(reading.tx, reading.scope, self.0, &page).await?;
        Ok(piece(rows, &page, |row| vec![encode(row.entry.id)]))
    }
}
