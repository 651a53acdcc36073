//! How long showings are kept: as long as the policy said when they were started.

use entities::ids::ShowingId;
use entities::showing;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// Rows removed in one transaction, so that others write in between.
const CHUNK: u64 = 500;

/// Removes what is no longer kept. Any number of nodes may do so at once.
pub async fn keep(platform: &Platform) -> Result<(), Fault> {
    let today = local_date(platform.now());
    loop {
        let old: Vec<ShowingId> = showing::Entity::find()
            .select_only()
            .column(showing::Column::Id)
            .filter(showing::Column::KeptUntil.lt(today))
            .order_by_asc(showing::Column::Id)
            .limit(CHUNK)
            .into_tuple()
            .all(platform.db.read())
            .await?;
        if old.is_empty() {
            return Ok(());
        }
        showing::Entity::delete_many()
            .filter(showing::Column::Id.is_in(old))
            .exec(platform.db.writer())
            .await?;
    }
}
