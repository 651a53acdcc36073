//! What the acts on many records share: bounds on the input and an outcome a record.

use std::collections::HashSet;
use std::hash::Hash;

use entities::ids::PersonId;
use entities::job;

use super::error::CertificationRefusal;
use crate::audit::UnitOfWork;
use crate::auth::chunks::Chunk;
pub(super) use crate::officers::agencies::Agencies;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::platform::jobs::{self, Progress};
use crate::platform::spelling::has_control;

/// Records of one call.
pub const MOST_AT_ONCE: usize = 500;
/// Characters of reasons or a note.
pub const MOST_TEXT: usize = 1_000;

/// What came of one record of a call. Those that succeeded are committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<I, T> {
    /// The record that was named.
    pub id: I,
    /// What was done, or why not.
    pub result: Result<T, CertificationRefusal>,
}

/// What a job's chunk answered; that the chunk itself is refused is no answer a job can have.
pub(super) fn unrefused<T>(answer: Result<T, Failure<CertificationRefusal>>) -> Result<T, Fault> {
    answer.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::other(format!("{refusal:?}")),
    })
}

/// Commits a chunk of a job with its progress, unless the job is another worker's by now. `next` is
/// where the chunk after it begins.
pub(super) async fn chunk_done<I, T>(
    uow: UnitOfWork,
    claimed: &job::Model,
    outcomes: &[Outcome<I, T>],
    next: i32,
    finished: bool,
) -> Result<Chunk, Fault> {
    let done = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    let progress = Progress {
        cursor: i64::from(next),
        done: i64::try_from(done).map_err(Fault::other)?,
        failed: i64::try_from(outcomes.len() - done).map_err(Fault::other)?,
        finished,
    };
    if !jobs::advance(uow.tx(), claimed, progress, uow.now()).await? {
        return Ok(Chunk::Lost);
    }
    uow.commit().await?;
    Ok(if finished { Chunk::Finished } else { Chunk::Done(next) })
}

/// Sorts out what the checks said of a record: a refusal becomes its outcome, a fault ends the
/// call, and what passed is handed on.
pub(super) fn passed<I, T, U>(
    outcomes: &mut Vec<Outcome<I, U>>,
    id: I,
    checked: Result<T, Failure<CertificationRefusal>>,
) -> Result<Option<T>, Fault> {
    match checked {
        Ok(passed) => Ok(Some(passed)),
        Err(Failure::Refused(refusal)) => {
            outcomes.push(Outcome { id, result: Err(refusal) });
            Ok(None)
        }
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// The records of a call, each once; refused where there are none or too many.
pub(super) fn bounded<I: Copy + Eq + Hash>(
    ids: &[I],
    most: usize,
) -> Result<Vec<I>, CertificationRefusal> {
    if ids.is_empty() {
        return Err(CertificationRefusal::NothingSelected);
    }
    if ids.len() > most {
        return Err(CertificationRefusal::TooMany { most });
    }
    let mut seen = HashSet::new();
    Ok(ids.iter().copied().filter(|id| seen.insert(*id)).collect())
}

/// Who acts: a person, whom separation of duties compares.
pub(super) fn person_of(actor: &Actor) -> Result<PersonId, CertificationRefusal> {
    actor.person().ok_or(CertificationRefusal::PersonRequired)
}

/// Reasons or a note without blanks around them; `None` where nothing is left. Line breaks and tabs
/// are all right, other control characters are not.
pub(super) fn written(text: Option<&str>) -> Result<Option<String>, CertificationRefusal> {
    let text = text.map(str::trim).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > MOST_TEXT) {
        return Err(CertificationRefusal::TextTooLong { most: MOST_TEXT });
    }
    if text.is_some_and(has_control) {
        return Err(CertificationRefusal::TextInvalid);
    }
    Ok(text.map(str::to_owned))
}

/// The only outcome of a call on one record.
pub(super) fn single<I, T>(
    outcomes: Vec<Outcome<I, T>>,
) -> Result<T, Failure<CertificationRefusal>> {
    let outcome = outcomes.into_iter().next().ok_or(CertificationRefusal::NothingSelected)?;
    Ok(outcome.result?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_at_least_one_record_and_none_twice() {
        assert_eq!(bounded::<u8>(&[], 3), Err(CertificationRefusal::NothingSelected));
        assert_eq!(bounded(&[1, 2, 3, 4], 3), Err(CertificationRefusal::TooMany { most: 3 }));
        assert_eq!(bounded(&[2, 1, 2], 3), Ok(vec![2, 1]));
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        assert_eq!(written(Some("  ")), Ok(None));
        assert_eq!(written(Some(" 补正 ")), Ok(Some("补正".into())));
        assert_eq!(written(Some(&"汉".repeat(1_000))).unwrap().unwrap().len(), 3_000);
        assert_eq!(
            written(Some(&"汉".repeat(1_001))),
            Err(CertificationRefusal::TextTooLong { most: 1_000 })
        );
        assert_eq!(written(Some("补\r\n\t正")), Ok(Some("补\r\n\t正".into())));
        for odd in ['\0', '\u{b}', '\u{85}', '\u{1b}'] {
            let text = format!("补{odd}正");
            assert_eq!(written(Some(&text)), Err(CertificationRefusal::TextInvalid));
        }
    }
}
