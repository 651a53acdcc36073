//! What a reform of agencies does to training: what an agency that ends has not finished goes on
//! with whoever takes its place.

use entities::enums::{SittingState, TrainingState};
use entities::ids::{AgencyChangeId, AgencyId};
use entities::{exam_sitting, training_session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;

/// Hands the sessions that are not closed and the sittings that are not confirmed to another
/// organiser. What is closed, confirmed or cancelled stays with who held it.
pub async fn hand_on(
    uow: &mut UnitOfWork,
    from: AgencyId,
    to: AgencyId,
    reform: AgencyChangeId,
) -> Result<(), Fault> {
    let body: Value = json!({ "from": encode(from), "to": encode(to), "reform": encode(reform) });
    macro_rules! hand_on {
        ($table:ident, [$($state:expr),*], $action:literal) => {
            let open = $table::Entity::find()
                .filter($table::Column::OrganiserId.eq(from))
                .filter($table::Column::State.is_in([$($state),*]))
                .order_by_asc($table::Column::Id);
            // Whoever closes one at this moment comes before, or finds it with the other.
            let open = uow.locked(open);
            let open = open.all(uow.tx()).await?;
            $table::Entity::update_many()
                .col_expr($table::Column::OrganiserId, Expr::value(to))
                .col_expr($table::Column::UpdatedAt, Expr::value(uow.now()))
                .filter($table::Column::OrganiserId.eq(from))
                .filter($table::Column::State.is_in([$($state),*]))
                .exec(uow.tx())
                .await?;
            for row in open {
                uow.record(Stream::Agency(to), $action, encode(row.id), body.clone());
            }
        };
    }
    hand_on!(training_session, [TrainingState::Planned, TrainingState::Held], "training.hand_on");
    hand_on!(exam_sitting, [SittingState::Planned], "sitting.hand_on");
    Ok(())
}
