//! Joint authorisations that wait for a decision: what `showings::joint` would refuse to somebody is
//! not in their list.

use super::{HOLDER, Work, did, nearest_desk};
use crate::access::{Permission, counts_as, granted_to};
use crate::worklist::sql::Sql;

impl Work<'_> {
    /// Proposals whose last day is not over, but those that the asker proposed, and those that name
    /// the asker, the asker's employer or an agency that the asker decides for.
    pub(super) fn joint_to_decide(&self, sql: &mut Sql) -> String {
        let permission = self.permission();
        let within = self.under("j.authority_id", sql);
        let today = sql.bind(self.asker.today);
        let as_one = sql.list(counts_as(&self.asker.actor, permission));
        let roots = sql.list(self.roots.iter().map(|(_, agency)| *agency));
        let proposal = Permission::ProposeJointAuthorisations;
        let proposed = ("j.proposed_by", "j.created_at");
        let mine = self.asker.did(permission, proposal, proposed, sql);
        let base = format!(
            "SELECT j.id, j.created_at AS since_at, NULL AS since_on, NULL AS person_id, \
             NULL AS person_name, u.id AS agency_id, u.name AS agency_name, \
             j.from_on AS due_on, NULL AS due_at, NULL AS reasons, NULL AS returned_by, \
             j.document AS label, u.division_code, j.authority_id AS desk, j.proposed_by \
             FROM joint_authorisations j JOIN agencies u ON u.id = j.authority_id \
             WHERE j.state = 'PROPOSED' AND j.until_on >= {today} AND {within} \
             AND NOT ({mine}) AND NOT EXISTS (SELECT 1 FROM joint_authorisation_parties y \
               WHERE y.authorisation_id = j.id AND (y.person_id IN ({as_one}) \
                 OR y.agency_id IN ({roots}) OR y.agency_id IN (\
                   SELECT e.agency_id FROM people e WHERE e.id IN ({as_one}))))"
        );
        let (held, now) = (granted_to(permission), sql.bind(self.asker.now));
        let roles: Vec<String> = held.iter().map(|role| format!("'{}'", role.code())).collect();
        let by_holder = did(proposal, ("w.proposed_by", "w.since_at"));
        let barred = format!(
            "{by_holder} OR EXISTS (SELECT 1 FROM joint_authorisation_parties y \
               WHERE y.authorisation_id = w.id AND (y.person_id = {HOLDER} \
                 OR y.agency_id IN (SELECT e.agency_id FROM people e WHERE e.id = {HOLDER}) \
                 OR y.agency_id IN (SELECT h.agency_id FROM grants h \
                   JOIN accounts ha ON ha.id = h.account_id \
                   WHERE ha.person_id = {HOLDER} AND h.role IN ({}) \
                   AND (h.ended_at IS NULL OR h.ended_at > {now}))))",
            roles.join(", ")
        );
        nearest_desk(&base, held, &self.territory(), &barred, self.asker, self.rules, sql)
    }
}
