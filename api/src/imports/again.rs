//! Bars that come again. A roster that is sent again may be an old one: what the register has
//! lifted, or what has ended, is not opened anew before a person has confirmed that it holds.

use entities::enums::StandingKind;

use super::columns::Column;
use super::findings::{FindingCode, Note};
use super::row::RosterRow;
use super::stage::Staged;
use crate::officers;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// Marks rows that name a bar again, so that they are shown and confirmed.
pub(super) async fn note_again(platform: &Platform, staged: &mut [Staged]) -> Result<(), Fault> {
    let barred = |row: &&RosterRow| !row.standings.is_empty();
    let numbers: Vec<&str> = staged
        .iter()
        .filter_map(|s| s.row.as_ref())
        .filter(barred)
        .map(|row| row.id_number.as_str())
        .collect();
    let over = officers::standings_over(platform, &numbers).await?;
    for staged in staged {
        let Some(row) = &staged.row else { continue };
        let again = |kind: &StandingKind| {
            over.get(&row.id_number).is_some_and(|kinds| kinds.contains(kind))
        };
        if row.standings.iter().any(again) {
            let note = Note::new(FindingCode::StandingAgain);
            let (sheet, at) = (staged.raw.sheet.clone(), staged.raw.row);
            staged.findings.push(note.at(&sheet, Some(at), Some(Column::Standing)));
        }
    }
    Ok(())
}

/// Whether it was noted, and so confirmed, that bars come again.
pub(super) fn confirmed(staged: &Staged) -> bool {
    staged.findings.iter().any(|finding| finding.code == FindingCode::StandingAgain)
}
