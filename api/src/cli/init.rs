//! `liangzheng init`: the dictionaries, the first agency and the first administrator of an empty
//! deployment, who is invited to choose a password. Until that is done it can be run again with
//! the same words, and each time the invitation before it ends.

use std::io::{BufRead as _, Read as _};
use std::process::ExitCode;

use anyhow::anyhow;
use entities::enums::{AgencyKind, AgencyQualification, Leadership, Role, ScopeAxis};
use entities::ids::AgencyId;
use entities::{account, agency};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::refusal;
use crate::app;
use crate::auth::AuthRefusal;
use crate::auth::accounts::{self, NewAccount};
use crate::auth::invitations::{self, Invitation};
use crate::config::Config;
use crate::demo::load::enter_dictionaries;
use crate::officers::{self, NewStaff};
use crate::organisations::{self, NewAgency};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{local, local_date};
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// The most that is read where an ID number of 18 characters is asked for, in bytes.
const ID_NUMBER_INPUT: u64 = 256;

/// The first agency and its administrator. The ID number comes on standard input: other users of
/// the machine see the arguments of a process.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Division of the agency, six digits of GB/T 2260, such as 620000.
    #[arg(long)]
    pub division: String,
    /// The justice department that issues certificates there, full official name.
    #[arg(long)]
    pub agency: String,
    /// Its unified social credit code.
    #[arg(long)]
    pub uscc: String,
    /// Name of the person who will be administrator; the ID number is read from standard input.
    #[arg(long)]
    pub name: String,
    /// Sign-in name: 3–64 lower-case letters, digits, dots or hyphens.
    #[arg(long)]
    pub login: String,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    super::err("ID number (证件号码):");
    let mut id_number = String::new();
    std::io::stdin().lock().take(ID_NUMBER_INPUT).read_line(&mut id_number)?;
    let db = app::open_database(config).await?;
    app::migrate(config, &db).await?;
    let platform = app::open_platform(config, db).await?;
    let invitation = enter(&platform, &args, &id_number).await?;
    super::out(&format!("{} {}", args.login, invitation.secret));
    super::err(&format!(
        "This invitation is shown once and holds until {}. Take it up with `activateAccount`: \
         sign-in name, invitation and a password of your own.",
        local(invitation.expires_at).format("%Y-%m-%d %H:%M")
    ));
    Ok(ExitCode::SUCCESS)
}

/// Enters them where no account is in use yet, and invites the administrator.
pub async fn enter(
    platform: &Platform,
    args: &Args,
    id_number: &str,
) -> anyhow::Result<Invitation> {
    let (system, today) = (&Actor::System, local_date(platform.now()));
    let accounts = account::Entity::find().all(platform.db.read()).await?;
    let invited = accounts.iter().find(|a| a.login == args.login);
    if accounts.iter().any(accounts::has_password) || (invited.is_none() && !accounts.is_empty()) {
        return Err(refusal::INIT_NOT_EMPTY.refusal().into());
    }
    if let Some(invited) = invited {
        return invitations::renew(platform, system, invited.id).await.map_err(said);
    }
    // What is typed is looked at before anything is entered.
    if !accounts::login_is_well_formed(&args.login) {
        return Err(said(Failure::Refused(AuthRefusal::LoginInvalid)));
    }
    officers::rules::name(&args.name).map_err(|r| said(Failure::Refused(r)))?;
    officers::rules::id_number(id_number, today).map_err(|r| said(Failure::Refused(r)))?;

    enter_dictionaries(platform).await?;
    let agency = enter_agency(platform, args).await?;
    let staff = NewStaff { name: args.name.clone(), id_number: id_number.to_owned(), agency };
    let person = officers::enter_staff(platform, system, staff).await.map_err(said)?;
    let new = NewAccount {
        person,
        login: args.login.clone(),
        password: None,
        roles: vec![(Role::SystemAdministrator, agency, ScopeAxis::Territory)],
    };
    invitations::invite(platform, system, new).await.map_err(said)
}

/// The agency; an earlier run may have entered it.
async fn enter_agency(platform: &Platform, args: &Args) -> anyhow::Result<AgencyId> {
    let known = agency::Entity::find().filter(agency::Column::Uscc.eq(&args.uscc));
    if let Some(known) = known.one(platform.db.read()).await? {
        return Ok(known.id);
    }
    let new = NewAgency {
        id: platform.new_id(),
        name: args.agency.clone(),
        aliases: Vec::new(),
        uscc: args.uscc.clone(),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        is_justice: true,
        issues_certificates: true,
        division_code: args.division.clone(),
        superior_id: None,
        entrusted_by_id: None,
        entrustment_letter: None,
        field_codes: Vec::new(),
        complaint_phone: None,
        qualification: AgencyQualification::Confirmed,
        qualification_confirmed_on: Some(local_date(platform.now())),
    };
    organisations::enter_agency(platform, &Actor::System, new).await.map_err(said)
}

fn said<R: Refusal>(failure: Failure<R>) -> anyhow::Error {
    match failure {
        Failure::Refused(r) => anyhow!("{}: {}", r.code(), r.message(Locale::default())),
        Failure::Fault(fault) => fault.into(),
    }
}
