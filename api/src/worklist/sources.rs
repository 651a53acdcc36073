//! What each kind of work is made of: one `SELECT` over the tables of its states, the same for its
//! list and its count.
//!
//! Each gives the columns of `Row`. `w` is the row of what waits, where a condition on who had a
//! part in it is added.

mod joint;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{Role, ScopeAxis};
use entities::ids::{AccountId, AgencyId, PersonId};

use super::holders::{HOLDER, Rules, did, nearest_desk};
use super::kinds::{FAILURE_SHOWN, INVITATION_ENDS, KEY_ENDS, REMINDERS, WorkKind};
use super::sql::Sql;
use crate::access::{Permission, Scope, counts_as, granted_to};
use crate::auth::delegation::{self, StoodIn};
use crate::certification::rules::applications::{Duty, permission};
use crate::organisations::authority::justice_department_sql;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// Who asks, and when.
pub(super) struct Asker {
    actor: Actor,
    account: AccountId,
    person: PersonId,
    /// Who acted for the asker, for whoever lends to the asker or for whom the asker lends to.
    stood_in: Vec<StoodIn>,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
}

impl Asker {
    /// The signed-in account; `None` where nobody is.
    pub async fn new(platform: &Platform, actor: &Actor) -> Result<Option<Self>, Fault> {
        let Some(signed_in) = actor.signed_in() else { return Ok(None) };
        let now = platform.now();
        let lenders = signed_in.roles.iter().filter_map(|granted| Some(granted.lent?.by));
        let delegates = signed_in.delegates.iter().map(|(_, person)| *person);
        let as_one: Vec<PersonId> =
            std::iter::once(signed_in.person).chain(lenders).chain(delegates).collect();
        Ok(Some(Self {
            actor: actor.clone(),
            account: signed_in.account,
            person: signed_in.person,
            stood_in: delegation::stood_in_for(platform.db.read(), &as_one).await?,
            now,
            today: local_date(now),
        }))
    }

    /// Where the asker has a permission.
    pub fn roots(&self, permission: Permission) -> Vec<(ScopeAxis, AgencyId)> {
        match Scope::of(&self.actor, permission) {
            Scope::Under(roots) => roots,
            Scope::Everything => Vec::new(),
        }
    }

    /// That the person of a column is none of those the asker counts as.
    fn not_own(&self, permission: Permission, column: &str, sql: &mut Sql) -> String {
        let own = sql.list(counts_as(&self.actor, permission));
        format!("{column} NOT IN ({own})")
    }

    /// That a person did, by a permission and at a time, what the asker is bound by in another:
    /// the asker, whoever the asker counts as, or somebody who acted for one of them.
    fn did(
        &self,
        asked: Permission,
        by: Permission,
        (person, at): (&str, &str),
        sql: &mut Sql,
    ) -> String {
        let as_one = counts_as(&self.actor, asked);
        let mut any = vec![format!("{person} IN ({})", sql.list(as_one.iter().copied()))];
        let for_them = self.stood_in.iter().filter(|s| as_one.contains(&s.lender) && s.is_by(by));
        for stood in for_them {
            let delegate = sql.bind(stood.delegate);
            let (from, until) = (sql.bind(stood.starts_at), sql.bind(stood.until()));
            any.push(format!("({person} = {delegate} AND {at} >= {from} AND {at} < {until})"));
        }
        any.join(" OR ")
    }
}

/// The statement of a kind; `None` where the asker's roles do not have it.
pub(super) fn source(
    kind: WorkKind,
    asker: &Asker,
    rules: &Rules,
    sql: &mut Sql,
) -> Option<String> {
    let roots = asker.roots(kind.permission());
    if roots.is_empty() && kind != WorkKind::JobFailed {
        return None;
    }
    let work = Work { kind, asker, rules, roots };
    Some(match kind {
        WorkKind::ApplicationReturned => work.returned(sql),
        WorkKind::CertificateToHandOver => work.to_hand_over(sql),
        WorkKind::CertificateExpiring => work.expiring(sql),
        WorkKind::ImportToApply => work.batch("import_batches", sql),
        WorkKind::PhotosToApply => work.batch("photo_batches", sql),
        WorkKind::TrainingToApply => work.batch("training_uploads", sql),
        WorkKind::CandidateToDecide => work.candidates(sql),
        WorkKind::ExistingToConfirm => work.existing(sql),
        WorkKind::SittingToConfirm => work.sittings(sql),
        WorkKind::ApplicationToReview => work.to_review(sql),
        WorkKind::ApplicationToIssue => work.to_issue(sql),
        WorkKind::SuspensionOver => work.suspensions(sql),
        WorkKind::LossReported => work.losses(sql),
        WorkKind::ReformToDecide => work.reforms_to_decide(sql),
        WorkKind::ReformFailed => work.reforms_failed(sql),
        WorkKind::InvitationEnding => work.invitations(sql),
        WorkKind::JobFailed => work.jobs(sql),
        WorkKind::KeyEnding => work.keys(sql),
        WorkKind::ComplaintToAccept => work.complaints("RECEIVED", "NULL", sql),
        WorkKind::ComplaintToHandle => work.complaints("ACCEPTED", "c.accepted_at", sql),
        WorkKind::ComplaintToDecide => work.complaints_to_decide(sql),
        WorkKind::ComplaintQuestionToAnswer => work.questions(sql),
        WorkKind::JointAuthorisationToDecide => work.joint_to_decide(sql),
    })
}

/// What an office decides on has these columns last.
const NO_DESK: &str = "NULL AS level, NULL AS nearer";

struct Work<'a> {
    kind: WorkKind,
    asker: &'a Asker,
    rules: &'a Rules,
    roots: Vec<(ScopeAxis, AgencyId)>,
}

impl Work<'_> {
    fn permission(&self) -> Permission {
        self.kind.permission()
    }

    fn under(&self, column: &str, sql: &mut Sql) -> String {
        sql.under(&self.roots, column)
    }

    fn territory(&self) -> Vec<AgencyId> {
        let territory = self.roots.iter().filter(|(axis, _)| *axis == ScopeAxis::Territory);
        territory.map(|(_, root)| *root).collect()
    }

    /// Applications of a state whose `agency` lies within, as rows `w` to be narrowed further.
    fn applications(
        &self,
        state: &str,
        since: &str,
        agency: &str,
        desk: &str,
        sql: &mut Sql,
    ) -> String {
        let within = self.under(agency, sql);
        let not_own = self.asker.not_own(self.permission(), "a.person_id", sql);
        format!(
            "SELECT a.id, {since} AS since_at, NULL AS since_on, \
             a.person_id, p.name AS person_name, a.agency_id, u.name AS agency_name, \
             NULL AS due_on, NULL AS due_at, a.reasons, \
             CASE WHEN a.reasons IS NULL THEN NULL WHEN a.decided_by IS NULL \
               THEN 'JUSTICE_REVIEWER' ELSE 'ISSUER' END AS returned_by, NULL AS label, \
             u.division_code, {desk} AS desk \
             FROM applications a JOIN people p ON p.id = a.person_id \
             JOIN agencies u ON u.id = a.agency_id \
             WHERE a.state = '{state}' AND {within} AND {not_own}"
        )
    }

    fn mine(&self, duty: Duty, sql: &mut Sql) -> String {
        let who = |step, sql: &mut Sql| {
            self.asker.did(self.permission(), permission(step), ("s.by_person", "s.at"), sql)
        };
        self.rules.took_part(duty, who, sql)
    }

    fn returned(&self, sql: &mut Sql) -> String {
        let base = self.applications("RETURNED", "a.updated_at", "a.agency_id", "NULL", sql);
        let mine = self.mine(Duty::Propose, sql);
        format!("SELECT w.*, {NO_DESK} FROM ({base}) w WHERE NOT {mine}")
    }

    /// What an office decides on, where the asker had no other part in it.
    fn decided(&self, base: &str, duty: Duty, role: Role, sql: &mut Sql) -> String {
        let part = self.rules.took_part(duty, |_, _| format!("s.by_person = {HOLDER}"), sql);
        let barred = format!("{HOLDER} = w.person_id OR {part}");
        let mine = self.mine(duty, sql);
        let desk =
            nearest_desk(base, &[role], &self.territory(), &barred, self.asker, self.rules, sql);
        format!("{desk} AND NOT {mine}")
    }

    fn department(&self, agency: &str, sql: &mut Sql) -> String {
        let today = sql.bind(self.asker.today);
        justice_department_sql(agency, &today)
    }

    fn to_review(&self, sql: &mut Sql) -> String {
        let desk = self.department("a.agency_id", sql);
        let since = "COALESCE(a.submitted_at, a.created_at)";
        let base = self.applications("APPLIED", since, "a.agency_id", &desk, sql);
        self.decided(&base, Duty::Review, Role::JusticeReviewer, sql)
    }

    fn to_issue(&self, sql: &mut Sql) -> String {
        let since = "COALESCE(a.reviewed_at, a.updated_at)";
        let (issuer, desk) = ("a.issuing_agency_id", "a.issuing_agency_id");
        let base = self.applications("REVIEWED", since, issuer, desk, sql);
        self.decided(&base, Duty::Decide, Role::Issuer, sql)
    }

    fn candidates(&self, sql: &mut Sql) -> String {
        let permission = self.permission();
        let within = self.under("q.agency_id", sql);
        let not_own = self.asker.not_own(permission, "q.person_id", sql);
        let nominated = ("q.nominated_by", "q.nominated_at");
        let mine = self.asker.did(permission, Permission::NominateCandidates, nominated, sql);
        let desk = self.department("q.agency_id", sql);
        let base = format!(
            "SELECT q.id, q.nominated_at AS since_at, NULL AS since_on, \
             q.person_id, p.name AS person_name, q.agency_id, u.name AS agency_name, \
             NULL AS due_on, NULL AS due_at, NULL AS reasons, NULL AS returned_by, NULL AS label, \
             u.division_code, {desk} AS desk, q.nominated_by \
             FROM qualifications q JOIN people p ON p.id = q.person_id \
             JOIN agencies u ON u.id = q.agency_id \
             WHERE q.state = 'CANDIDATE' AND {within} AND {not_own} AND NOT ({mine})"
        );
        let nominated = did(Permission::NominateCandidates, ("w.nominated_by", "w.since_at"));
        let barred = format!("{HOLDER} = w.person_id OR {nominated}");
        let (held, roots) = ([Role::JusticeReviewer], self.territory());
        nearest_desk(&base, &held, &roots, &barred, self.asker, self.rules, sql)
    }

    /// Claims of existing certificates, but those the asker imported.
    fn existing(&self, sql: &mut Sql) -> String {
        let permission = self.permission();
        let within = self.under("p.agency_id", sql);
        let not_own = self.asker.not_own(permission, "e.person_id", sql);
        // A claim that no person imported is anybody's to decide on but its holder's.
        let imported = ("COALESCE(e.imported_by, e.person_id)", "e.created_at");
        let mine = self.asker.did(permission, Permission::ImportRoster, imported, sql);
        let desk = self.department("p.agency_id", sql);
        let base = format!(
            "SELECT e.id, e.created_at AS since_at, NULL AS since_on, \
             e.person_id, p.name AS person_name, p.agency_id, u.name AS agency_name, \
             NULL AS due_on, NULL AS due_at, NULL AS reasons, NULL AS returned_by, \
             e.number AS label, u.division_code, {desk} AS desk, \
             COALESCE(e.imported_by, e.person_id) AS imported_by \
             FROM existing_certificates e JOIN people p ON p.id = e.person_id \
             JOIN agencies u ON u.id = p.agency_id \
             WHERE e.state = 'CLAIMED' AND {within} AND {not_own} AND NOT ({mine})"
        );
        let imported = did(Permission::ImportRoster, ("w.imported_by", "w.since_at"));
        let barred = format!("{HOLDER} = w.person_id OR {imported}");
        let (held, roots) = ([Role::JusticeReviewer], self.territory());
        nearest_desk(&base, &held, &roots, &barred, self.asker, self.rules, sql)
    }

    /// Sittings whose outcomes are all there, of which the asker entered none and sat none.
    fn sittings(&self, sql: &mut Sql) -> String {
        let permission = self.permission();
        let within = self.under("x.organiser_id", sql);
        let entered = ("COALESCE(c.entered_by, c.person_id)", "c.entered_at");
        let mine = self.asker.did(permission, permission, entered, sql);
        let own = sql.list(counts_as(&self.asker.actor, permission));
        format!(
            "SELECT x.id, (SELECT MAX(c.entered_at) FROM exam_candidates c \
               WHERE c.sitting_id = x.id) AS since_at, NULL AS since_on, NULL AS person_id, \
             NULL AS person_name, u.id AS agency_id, u.name AS agency_name, NULL AS due_on, \
             NULL AS due_at, NULL AS reasons, NULL AS returned_by, x.place AS label, {NO_DESK} \
             FROM exam_sittings x JOIN agencies u ON u.id = x.organiser_id \
             WHERE x.state = 'PLANNED' AND {within} \
             AND EXISTS (SELECT 1 FROM exam_candidates c WHERE c.sitting_id = x.id) \
             AND NOT EXISTS (SELECT 1 FROM exam_candidates c WHERE c.sitting_id = x.id \
               AND (c.outcome IS NULL OR c.person_id IN ({own}) OR {mine}))"
        )
    }

    /// Reforms in a state, of which every agency lies within.
    fn reforms(&self, state: &str, since: &str, sql: &mut Sql) -> String {
        let within = self.under("y.agency_id", sql);
        format!(
            "SELECT g.id, {since} AS since_at, NULL AS since_on, NULL AS person_id, \
             NULL AS person_name, NULL AS agency_id, NULL AS agency_name, \
             g.effective_on AS due_on, NULL AS due_at, NULL AS reasons, NULL AS returned_by, \
             g.document AS label, {NO_DESK} FROM agency_changes g WHERE g.state = '{state}' \
             AND NOT EXISTS (SELECT 1 FROM agency_change_parties y \
               WHERE y.change_id = g.id AND NOT {within})"
        )
    }

    /// Proposed reforms, but those of the asker's own where two persons propose and decide.
    fn reforms_to_decide(&self, sql: &mut Sql) -> String {
        let base = self.reforms("PROPOSED", "g.proposed_at", sql);
        let person = sql.bind(self.asker.person);
        let apart = self.rules.reforms_by_two("v.division_code", sql);
        format!(
            "{base} AND (g.proposed_by IS NULL OR g.proposed_by <> {person} \
             OR NOT EXISTS (SELECT 1 FROM agency_change_parties y \
               JOIN agencies v ON v.id = y.agency_id \
               WHERE y.change_id = g.id AND {apart}))"
        )
    }

    fn reforms_failed(&self, sql: &mut Sql) -> String {
        let base = self.reforms("FAILED", "g.ended_at", sql);
        let since = sql.bind(self.asker.now - FAILURE_SHOWN);
        format!("{base} AND g.ended_at > {since}")
    }

    /// Certificates on which a condition holds, of holders who are not the asker.
    fn certificates(&self, since: &str, due_on: &str, agency: &str, sql: &mut Sql) -> String {
        let within = self.under(agency, sql);
        let not_own = self.asker.not_own(self.permission(), "c.person_id", sql);
        format!(
            "SELECT c.id, {since}, c.person_id, p.name AS person_name, c.agency_id, \
             u.name AS agency_name, {due_on} AS due_on, NULL AS due_at, NULL AS reasons, \
             NULL AS returned_by, c.number AS label, {NO_DESK} \
             FROM certificates c JOIN people p ON p.id = c.person_id \
             JOIN agencies u ON u.id = c.agency_id WHERE {within} AND {not_own}"
        )
    }

    fn to_hand_over(&self, sql: &mut Sql) -> String {
        // A certificate that stays waits since its new code was signed.
        let since = "COALESCE((SELECT MAX(k.created_at) FROM printed_codes k \
                     WHERE k.certificate_id = c.id AND k.waits), c.created_at) AS since_at, \
                     NULL AS since_on";
        let base = self.certificates(since, "NULL", "c.agency_id", sql);
        let today = sql.bind(self.asker.today);
        format!(
            "{base} AND c.valid_until >= {today} AND (c.state = 'ISSUED' OR c.state = 'ACTIVE' \
             AND EXISTS (SELECT 1 FROM printed_codes k WHERE k.certificate_id = c.id AND k.waits))"
        )
    }

    fn expiring(&self, sql: &mut Sql) -> String {
        let since = "NULL AS since_at, c.valid_until AS since_on";
        let base = self.certificates(since, "c.valid_until", "c.agency_id", sql);
        let window = REMINDERS.into_iter().max().unwrap_or(0);
        let last = self.asker.today + chrono::Duration::days(window);
        let (today, last) = (sql.bind(self.asker.today), sql.bind(last));
        format!(
            "{base} AND c.state = 'ACTIVE' AND c.valid_until BETWEEN {today} AND {last} \
             AND NOT EXISTS (SELECT 1 FROM applications o WHERE o.person_id = c.person_id \
               AND o.state IN ('DRAFT', 'APPLIED', 'RETURNED', 'REVIEWED')) \
             AND NOT EXISTS (SELECT 1 FROM certificates o WHERE o.person_id = c.person_id \
               AND o.state = 'ISSUED')"
        )
    }

    fn suspensions(&self, sql: &mut Sql) -> String {
        let since = "NULL AS since_at, c.suspended_until AS since_on";
        let base = self.certificates(since, "c.suspended_until", "c.issuing_agency_id", sql);
        let today = sql.bind(self.asker.today);
        format!("{base} AND c.state = 'SUSPENDED' AND c.suspended_until <= {today}")
    }

    fn losses(&self, sql: &mut Sql) -> String {
        let since = "c.updated_at AS since_at, NULL AS since_on";
        let base = self.certificates(since, "NULL", "c.issuing_agency_id", sql);
        format!("{base} AND c.state = 'LOST'")
    }

    /// Files of the asker's own that were looked at and wait to be applied: their rows are still
    /// there, and they were not taken back.
    fn batch(&self, table: &str, sql: &mut Sql) -> String {
        let account = sql.bind(self.asker.account);
        let kept = match self.kind {
            WorkKind::ImportToApply => "b.rows_removed_at IS NULL AND b.withdrawn_at IS NULL",
            _ => "b.rows_removed_at IS NULL",
        };
        format!(
            "SELECT b.id, b.created_at AS since_at, NULL AS since_on, NULL AS person_id, \
             NULL AS person_name, NULL AS agency_id, NULL AS agency_name, NULL AS due_on, \
             NULL AS due_at, NULL AS reasons, NULL AS returned_by, b.file_name AS label, {NO_DESK} \
             FROM {table} b WHERE b.account_id = {account} AND b.state = 'STAGED' \
             AND {kept}"
        )
    }

    fn invitations(&self, sql: &mut Sql) -> String {
        let within = self.under("p.agency_id", sql);
        let not_own = self.asker.not_own(self.permission(), "p.id", sql);
        let now = sql.bind(self.asker.now);
        let soon = sql.bind(self.asker.now + INVITATION_ENDS);
        format!(
            "SELECT i.id, i.created_at AS since_at, NULL AS since_on, p.id AS person_id, \
             p.name AS person_name, u.id AS agency_id, u.name AS agency_name, NULL AS due_on, \
             i.expires_at AS due_at, NULL AS reasons, NULL AS returned_by, ac.login AS label, \
             {NO_DESK} FROM invitations i JOIN accounts ac ON ac.id = i.account_id \
             JOIN people p ON p.id = ac.person_id JOIN agencies u ON u.id = p.agency_id \
             WHERE i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > {now} \
             AND i.expires_at <= {soon} AND {within} AND {not_own}"
        )
    }

    fn jobs(&self, sql: &mut Sql) -> String {
        let within = self.under("p.agency_id", sql);
        let person = sql.bind(self.asker.person);
        let since = sql.bind(self.asker.now - FAILURE_SHOWN);
        format!(
            "SELECT b.id, b.updated_at AS since_at, NULL AS since_on, p.id AS person_id, \
             p.name AS person_name, u.id AS agency_id, u.name AS agency_name, NULL AS due_on, \
             NULL AS due_at, NULL AS reasons, NULL AS returned_by, b.kind AS label, {NO_DESK} \
             FROM jobs b JOIN accounts ac ON ac.id = b.account_id \
             JOIN people p ON p.id = ac.person_id JOIN agencies u ON u.id = p.agency_id \
             WHERE b.state = 'FAILED' AND b.updated_at > {since} AND (p.id = {person} OR {within})"
        )
    }

    fn keys(&self, sql: &mut Sql) -> String {
        let soon = sql.bind(self.asker.now + KEY_ENDS);
        format!(
            "SELECT k.id, k.sign_until AS since_at, NULL AS since_on, NULL AS person_id, \
             NULL AS person_name, NULL AS agency_id, NULL AS agency_name, NULL AS due_on, \
             k.sign_until AS due_at, NULL AS reasons, NULL AS returned_by, k.use AS label, \
             {NO_DESK} FROM signing_keys k WHERE k.sign_until <= {soon} \
             AND NOT EXISTS (SELECT 1 FROM signing_keys o \
               WHERE o.use = k.use AND o.sign_until > k.sign_until)"
        )
    }

    /// Complaints of a state that are not about the asker, as rows `w` of those who handle them. A
    /// complaint about nobody known concerns nobody: its own id stands for the person.
    fn complaint_rows(&self, state: &str, since: &str, sql: &mut Sql) -> String {
        let within = self.under("c.desk_id", sql);
        let not_own = self.asker.not_own(self.permission(), "COALESCE(c.person_id, c.id)", sql);
        format!(
            "SELECT c.id, {since} AS since_at, c.received_on AS since_on, c.person_id, \
             p.name AS person_name, c.agency_id, u.name AS agency_name, c.due_on AS due_on, \
             NULL AS due_at, c.returned_reasons AS reasons, NULL AS returned_by, \
             c.category AS label, d.division_code, c.desk_id AS desk, \
             COALESCE(c.person_id, c.id) AS concerned, \
             COALESCE(c.proposed_by, c.id) AS proposed_by, c.proposed_at \
             FROM complaints c JOIN agencies d ON d.id = c.desk_id \
             LEFT JOIN agencies u ON u.id = c.agency_id LEFT JOIN people p ON p.id = c.person_id \
             WHERE c.state = '{state}' AND {within} AND {not_own}"
        )
    }

    fn complaint_desk(&self, base: &str, barred: &str, sql: &mut Sql) -> String {
        let (held, roots) = (granted_to(self.permission()), self.territory());
        nearest_desk(base, held, &roots, barred, self.asker, self.rules, sql)
    }

    fn complaints(&self, state: &str, since: &str, sql: &mut Sql) -> String {
        let base = self.complaint_rows(state, since, sql);
        self.complaint_desk(&base, &format!("{HOLDER} = w.concerned"), sql)
    }

    /// Proposed outcomes, but those the asker proposed.
    fn complaints_to_decide(&self, sql: &mut Sql) -> String {
        let base = self.complaint_rows("PROPOSED", "c.proposed_at", sql);
        let proposed = ("w.proposed_by", "w.proposed_at");
        let by_holder = did(self.permission(), proposed);
        let barred = format!("{HOLDER} = w.concerned OR {by_holder}");
        let desk = self.complaint_desk(&base, &barred, sql);
        let mine = self.asker.did(self.permission(), self.permission(), proposed, sql);
        format!("{desk} AND NOT ({mine})")
    }

    /// What the asker's agency is asked about complaints.
    fn questions(&self, sql: &mut Sql) -> String {
        let within = self.under("q.agency_id", sql);
        format!(
            "SELECT q.id, q.asked_at AS since_at, NULL AS since_on, NULL AS person_id, \
             NULL AS person_name, u.id AS agency_id, u.name AS agency_name, NULL AS due_on, \
             NULL AS due_at, NULL AS reasons, NULL AS returned_by, NULL AS label, {NO_DESK} \
             FROM complaint_questions q JOIN agencies u ON u.id = q.agency_id \
             WHERE q.answer IS NULL AND {within}"
        )
    }
}
