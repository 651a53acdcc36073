//! What happens where officers meet people, in the weeks before today: phones, showings (亮证), joint
//! authorisations, checks by supervisors, and what citizens say of it. Small, whatever the size of the
//! demo, and near the accounts that have passwords.
//!
//! The keys of these phones are made by chance and kept nowhere: what the phones did is there, and
//! nobody goes on with them. Whoever tries the demo enrols a phone of their own in their place.

mod cast;
mod checks;
mod citizens;
mod phones;
mod scenes;
mod showings;

use std::collections::BTreeMap;

use entities::ids::{CertificateId, CheckRecordId, ComplaintId, JointAuthorisationId, ShowingId};

use super::staff::Password;
use super::timeline::Story;
use crate::auth::Auth;
use crate::platform::failure::Fault;
pub(super) use cast::sample;
use phones::{Officer, Phone};
pub(super) use scenes::{Scene, scenes};

/// Those who are met, and what was begun with them.
#[derive(Default)]
pub(super) struct Field {
    /// Passwords of the officers.
    pub(super) passwords: Vec<Password>,
    officers: Vec<Officer>,
    supervisors: Vec<Phone>,
    /// The certificate that citizens write about.
    subject: Option<CertificateId>,
    joint: Option<JointAuthorisationId>,
    showings: BTreeMap<usize, ShowingId>,
    late: Option<CheckRecordId>,
    complaints: BTreeMap<usize, ComplaintId>,
}

impl Story<'_> {
    /// Lets something happen in the field.
    pub(super) async fn scene(&mut self, scene: Scene, auth: &Auth) -> Result<(), Fault> {
        if scene == Scene::Enrol {
            return self.enrol(auth).await;
        }
        // A very small demo has nobody for it.
        let Some(subject) = self.field.subject else { return Ok(()) };
        match scene {
            Scene::Enrol => Ok(()),
            Scene::Joint(what) => self.joint(what).await,
            Scene::Show(number, what) => self.show(number, what).await,
            Scene::Check(supervisor, what) => self.check(supervisor, what).await,
            Scene::Lift => self.lift().await,
            Scene::Evaluate => self.evaluate(subject).await,
            Scene::Release => self.release().await,
            Scene::Complain(number) => self.complain(number, subject).await,
            Scene::Handle(number, what) => self.handle(number, what).await,
        }
    }
}

/// The script speaks of somebody or something that is not there.
fn lost() -> Fault {
    Fault::other("the demo has lost somebody in the field")
}

#[cfg(test)]
mod tests;
