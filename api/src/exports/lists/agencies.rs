//! Agencies, and what reforms do to them.

use std::collections::HashMap;

use entities::agency_change;
use entities::enums::{AgencyChangeState, AgencyKind, ChangeSide, ExportList};
use entities::ids::{AgencyChangeId, AgencyId};

use super::{Answer, Column, List, Piece, Reading, columns, piece};
use crate::exports::request::Told;
use crate::exports::words::{day, moment};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::organisations::{self, AgencyFilter, AgencyRow};
use crate::reorganisation::{self, ChangeFilter, Party};

/// The code of a division, where it has the form of one.
fn code(text: String) -> Told {
    let is_code = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { Told::Plain(text) } else { Told::Typed(text) }
}

/// Agencies by name.
pub(super) struct Agencies<'a>(pub &'a AgencyFilter);

impl List for Agencies<'_> {
    type Row = AgencyRow;

    const LIST: ExportList = ExportList::Agencies;

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

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let AgencyFilter { search, division_code, kind, with_abolished } = self.0;
        vec![
            ("search", Told::typed(search.as_ref())),
            ("divisionCode", division_code.clone().map(code)),
            ("kind", Told::word(kind.map(AgencyKind::code))),
            ("withAbolished", Told::ticked(*with_abolished)),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<AgencyRow> {
        let rows = organisations::agencies(reading.tx, reading.scope, self.0, &page).await?;
        Ok(piece(rows, &page, |row| vec![row.agency.name.clone(), encode(row.agency.id)]))
    }
}

/// Reforms of agencies, newest first.
pub(super) struct Changes<'a>(pub &'a ChangeFilter);

/// A reform, and the agencies on either side under their names of today.
pub(super) struct ChangeOf {
    change: agency_change::Model,
    new_name: Option<String>,
    parties: Vec<Party>,
}

impl ChangeOf {
    fn names(&self, side: ChangeSide) -> String {
        let of_side = self.parties.iter().filter(|party| party.side == side);
        of_side.map(|party| party.name.as_str()).collect::<Vec<_>>().join("; ")
    }
}

impl List for Changes<'_> {
    type Row = ChangeOf;

    const LIST: ExportList = ExportList::AgencyChanges;
    const COLUMNS: &'static [Column<ChangeOf>] = columns![ChangeOf;
        "col-change-kind" => |c, w| w.label("change", &c.change.kind.code()),
        "col-state" => |c, w| w.label("change-state", &c.change.state.code()),
        "col-effective-on" => |c, _| day(Some(c.change.effective_on)),
        "col-document" => |c, _| c.change.document.clone(),
        "col-change-from" => |c, _| c.names(ChangeSide::From),
        "col-change-to" => |c, _| c.names(ChangeSide::To),
        "col-new-name" => |c, _| c.new_name.clone().unwrap_or_default(),
        "col-proposed-at" => |c, _| moment(Some(c.change.proposed_at)),
        "col-proposed-by" => |c, _| c.change.proposed_by.map(encode).unwrap_or_default(),
        "col-decided-at" => |c, _| moment(c.change.decided_at),
        "col-decided-by" => |c, _| c.change.decided_by.map(encode).unwrap_or_default(),
        "col-ended-at" => |c, _| moment(c.change.ended_at),
        "col-failure" => |c, _| c.change.failure.clone().unwrap_or_default(),
        "col-id" => |c, _| encode(c.change.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.agency
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let ChangeFilter { state, agency } = self.0;
        vec![
            ("state", Told::word(state.map(AgencyChangeState::code))),
            ("agencyId", Told::id(*agency)),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<ChangeOf> {
        let rows = reorganisation::changes(reading.tx, reading.scope, *self.0, &page).await?;
        let Piece { rows, next } = piece(rows, &page, |row| vec![encode(row.id)]);
        let ids: Vec<AgencyChangeId> = rows.iter().map(|row| row.id).collect();
        let mut parties: HashMap<_, _> = reorganisation::parties(reading.tx, &ids).await?;
        let mut changes = Vec::with_capacity(rows.len());
        for change in rows {
            let parties = parties.remove(&change.id).unwrap_or_default();
            let new_name = reorganisation::new_name(&change)?;
            changes.push(ChangeOf { change, new_name, parties });
        }
        Ok(Piece { rows: changes, next })
    }
}
