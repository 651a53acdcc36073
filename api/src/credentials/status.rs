//! Status lists: indices handed out in a keyed order, and what a list says of each
//! (`docs/credential.md` §3).

use std::collections::BTreeSet;

use entities::enums::{CertificateState, StatusValue};
use entities::ids::CertificateId;
use entities::{printed_code, public_card, status_entry, status_list};
use mobile_contract::offline::MIN_LIST_ENTRIES;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::devices::set_status_of_phones;
use super::lists::mark_changed;
use super::permutation::IndexPermutation;
use crate::audit::UnitOfWork;
use crate::platform::events::Hint;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;

/// Indices of a list.
const LIST_SIZE: i32 = MIN_LIST_ENTRIES.cast_signed();
/// What the keys of permutations are sealed for.
const PERMUTATION_KEY: Purpose = Purpose::new("credentials/status-permutation");
/// Certificates of one statement.
const AT_ONCE: usize = 1_000;

/// What a status list says of a state. A card that has not been handed over is not to be relied
/// on yet, which a list can only say as *suspended*; what has expired says so by its own `exp`.
pub const fn status_value(state: CertificateState) -> StatusValue {
    match state {
        CertificateState::Active | CertificateState::Expired => StatusValue::Valid,
        CertificateState::Issued | CertificateState::Suspended => StatusValue::Suspended,
        CertificateState::Lost | CertificateState::Revoked | CertificateState::Cancelled => {
            StatusValue::Invalid
        }
    }
}

/// A place in a status list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub list: i32,
    pub index: i32,
}

/// Hands out `count` places that were never handed out before. The list's row stays locked until
/// the transaction ends; a list that is full is followed by a new one.
pub(super) async fn take_places(uow: &UnitOfWork, count: usize) -> Result<Vec<Place>, Fault> {
    let mut places = Vec::with_capacity(count);
    while places.len() < count {
        let mut newest = status_list::Entity::find().order_by_desc(status_list::Column::Id);
        if !uow.platform().db.is_sqlite() {
            // Rows that point to the list are written meanwhile, by those who change a status.
            newest = newest.lock(LockType::NoKeyUpdate);
        }
        let newest = newest.one(uow.tx()).await?;
        let Some(list) = newest.as_ref().filter(|list| list.next < list.size) else {
            open_list(uow, newest.map_or(1, |list| list.id + 1)).await?;
            continue;
        };
        let left = i32::try_from(count - places.len()).unwrap_or(i32::MAX);
        let next = Ord::min(list.next.saturating_add(left), list.size);
        status_list::Entity::update_many()
            .col_expr(status_list::Column::Next, Expr::value(next))
            .filter(status_list::Column::Id.eq(list.id))
            .exec(uow.tx())
            .await?;
        let permutation = permutation(uow, list)?;
        for counter in list.next..next {
            let index = u32::try_from(counter).ok().and_then(|c| permutation.at(c));
            let index = index.and_then(|i| i32::try_from(i).ok());
            let index = index.ok_or_else(|| Fault::other("a status list gave no index"))?;
            places.push(Place { list: list.id, index });
        }
    }
    Ok(places)
}

/// Opens a list under a new key; nothing where another transaction has just opened it.
async fn open_list(uow: &UnitOfWork, id: i32) -> Result<(), Fault> {
    let platform = uow.platform();
    let key = platform.random.bytes::<32>();
    let sealed = platform.secret.seal(
        PERMUTATION_KEY,
        &id.to_be_bytes(),
        &key,
        &mut platform.random.clone(),
    );
    status_list::Entity::insert(status_list::ActiveModel {
        id: Set(id),
        size: Set(LIST_SIZE),
        next: Set(0),
        key_sealed: Set(sealed),
        created_at: Set(uow.now()),
    })
    .on_conflict(OnConflict::column(status_list::Column::Id).do_nothing().to_owned())
    .exec_without_returning(uow.tx())
    .await?;
    Ok(())
}

fn permutation(uow: &UnitOfWork, list: &status_list::Model) -> Result<IndexPermutation, Fault> {
    let key = uow
        .platform()
        .secret
        .open(PERMUTATION_KEY, &list.id.to_be_bytes(), &list.key_sealed)
        .map_err(|e| Fault::stored(format!("status list {}: {e}", list.id)))?;
    let key: [u8; 32] = key
        .try_into()
        .map_err(|_| Fault::stored(format!("status list {}: its key's length", list.id)))?;
    Ok(IndexPermutation::new(&key, u32::try_from(list.size).map_err(Fault::stored)?))
}

/// Writes what these certificates now are onto their public cards and into the status lists, of
/// their printed codes and of the phones that show them, in the caller's transaction: committed
/// together or not at all. `state` is the public one, in which what was cancelled for loss reads
/// lost.
pub async fn set_status(
    uow: &UnitOfWork,
    certificates: &[CertificateId],
    state: CertificateState,
) -> Result<(), Fault> {
    uow.tell(certificates.iter().copied().map(Hint::Certificate));
    let mut lists = BTreeSet::new();
    for chunk in certificates.chunks(AT_ONCE) {
        let changed: Vec<i32> = printed_code::Entity::find()
            .select_only()
            .column(printed_code::Column::List)
            .filter(printed_code::Column::CertificateId.is_in(chunk.iter().copied()))
            .distinct()
            .into_tuple()
            .all(uow.tx())
            .await?;
        lists.extend(changed);
        public_card::Entity::update_many()
            .col_expr(public_card::Column::State, Expr::value(state))
            .col_expr(public_card::Column::UpdatedAt, Expr::value(uow.now()))
            .filter(public_card::Column::CertificateId.is_in(chunk.iter().copied()))
            .exec(uow.tx())
            .await?;
        let mut places = Query::select()
            .column(printed_code::Column::List)
            .column(printed_code::Column::Idx)
            .from(printed_code::Entity)
            .and_where(printed_code::Column::CertificateId.is_in(chunk.iter().copied()))
            .take();
        if status_value(state) == StatusValue::Valid {
            // A code that waits for its handover is not to be relied on yet.
            places.and_where(printed_code::Column::Waits.eq(false));
        }
        status_entry::Entity::update_many()
            .col_expr(status_entry::Column::Value, Expr::value(status_value(state)))
            .col_expr(status_entry::Column::UpdatedAt, Expr::value(uow.now()))
            .filter(
                Expr::tuple([
                    Expr::col(status_entry::Column::List),
                    Expr::col(status_entry::Column::Idx),
                ])
                .in_subquery(places),
            )
            .exec(uow.tx())
            .await?;
        set_status_of_phones(uow, chunk, status_value(state)).await?;
    }
    mark_changed(uow, lists).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use CertificateState as S;

    #[test]
    fn what_a_state_says_to_the_status_list() {
        let said: Vec<_> = S::all().map(|s| (s, status_value(s))).collect();
        assert_eq!(
            said,
            [
                (S::Issued, StatusValue::Suspended),
                (S::Active, StatusValue::Valid),
                (S::Suspended, StatusValue::Suspended),
                (S::Lost, StatusValue::Invalid),
                (S::Revoked, StatusValue::Invalid),
                (S::Cancelled, StatusValue::Invalid),
                (S::Expired, StatusValue::Valid),
            ]
        );
    }
}
