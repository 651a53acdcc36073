//! Agencies, accounts and the audit log.

use super::{Column, List, Piece, Reading, columns, piece};
use crate::auth::{AccountFilter, Listed, list_accounts};
use crate::exports::log::{self, LogFilter, LogRow};
use crate::exports::words::{day, moment};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::organisations::{self, AgencyFilter, AgencyRow};
use crate::platform::failure::Fault;

/// Agencies by name.
pub(super) struct Agencies<'a>(pub &'a AgencyFilter);

impl List for Agencies<'_> {
    type Row = AgencyRow;

    const COLUMNS: &'static [Column<AgencyRow>] = columns![AgencyRow;
        "col-agency-name" => |a, _| a.agency.name.clone(),
        "col-uscc" => |a, _| a.agency.uscc.clone(),
        "col-agency-kind" => |a, w| w.label("agency-kind", &a.agency.kind.code()),
        "col-leadership" => |a, w| w.label("leadership", &a.agency.leadership.code()),
        "col-division-code" => |a, _| a.agency.division_code.clone(),
        "col-division" => |a, _| a.division_name.clone(),
        "col-superior" => |a, _| a.superior_name.clone().unwrap_or_default(),
        "col-entrusted-by" => |a, _| a.entrusted_by_name.clone().unwrap_or_default(),
        "col-fields" => |a, w| w.fields(&a.agency.field_codes),
        "col-complaint-phone" => |a, _| a.agency.complaint_phone.clone().unwrap_or_default(),
        "col-agency-qualification" => |a, w| {
            w.label("agency-qualification", &a.agency.qualification.code())
        },
        "col-confirmed-on" => |a, _| day(a.agency.qualification_confirmed_on),
        "col-is-justice" => |a, w| w.yes(a.agency.is_justice),
        "col-issues" => |a, w| w.yes(a.agency.issues_certificates),
        "col-abolished-on" => |a, _| day(a.agency.abolished_on),
        "col-id" => |a, _| encode(a.agency.id),
    ];

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Result<Piece<AgencyRow>, Fault> {
        let rows = organisations::agencies(reading.tx, reading.scope, self.0, &page).await?;
        Ok(piece(rows, &page, |row| vec![row.agency.name.clone(), encode(row.agency.id)]))
    }
}

/// Accounts in the order they were entered.
pub(super) struct Accounts<'a>(pub &'a AccountFilter);

/// An account and the name of its person's agency.
pub(super) struct AccountOf {
    listed: Listed,
    agency: String,
}

impl List for Accounts<'_> {
    type Row = AccountOf;

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

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Result<Piece<AccountOf>, Fault> {
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

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Result<Piece<LogRow>, Fault> {
        let rows = log::entries(reading.tx, reading.scope, self.0, &page).await?;
        Ok(piece(rows, &page, |row| vec![encode(row.entry.id)]))
    }
}
