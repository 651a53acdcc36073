//! What a reform of agencies does here: complaints that an ending department handles go to whoever
//! takes its place, and so do questions and evaluations that wait. What a complaint was about stays
//! as it was.

use entities::ids::{AgencyChangeId, AgencyId};
use entities::{complaint, complaint_question, evaluation};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;

/// Hands on what an agency that ends has.
pub async fn hand_on(
    uow: &mut UnitOfWork,
    from: AgencyId,
    to: AgencyId,
    reform: AgencyChangeId,
) -> Result<(), Fault> {
    let complaints = complaint::Entity::update_many()
        .col_expr(complaint::Column::DeskId, Expr::value(to))
        .filter(complaint::Column::DeskId.eq(from))
        .exec(uow.tx())
        .await?
        .rows_affected;
    complaint_question::Entity::update_many()
        .col_expr(complaint_question::Column::AgencyId, Expr::value(to))
        .filter(complaint_question::Column::AgencyId.eq(from))
        .filter(complaint_question::Column::Answer.is_null())
        .exec(uow.tx())
        .await?;
    evaluation::Entity::update_many()
        .col_expr(evaluation::Column::AgencyId, Expr::value(to))
        .filter(evaluation::Column::AgencyId.eq(from))
        .filter(evaluation::Column::BatchId.is_null())
        .exec(uow.tx())
        .await?;
    if complaints > 0 {
        let body =
            json!({ "from": encode(from), "reform": encode(reform), "complaints": complaints });
        uow.record(Stream::Agency(to), "complaints.hand_on", encode(to), body);
    }
    Ok(())
}
