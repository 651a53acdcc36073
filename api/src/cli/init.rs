//! `liangzheng init`: the dictionaries, the first agency and the first administrator of an empty
//! deployment. Stopped half-way it can be run again with the same words.

use std::io::{BufRead as _, Read as _};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use entities::enums::{
    AgencyKind, AgencyQualification, DutyStatus, Establishment, Leadership, PersonKind, Role,
    ScopeAxis,
};
use entities::ids::AgencyId;
use entities::{account, agency};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::refusal;
use crate::access::Scope;
use crate::app;
use crate::audit::UnitOfWork;
use crate::auth::accounts::{self, NewAccount};
use crate::auth::{Auth, AuthRefusal, password};
use crate::config::Config;
use crate::demo::load::enter_dictionaries;
use crate::officers::{self, NewPerson};
use crate::organisations::{self, NewAgency};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
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
    let word = enter(&platform, &Auth::new(config.public_url()), &args, &id_number).await?;
    super::out(&format!("{} {word}", args.login));
    super::err("This password is shown once. Sign in and change it.");
    Ok(ExitCode::SUCCESS)
}

/// Enters them where there is no account yet, and answers the administrator's password.
pub async fn enter(
    platform: &Platform,
    auth: &Auth,
    args: &Args,
    id_number: &str,
) -> anyhow::Result<String> {
    let (system, today) = (&Actor::System, local_date(platform.now()));
    if account::Entity::find().one(platform.db.read()).await?.is_some() {
        return Err(refusal::INIT_NOT_EMPTY.refusal().into());
    }
    // What is typed is looked at before anything is entered.
    if !accounts::login_is_well_formed(&args.login) {
        return Err(said(Failure::Refused(AuthRefusal::LoginInvalid)));
    }
    officers::rules::name(&args.name).map_err(|r| said(Failure::Refused(r)))?;
    officers::rules::id_number(id_number, today).map_err(|r| said(Failure::Refused(r)))?;

    enter_dictionaries(platform).await?;
    let agency = enter_agency(platform, args).await?;
    let person = NewPerson {
        name: args.name.clone(),
        id_number: id_number.trim().to_owned(),
        phone: None,
        agency,
        internal_unit: None,
        kind: PersonKind::ClericalStaff,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        position: None,
        field_codes: Vec::new(),
        area_code: args.division.clone(),
        photo_file: None,
    };
    let mut uow = UnitOfWork::begin(platform, system).await?;
    let answers = officers::upsert_from_roster(&mut uow, &Scope::Everything, vec![person]).await?;
    let entered = answers.into_iter().next().context("the person was not entered")?;
    let person = entered.map_err(|r| said(Failure::Refused(r)))?.id;
    uow.commit().await?;

    let word = password::generate(&platform.random);
    let new = NewAccount {
        person,
        login: args.login.clone(),
        password: Some(word.clone()),
        roles: vec![(Role::SystemAdministrator, agency, ScopeAxis::Territory)],
    };
    accounts::enter(auth, platform, system, new).await.map_err(said)?;
    Ok(word)
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
